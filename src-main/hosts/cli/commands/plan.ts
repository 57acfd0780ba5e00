import { blockersOf, planWithAnswers } from '../decide';
import type { Cli, Outcome } from '../cli';
import { requireNodes } from '../node-choice';
import { decisions, planText } from '../plan-view';
import type { Plan } from '../../../contract/plan';
import { dealWithResume } from '../resume-look';
import { findPlaybook, givenInputs, withPair } from '../with-pair';

/** `twinspark plan PLAYBOOK`: changes nothing. */
export async function plan(cli: Cli, id: string): Promise<Outcome> {
  const home = await cli.home();
  const playbook = findPlaybook(home, id);
  const given = givenInputs(cli, playbook);
  const chosen = await requireNodes(cli.options, cli, home);
  return withPair(cli, home, chosen, playbook.id, async (pair, checklist) => {
    const past = await dealWithResume(cli, home.engine, pair, playbook);
    const prepared = await planWithAnswers(cli, pair, playbook.id, { ...past.inputs, ...given }, past.resume);
    checklist.stop();
    cli.output.say(planText(prepared.plan, cli.words, cli.output.paint));
    return planOutcome(cli, prepared.plan);
  });
}

/** Says in a sentence what the plan comes to. */
export function planOutcome(cli: Cli, made: Plan): Outcome {
  const { output, words } = cli;
  const blockers = blockersOf(made);
  const count = made.stages.reduce((sum, { changes }) => sum + changes.length, 0);
  output.say();
  if (blockers.length > 0) {
    output.say(output.paint.yellow(words.say('cli.plan.is-blocked', { count: blockers.length })));
  } else if (made.stages.every(({ status }) => status === 'satisfied')) {
    output.say(words.say('cli.plan.nothing'));
  } else {
    output.say(words.say('cli.plan.total', { count }));
  }
  return {
    exitCode: blockers.length > 0 ? 1 : 0,
    result: {
      plan: made,
      changes: count,
      ...(blockers.length === 0
        ? {}
        : {
            blocked: blockers.map(({ stage, blocker }) => ({ stage, ...blocker, set: decisions(blocker) })),
          }),
    },
  };
}
