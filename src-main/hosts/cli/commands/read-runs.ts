import { summarize, type RunState } from '../../../core/engine/run-state';
import { Failure } from '../../../core/failure';
import type { Cli, Outcome } from '../cli';
import type { Home } from '../home';
import { namedNodes } from '../node-choice';
import { runText, runsTable } from '../run-view';

/** `twinspark runs`; those of the named nodes when some are named. */
export async function runs(cli: Cli): Promise<Outcome> {
  const home = await cli.home();
  const named = await namedNodes(cli.options, cli, home);
  const names = named?.nodes.map(({ name }) => name).sort();
  const states = (await home.engine.runs.states()).filter(
    ({ nodes }) =>
      names === undefined ||
      nodes
        .map(({ name }) => name)
        .sort()
        .join() === names.join(),
  );
  const { output, words } = cli;
  if (states.length === 0) output.say(words.say('cli.runs.none'));
  else for (const line of runsTable(states, words, output.paint)) output.say(line);
  return { exitCode: 0, result: { runs: states.map(summarize) } };
}

/** `twinspark show RUN` */
export async function show(cli: Cli, name: string): Promise<Outcome> {
  const home = await cli.home();
  const state = await findRun(home, name);
  const { output, words } = cli;
  for (const line of runText(state, words, output.paint)) output.say(line);
  return {
    exitCode: 0,
    result: { run: { ...summarize(state), identities: state.nodes, inputs: state.inputs } },
  };
}

/** A run by its id or the beginning of it, where only one begins so. @throws Failure UNKNOWN_RUN */
export async function findRun({ engine }: Home, name: string): Promise<RunState> {
  const fitting = (await engine.runs.states()).filter(({ run }) => run.startsWith(name));
  const [only] = fitting;
  if (name !== '' && only && fitting.length === 1) return only;
  // Told by the journal itself: whether it is unknown or damaged.
  if (fitting.length === 0) return engine.runs.state(name);
  throw new Failure('UNKNOWN_RUN', { run: name });
}
