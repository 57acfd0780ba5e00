import type { Playbook } from '../../core/engine/playbook';
import type { Cli } from './cli';
import type { EngineInHand, PairInHand } from './home';
import { chosenInputs } from './with-pair';

/** For commands that change nothing: tells of an unfinished run and plans what continuing it would do. */
export async function dealWithResume(
  cli: Cli,
  engine: EngineInHand,
  pair: PairInHand,
  playbook: Playbook,
): Promise<{ resume: string | undefined; inputs: Record<string, string> }> {
  const found = await engine.runs.unfinished(playbook.id, pair.hostKeys);
  if (!found) return { resume: undefined, inputs: {} };
  const params = { run: found.run, when: cli.words.when(found.startedAt) };
  cli.output.note(cli.output.paintErr.yellow(cli.words.say('cli.unfinished.planned', params)));
  return { resume: found.run, inputs: chosenInputs(playbook, found.inputs) };
}
