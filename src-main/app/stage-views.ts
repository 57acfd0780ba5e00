import type { EngineEvent } from '../contract/events';
import type { Plan } from '../contract/plan';
import type { StageView } from '../contract/state-work';
import type { Playbook } from '../core/engine/playbook';
import { liveChanges, type RunState } from '../core/engine/run-state';

/** Stages nobody has looked at. */
export function unknownStages(playbook: Playbook): StageView[] {
  return playbook.stages.map(({ id }) => ({
    id,
    status: 'unknown',
    notes: [],
    blockers: [],
    failure: null,
    startedAt: null,
    endedAt: null,
    inPlace: 0,
    changes: [],
  }));
}

/** The stages as a plan finds them. */
export function plannedStages(views: readonly StageView[], plan: Plan): StageView[] {
  return views.map((view) => {
    const stage = plan.stages.find(({ id }) => id === view.id);
    if (!stage) return view;
    const { status, notes, blockers } = stage;
    return {
      ...view,
      status,
      notes,
      blockers,
      failure: null,
      startedAt: null,
      endedAt: null,
      changes: [],
    };
  });
}

/** How many changes of each stage are in place, by the journals of the runs. */
export function withLive(views: readonly StageView[], live: readonly RunState[]): StageView[] {
  const stages = live.flatMap((state) => liveChanges(state).map(({ stage }) => stage));
  return views.map((view) => ({ ...view, inPlace: stages.filter((id) => id === view.id).length }));
}

/** The stages of a run that ended in the middle, as its journal tells them. */
export function journaledStages(views: readonly StageView[], run: RunState): StageView[] {
  return views.map((view) => {
    const stage = run.stages.find(({ id }) => id === view.id);
    if (!stage?.status) return view;
    // Nobody is at it any more.
    const status = stage.status === 'running' || stage.status === 'undoing' ? 'failed' : stage.status;
    return { ...view, status, notes: [...stage.notes] };
  });
}

/** What an event of the engine makes of the stages. `stageOf` says whose a change is: events do not. */
export function afterEvent(
  views: readonly StageView[],
  event: EngineEvent,
  stageOf: ReadonlyMap<string, string>,
): readonly StageView[] {
  if (event.type === 'stage') {
    return views.map((view) => (view.id === event.stage ? afterStage(view, event) : view));
  }
  if (event.type !== 'change') return views;
  const stage = stageOf.get(event.change);
  return views.map((view) => (view.id === stage ? afterChange(view, event) : view));
}

function afterStage(view: StageView, event: Extract<EngineEvent, { type: 'stage' }>): StageView {
  const { status, time } = event;
  const notes = event.notes.length > 0 ? [...event.notes] : view.notes;
  switch (status) {
    case 'running':
      return { ...view, status, notes, failure: null, startedAt: time, endedAt: null, changes: [] };
    case 'taken-back':
      // Why it was taken back stays in sight.
      return { ...view, status, endedAt: time };
    default:
      return { ...view, status, notes, failure: event.failure ?? null, endedAt: time };
  }
}

const backwards = new Set(['undoing', 'restored', 'untouched', 'drifted']);

function afterChange(view: StageView, event: Extract<EngineEvent, { type: 'change' }>): StageView {
  const { change: id, node, status, summary, difference } = event;
  const changed = { id, node, summary, status, difference: difference ?? null };
  const at = view.changes.findIndex((one) => one.id === id && one.node === node);
  const changes = at < 0 ? [...view.changes, changed] : view.changes.with(at, changed);
  // While a stage is applied, its own events say how it stands; a rollback tells of changes only.
  if (!backwards.has(status) || view.status === 'running' || view.status === 'failed') {
    return { ...view, changes };
  }
  const undoing = { ...view, changes, status: 'undoing' as const };
  return view.status === 'undoing' ? undoing : { ...undoing, startedAt: event.time, endedAt: null };
}
