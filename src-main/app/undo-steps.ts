import type { ChangeSummary } from '../contract/run';
import type { RollbackScope } from '../contract/methods';
import type { UndoScope } from '../core/engine/parts';
import { liveChanges, summarize, type RunState } from '../core/engine/run-state';
import { Failure } from '../core/failure';

/** One call of the engine, and what it would restore, first things first. */
export interface UndoStep {
  readonly run: string;
  readonly scope: UndoScope;
  readonly changes: readonly ChangeSummary[];
}

/**
 * Breaks a rollback down into calls of the engine in the order that it allows: newer runs before older ones, and inside a
 * run what builds on a stage before the stage. What has to go first for that reason is part of what is shown.
 * @param live runs with something in place, newest first
 * @throws Failure NOT_FOUND when nothing of what is meant is in place
 */
export function undoSteps(scope: RollbackScope, live: readonly RunState[]): UndoStep[] {
  const steps = stepsOf(scope, live);
  if (steps.every(({ changes }) => changes.length === 0)) {
    throw new Failure('NOT_FOUND', { what: scope.what, id: idOf(scope) });
  }
  return steps;
}

function stepsOf(scope: RollbackScope, live: readonly RunState[]): UndoStep[] {
  switch (scope.what) {
    case 'everything':
      return live.map((run) => step(run));
    case 'run': {
      const at = live.findIndex(({ run }) => run === scope.run);
      return live.slice(0, at + 1).map((run) => step(run));
    }
    case 'change': {
      const run = live.find((candidate) => candidate.run === scope.run);
      return run ? [step(run, { change: scope.change })] : [];
    }
    case 'stage':
      return stageSteps(scope.stage, live);
  }
}

function stageSteps(stage: string, live: readonly RunState[]): UndoStep[] {
  const stages = withDependents(stage, live);
  const has = live.map((run) => liveChanges(run).some((change) => stages.has(change.stage)));
  const oldest = has.lastIndexOf(true);
  return live.slice(0, oldest + 1).flatMap((run, at) => {
    const others = liveChanges(run).some((change) => !stages.has(change.stage));
    // Nothing of a newer run may stay when an older one is taken back.
    if (at < oldest || !others) return [step(run)];
    return run.stages
      .filter(({ id }) => stages.has(id) && liveChanges(run).some((change) => change.stage === id))
      .toReversed()
      .map(({ id }) => step(run, { stage: id }));
  });
}

/** A stage and all that builds on it. */
function withDependents(stage: string, live: readonly RunState[]): Set<string> {
  const all = live.flatMap((run) => run.stages);
  const found = new Set([stage]);
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { id, needs } of all) if (needs.some((need) => found.has(need))) found.add(id);
  }
  return found;
}

function step(run: RunState, scope: UndoScope = {}): UndoStep {
  const chosen = new Set(
    liveChanges(run)
      .filter(
        ({ stage, change }) =>
          (scope.stage === undefined || stage === scope.stage) &&
          (scope.change === undefined || change.id === scope.change),
      )
      .map(({ index }) => index),
  );
  const changes = summarize(run).changes.filter(({ index }) => chosen.has(index));
  // Nodes journal side by side; the list is in the plan's order, last things first.
  return { run: run.run, scope, changes: changes.toSorted((a, b) => b.index - a.index) };
}

function idOf(scope: RollbackScope): string {
  switch (scope.what) {
    case 'everything':
      return '';
    case 'stage':
      return scope.stage;
    case 'run':
      return scope.run;
    case 'change':
      return scope.change;
  }
}
