import { Failure } from '../failure';
import { Journal } from './journal';
import { Lease } from './lease';
import type { PairTools } from './pair-tools';
import type { RollbackResult, UndoScope } from './parts';
import { liveChanges, type RunChange, type RunState } from './run-state';
import { undoChanges } from './undo';

/** Takes back a run, one of its stages or one change, from its journal. */
export async function rollBackRun(
  run: string,
  scope: UndoScope,
  tools: PairTools,
  signal?: AbortSignal,
): Promise<RollbackResult> {
  const state = await tools.runs.state(run);
  refuseOtherNodes(state, tools);
  const chosen = choose(state, scope);
  await refuseUnderNewer(state, chosen, tools);
  return takeBack(state, chosen, tools, signal);
}

/**
 * Takes back the stage that an unfinished run was in, so that the run rests on whole stages and can be continued.
 * What a rollback had already taken back is simply planned again.
 */
export async function settleRun(
  run: string,
  tools: PairTools,
  signal?: AbortSignal,
): Promise<RollbackResult> {
  const state = await tools.runs.state(run);
  refuseOtherNodes(state, tools);
  const whole = new Set(
    state.stages.filter(({ status }) => status === 'done' || status === 'satisfied').map(({ id }) => id),
  );
  const half = liveChanges(state).filter((change) => change.status === 'unknown' || !whole.has(change.stage));
  return takeBack(state, half, tools, signal);
}

async function takeBack(
  state: RunState,
  chosen: readonly RunChange[],
  tools: PairTools,
  signal?: AbortSignal,
): Promise<RollbackResult> {
  const { parts, hands, emit } = tools;
  const names = tools.sessions.map((session) => session.node);
  const lease = new Lease(hands, await parts.runs.installation(), names);
  await lease.take(signal);
  try {
    const journal = new Journal(parts.runs, parts.clock, state.run, state.nextSeq);
    emit({ type: 'run', run: state.run, state: 'rolling-back' });
    const result = await undoChanges(chosen, {
      kinds: parts.kinds,
      hands,
      emit,
      write: (record) => journal.write(record),
      signal,
    });
    const left = liveChanges(await tools.runs.state(state.run));
    const outcome = outcomeOf(state, left, result);
    await lease.release();
    if (outcome !== 'unfinished') await journal.write({ type: 'run-finished', outcome });
    emit({ type: 'run', run: state.run, state: 'finished' });
    const named = (index: number) => {
      const change = state.changes.find((candidate) => candidate.index === index)?.change;
      return { id: change?.id ?? String(index), node: change?.node ?? '' };
    };
    return {
      run: state.run,
      outcome,
      restored: result.restored.length,
      drifted: result.drifted.map(({ index, difference }) => ({ ...named(index), difference })),
      failed: result.failed.map(({ index, failure }) => ({ ...named(index), failure: failure.info })),
    };
  } finally {
    await lease.release();
  }
}

function outcomeOf(
  state: RunState,
  left: readonly RunChange[],
  result: { drifted: readonly unknown[]; failed: readonly unknown[] },
): RollbackResult['outcome'] {
  if (result.failed.length > 0) return 'unfinished';
  if (result.drifted.length > 0) return 'rolled-back-with-differences';
  if (left.length === 0) return 'rolled-back';
  // Part of the run stays in place: it is what it was before, or a failed run that now rests on whole stages.
  return state.status === 'interrupted' ? 'failed' : state.status;
}

function refuseOtherNodes(state: RunState, tools: PairTools): void {
  for (const node of state.nodes) {
    const session = tools.sessions.find((candidate) => candidate.node === node.name);
    if (session?.hostKey !== node.hostKey) {
      throw new Failure('NODE_MISMATCH', { run: state.run, expected: node.hostKey }, { node: node.name });
    }
  }
}

/** @throws Failure UNDO_ORDER when something still in place builds on what was chosen; BAD_INPUT for an unknown name */
function choose(state: RunState, scope: UndoScope): RunChange[] {
  const live = liveChanges(state);
  if (scope.stage === undefined && scope.change === undefined) return live;
  const chosen = live.filter(
    ({ stage, change }) =>
      (scope.stage === undefined || stage === scope.stage) &&
      (scope.change === undefined || change.id === scope.change),
  );
  if (chosen.length === 0) {
    const known = [...new Set(live.flatMap(({ stage, change }) => [stage, change.id]))].join(', ');
    throw new Failure('BAD_INPUT', { input: scope.change ?? scope.stage ?? '', allowed: known });
  }
  const stages = new Set(chosen.map((change) => change.stage));
  const dependent = live.find((other) => {
    if (chosen.includes(other)) return false;
    const needs = state.stages.find(({ id }) => id === other.stage)?.needs ?? [];
    if (needs.some((need) => stages.has(need))) return true;
    // Inside a stage, later steps build on earlier ones.
    return chosen.some(
      ({ stage, change, index }) =>
        stage === other.stage &&
        (other.change.step > change.step || (other.change.node === change.node && other.index > index)),
    );
  });
  if (dependent) {
    throw new Failure('UNDO_ORDER', {
      first: scope.change === undefined ? dependent.stage : dependent.change.id,
    });
  }
  return chosen;
}

/** A newer run may rest on this one: it goes first. */
async function refuseUnderNewer(
  state: RunState,
  chosen: readonly RunChange[],
  tools: PairTools,
): Promise<void> {
  if (chosen.length === 0) return;
  const keys = new Set(state.nodes.map((node) => node.hostKey));
  const states = await tools.runs.states();
  const newer = states
    .slice(
      0,
      states.findIndex(({ run }) => run === state.run),
    )
    .find((other) => other.nodes.some((node) => keys.has(node.hostKey)) && liveChanges(other).length > 0);
  if (newer) throw new Failure('UNDO_ORDER', { first: newer.run });
}
