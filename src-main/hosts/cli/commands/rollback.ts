import { liveChanges, type RunChange, type RunState } from '../../../core/engine/run-state';
import type { UndoScope } from '../../../core/engine/parts';
import { Failure } from '../../../core/failure';
import type { Cli, Outcome } from '../cli';
import { journaledNodes, namedNodes } from '../node-choice';
import { plain } from '../../../words/plain';
import { rollbackOutcome } from '../rollback-view';
import { table } from '../table';
import { withPair } from '../with-pair';
import { findRun } from './read-runs';

/** `twinspark rollback [RUN]`: the newest run with something in place when none is named. */
export async function rollback(cli: Cli, name: string | undefined, scope: UndoScope): Promise<Outcome> {
  const home = await cli.home();
  const { runs } = home.engine;
  if (!cli.asker && cli.options.yes !== true) throw new Failure('CONFIRMATION_NEEDED');
  const named = await namedNodes(cli.options, cli, home);
  const known =
    name === undefined ? (named ? undefined : await runs.newestLive()) : await findRun(home, name);
  const chosen = named ?? (known && journaledNodes(known.nodes));
  if (!chosen || (known && liveChanges(known).length === 0)) return nothing(cli, known);
  return withPair(cli, home, chosen, known?.playbook ?? '', async (pair, checklist) => {
    const state = known ?? (await runs.newestLive(pair.hostKeys));
    if (!state) return nothing(cli, state);
    show(cli, state, inScope(state, scope));
    if (!(await cli.confirm(cli.words.say('cli.rollback.question', { run: state.run })))) {
      cli.output.say(cli.words.say('cli.stopped'));
      return { exitCode: 130, result: { run: state.run, outcome: 'cancelled', restored: 0 } };
    }
    const result = await pair.rollBack(state.run, scope, cli.signal);
    checklist.stop();
    return rollbackOutcome(cli, result);
  });
}

function nothing(cli: Cli, state: RunState | undefined): Outcome {
  cli.output.say(cli.words.say('cli.rollback.nothing'));
  return {
    exitCode: 0,
    result: {
      ...(state ? { run: state.run } : {}),
      outcome: 'nothing-to-do',
      restored: 0,
      drifted: [],
      failed: [],
    },
  };
}

/** Changes that the scope names, in the order in which they are taken back. */
function inScope(state: RunState, { stage, change }: UndoScope): RunChange[] {
  return liveChanges(state)
    .filter((entry) => stage === undefined || entry.stage === stage)
    .filter((entry) => change === undefined || entry.change.id === change)
    .sort((a, b) => b.index - a.index);
}

function show(cli: Cli, state: RunState, changes: readonly RunChange[]): void {
  const { output, words } = cli;
  output.say(output.paint.bold(words.say('cli.rollback.title', { run: state.run, count: changes.length })));
  const rows = changes.map(({ change }) => [
    `  ↶ ${words.message(change.summary)}`,
    output.paint.dim(plain(change.id)),
  ]);
  for (const line of table(rows)) output.say(line);
}
