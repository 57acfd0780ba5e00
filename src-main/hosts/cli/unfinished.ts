import type { Playbook } from '../../core/engine/playbook';
import type { RunState } from '../../core/engine/run-state';
import type { Cli, Outcome } from './cli';
import type { EngineInHand, PairInHand } from './home';
import { rollbackOutcome } from './rollback-view';
import { rollbackExit } from './exit-codes';
import { chosenInputs } from './with-pair';

/** `ended`: the command is over; `go`: plan, continuing the run where one is named. */
export type Past =
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  | { readonly kind: 'go'; readonly resume?: string; readonly inputs: Record<string, string> };

/** Deals with a run of this playbook that did not come to rest: continue it, roll it back, or stop. */
export async function dealWithUnfinished(
  cli: Cli,
  engine: EngineInHand,
  pair: PairInHand,
  playbook: Playbook,
): Promise<Past> {
  const found = await engine.runs.unfinished(playbook.id, pair.hostKeys);
  if (!found) return { kind: 'go', inputs: {} };
  const { output, words } = cli;
  output.note(output.paintErr.yellow(words.say('cli.unfinished.found', about(found, cli))));
  switch (await wish(cli, found)) {
    case 'stop':
      output.say(words.say('cli.stopped'));
      return { kind: 'ended', outcome: { exitCode: 130, result: { outcome: 'cancelled', run: found.run } } };
    case 'roll-back': {
      const result = await pair.rollBack(found.run, {}, cli.signal);
      return { kind: 'ended', outcome: rollbackOutcome(cli, result) };
    }
    case 'continue': {
      const settled = await pair.settle(found.run, cli.signal);
      const exit = rollbackExit(
        settled.outcome,
        settled.failed.map(({ failure }) => failure),
      );
      // What could not be cleared up keeps the run from going on.
      if (exit !== 0) return { kind: 'ended', outcome: rollbackOutcome(cli, settled) };
      const still = await engine.runs.unfinished(playbook.id, pair.hostKeys);
      return {
        kind: 'go',
        ...(still?.run === found.run ? { resume: found.run } : {}),
        inputs: chosenInputs(playbook, found.inputs),
      };
    }
  }
}

async function wish(cli: Cli, found: RunState): Promise<'continue' | 'roll-back' | 'stop'> {
  if (!cli.mayAsk) return 'continue';
  const asker = await cli.asker?.();
  if (!asker) return 'continue';
  return asker.choose(
    cli.words.say('cli.unfinished.question', about(found, cli)),
    (['continue', 'roll-back', 'stop'] as const).map((value) => ({
      value,
      label: cli.words.say(`cli.unfinished.${value}`),
      hint: cli.words.say(`cli.unfinished.${value}.hint`),
    })),
    cli.signal,
  );
}

function about(found: RunState, cli: Cli) {
  return { run: found.run, when: cli.words.when(found.startedAt) };
}
