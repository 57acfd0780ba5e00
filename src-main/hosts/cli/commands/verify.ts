import type { Verification } from '../../../core/engine/playbook';
import type { RunState } from '../../../core/engine/run-state';
import type { Cli, Outcome } from '../cli';
import { evidenceLines } from '../failure-view';
import { journaledNodes, namedNodes, requireNodes } from '../node-choice';
import { chosenInputs, findPlaybook, givenInputs, withPair } from '../with-pair';

/** `twinspark verify PLAYBOOK`: measures every promise, changes nothing. */
export async function verify(cli: Cli, id: string): Promise<Outcome> {
  const home = await cli.home();
  const playbook = findPlaybook(home, id);
  const given = givenInputs(cli, playbook);
  const standing = (await home.engine.runs.states()).filter(
    (state) => state.playbook === playbook.id && state.status !== 'rolled-back',
  );
  const named = await namedNodes(cli.options, cli, home);
  const chosen =
    named ?? (standing[0] ? journaledNodes(standing[0].nodes) : await requireNodes(cli.options, cli, home));
  return withPair(cli, home, chosen, playbook.id, async (pair, checklist) => {
    const run = standing.find((state) => isOf(state, pair.hostKeys));
    const inputs = { ...(run ? chosenInputs(playbook, run.inputs) : {}), ...given };
    cli.output.note(cli.output.paintErr.dim(cli.words.say('event.measuring')));
    const results = await pair.verify(playbook.id, inputs, cli.signal);
    checklist.stop();
    for (const { stage, verification } of results) tell(cli, playbook.id, stage, verification);
    const whole =
      results.length === playbook.stages.length && results.every(({ verification }) => verification.ok);
    cli.output.say();
    cli.output.say(cli.words.say(whole ? 'cli.verify.whole' : 'cli.verify.broken'));
    return { exitCode: whole ? 0 : 1, result: { ok: whole, stages: results } };
  });
}

function isOf(state: RunState, hostKeys: readonly string[]): boolean {
  const own = state.nodes.map(({ hostKey }) => hostKey).sort();
  return own.join() === [...hostKeys].sort().join();
}

function tell(
  cli: Cli,
  playbook: string,
  stage: string,
  { ok, notes, causes, evidence }: Verification,
): void {
  const { output, words } = cli;
  const { paint } = output;
  output.say(`${ok ? paint.green('✓') : paint.red('✗')} ${paint.bold(words.stage(playbook, stage))}`);
  for (const note of notes) output.say(`    ${words.message(note)}`);
  for (const { cause, remedy } of causes) {
    output.say(`    ${paint.red('•')} ${words.message(cause)}`);
    output.say(`      ${paint.cyan('→')} ${words.message(remedy)}`);
  }
  if (!ok) for (const line of evidenceLines(evidence)) output.say(paint.dim(`      │ ${line}`));
}
