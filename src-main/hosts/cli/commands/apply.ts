import type { Plan } from '../../../contract/plan';
import type { ApplyResult } from '../../../core/engine/parts';
import type { Prepared } from '../../../core/engine/planner';
import { Failure } from '../../../core/failure';
import { parsePlanHash } from '../arguments';
import type { Cli, Outcome } from '../cli';
import { blockersOf, planWithAnswers } from '../decide';
import { applyExit } from '../exit-codes';
import { failureData, failureText } from '../failure-view';
import { requireNodes } from '../node-choice';
import { planText } from '../plan-view';
import { dealWithUnfinished } from '../unfinished';
import { findPlaybook, givenInputs, withPair } from '../with-pair';
import { planOutcome } from './plan';

/** `twinspark apply PLAYBOOK` */
export async function apply(cli: Cli, id: string, options: { plan?: string }): Promise<Outcome> {
  const wanted = parsePlanHash(options.plan);
  const home = await cli.home();
  const playbook = findPlaybook(home, id);
  const given = givenInputs(cli, playbook);
  // Refused before anything is connected: whether a script may go on must not depend on what the nodes are like.
  if (!cli.asker && cli.options.yes !== true) throw new Failure('CONFIRMATION_NEEDED');
  const chosen = await requireNodes(cli.options, cli, home);
  return withPair(cli, home, chosen, playbook.id, async (pair, checklist) => {
    const past = await dealWithUnfinished(cli, home.engine, pair, playbook);
    if (past.kind === 'ended') return past.outcome;
    const inputs = { ...past.inputs, ...given };
    const prepared = await planWithAnswers(cli, pair, playbook.id, inputs, past.resume);
    const refusal = await refuse(cli, prepared, wanted);
    if (refusal) return refusal;
    const result = await pair.apply(prepared, cli.signal);
    checklist.stop();
    return verdict(cli, prepared, result);
  });
}

/** Shows the plan and gets it confirmed. @returns the outcome of a command that ends here */
async function refuse(
  cli: Cli,
  { plan, resumes }: Prepared,
  wanted: string | undefined,
): Promise<Outcome | undefined> {
  const { output, words } = cli;
  if (wanted !== undefined && !plan.hash.startsWith(wanted)) {
    throw new Failure('PLAN_STALE', { change: 'hash', expected: wanted, found: plan.hash });
  }
  // A person reads the short form first and can have every command; a log holds all of it.
  output.say(planText(plan, words, output.paint, !cli.mayAsk));
  const outcome = planOutcome(cli, plan);
  if (blockersOf(plan).length > 0) {
    const failure = new Failure('STAGE_BLOCKED', { stage: blockersOf(plan)[0]?.stage ?? '' });
    return {
      exitCode: outcome.exitCode,
      result: { ...outcome.result, outcome: 'blocked', failure: failureData(failure.info, words) },
    };
  }
  if (resumes === undefined && plan.stages.every(({ status }) => status === 'satisfied')) return undefined;
  if (await confirmed(cli, plan)) return undefined;
  output.say(words.say('cli.stopped'));
  return { exitCode: 130, result: { outcome: 'cancelled', changes: 0 } };
}

async function confirmed(cli: Cli, plan: Plan): Promise<boolean> {
  const { output, words } = cli;
  if (!cli.asker || !cli.mayAsk) return cli.confirm('');
  const [node1 = '', node2 = ''] = plan.nodes.map(({ name }) => name);
  const asker = await cli.asker();
  const choices = (['yes', 'commands', 'no'] as const).map((value) => ({
    value,
    label: words.say(`cli.apply.choice.${value}`),
  }));
  for (;;) {
    const answer = await asker.choose(words.say('cli.apply.question', { node1, node2 }), choices, cli.signal);
    if (answer !== 'commands') return answer === 'yes';
    output.say(planText(plan, words, output.paint));
  }
}

function verdict(cli: Cli, { plan }: Prepared, result: ApplyResult): Outcome {
  const { output, words } = cli;
  const { paint } = output;
  const { failure, run = '' } = result;
  const params = { run, count: result.changes };
  output.say();
  if (result.outcome === 'nothing-to-do') {
    output.say(`${paint.green('✓')} ${words.say('cli.apply.nothing')}`);
  } else if (result.outcome === 'done') {
    output.say(`${paint.green('✓')} ${paint.bold(words.say('cli.apply.done', params))}`);
    for (const { stage, notes } of output.progressWasSeen ? [] : result.notes) {
      output.say(`  ${paint.green('✓')} ${words.stage(plan.playbook, stage)}`);
      for (const note of notes) output.say(`      ${words.message(note)}`);
    }
    output.say(words.say('cli.apply.undo', params));
  } else {
    if (failure && failure.code !== 'CANCELLED') output.say(failureText(failure, words, paint));
    const state = result.unfinished ? 'unfinished' : result.outcome === 'cancelled' ? 'cancelled' : 'failed';
    output.say(paint.yellow(words.say(`cli.apply.${state}`, params)));
    if (result.changes > 0 && !result.unfinished) output.say(words.say('cli.apply.stays', params));
  }
  return {
    exitCode: applyExit(result.outcome, failure),
    result: { ...result, plan: plan.hash, ...(failure ? { failure: failureData(failure, words) } : {}) },
  };
}
