import type { PlanView, Slices, StageView, WorkResult } from '../../api/types';
import { isNothing } from './plan-groups';

export type Book = NonNullable<Slices['book']>;

/** What the open playbook is in, and so what the one next thing to do is. */
export type Situation =
  | 'working'
  /** A run ended in the middle, and nobody has said yet what becomes of it. */
  | 'unfinished'
  /** Nothing has been looked at, or the plan is used up. */
  | 'unplanned'
  | 'blocked'
  | 'nothing'
  | 'ready'
  | 'done'
  | 'failed'
  | 'rolled-back';

/** The plan as far as it can still be carried out: unused, and nothing has gone wrong since it was made. */
export function livePlan(book: Book, plan: PlanView | null): PlanView | null {
  if (plan?.playbook !== book.playbook || plan.used) return null;
  const { result } = book;
  if (result === null || plan.createdAt >= result.endedAt || result.outcome === 'done') return plan;
  return result.outcome === 'nothing-to-do' ? plan : null;
}

/** How the last work ended, as long as no plan has been made since that starts from there. */
export function lastResult(book: Book, plan: PlanView | null): WorkResult | null {
  const { result } = book;
  if (book.work || !result) return null;
  const live = livePlan(book, plan);
  return live && live.createdAt >= result.endedAt ? null : result;
}

export function situationOf(book: Book, plan: PlanView | null): Situation {
  if (book.work) return 'working';
  const live = livePlan(book, plan);
  if (book.unfinished && live?.run !== book.unfinished.run) return 'unfinished';
  if (live) {
    if (live.stages.some(({ status }) => status === 'blocked')) return 'blocked';
    if (!isNothing(live)) return 'ready';
    // Measured since: that says more than that nothing is to do.
    return lastResult(book, plan)?.kind === 'verify' ? 'done' : 'nothing';
  }
  const { result } = book;
  if (!result) return 'unplanned';
  switch (result.outcome) {
    case 'done':
      return result.kind === 'apply' || result.kind === 'verify' ? 'done' : 'unplanned';
    case 'nothing-to-do':
      return 'nothing';
    case 'rolled-back':
    case 'rolled-back-with-differences':
      return 'rolled-back';
    case 'blocked':
      return 'blocked';
    case 'failed':
    case 'cancelled':
    case 'unfinished':
      return 'failed';
  }
}

/** The stage that is worth looking at when nobody has chosen one. */
export function stageToShow(book: Book): StageView | undefined {
  const find = (...statuses: StageView['status'][]) =>
    book.stages.find(({ status }) => statuses.includes(status));
  const changed = (stage: StageView) => stage.status === 'needed' || stage.status === 'unknown';
  if (book.work) {
    const busy = find('running', 'undoing');
    if (busy) return busy;
  }
  const wrong = find('failed') ?? book.stages.find(({ failure }) => failure !== null) ?? find('blocked');
  if (wrong) return wrong;
  if (book.result?.kind === 'rollback') {
    const left = book.stages.find(({ changes }) => changes.some(({ status }) => status === 'drifted'));
    const back = left ?? find('undone');
    if (back) return back;
  }
  if (book.result?.outcome === 'done') return book.stages.at(-1);
  return book.stages.find(changed) ?? book.stages[0];
}

/** What one line under a stage's name tells of it. */
export type StageNote =
  | { readonly kind: 'changes'; readonly count: number }
  | { readonly kind: 'made'; readonly count: number; readonly of: number }
  | { readonly kind: 'status'; readonly status: StageView['status'] };

export function stageNote(stage: StageView, planned: number | undefined): StageNote {
  if (stage.status === 'needed' && planned !== undefined) return { kind: 'changes', count: planned };
  if (stage.status === 'running' && stage.changes.length > 0) {
    const made = stage.changes.filter(({ status }) => status === 'applied').length;
    return { kind: 'made', count: made, of: Math.max(planned ?? 0, stage.changes.length) };
  }
  return { kind: 'status', status: stage.status };
}
