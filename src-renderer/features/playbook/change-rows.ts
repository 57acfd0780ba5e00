import type { Message, StageView } from '../../api/types';
import type { PlannedChange } from './plan-groups';

export type ChangeStatus = StageView['changes'][number]['status'];

/** A change as a card shows it: what is planned of it, and what has become of it. */
export interface ChangeRow {
  readonly id: string;
  readonly node: string;
  readonly summary: Message;
  /** Null before anything has happened to it. */
  readonly status: ChangeStatus | null;
  /** How what is there differs from what the run left, where somebody has edited it. */
  readonly difference: string | null;
  /** Null for a change that is known from a run and not from this plan. */
  readonly planned: PlannedChange | null;
}

/** Planned changes in their order with what became of each, then those that only a run tells of. */
export function changeRows(planned: readonly PlannedChange[], seen: StageView['changes']): ChangeRow[] {
  const byId = new Map(seen.map((change) => [change.id, change]));
  const rows = planned.map((change): ChangeRow => {
    const now = byId.get(change.id);
    return {
      id: change.id,
      node: change.node,
      summary: change.summary,
      status: now?.status ?? null,
      difference: now?.difference ?? null,
      planned: change,
    };
  });
  const known = new Set(planned.map(({ id }) => id));
  return [
    ...rows,
    ...seen.filter(({ id }) => !known.has(id)).map((change): ChangeRow => ({ ...change, planned: null })),
  ];
}
