import type { FailureInfo } from '../contract/failure';
import type { StageView, WorkResult } from '../contract/state-work';
import type { OpenPair } from '../core/engine/open-pair';
import type { ApplyResult, RollbackResult } from '../core/engine/parts';
import { Failure } from '../core/failure';

/** How a work ended; who did it and when is added by whoever keeps it. */
export type Outcome = Omit<WorkResult, 'kind' | 'endedAt'>;

export function applied({ outcome, run, changes, failure, unfinished }: ApplyResult): Outcome {
  return {
    outcome: unfinished ? 'unfinished' : outcome,
    run: run ?? null,
    changes,
    failure: failure ?? null,
    drifted: [],
  };
}

/** Several runs may have been taken back, one after the other. */
export function rolledBack(results: readonly RollbackResult[]): Outcome {
  const failed = results.flatMap((result) => result.failed);
  const drifted = results.flatMap((result) => [...result.drifted]);
  return {
    outcome: rollbackOutcome(results, failed, drifted.length > 0),
    run: results.at(-1)?.run ?? null,
    changes: results.reduce((sum, { restored }) => sum + restored, 0),
    failure: failed.find(({ failure }) => failure.code !== 'CANCELLED')?.failure ?? null,
    drifted,
  };
}

function rollbackOutcome(
  results: readonly RollbackResult[],
  failed: RollbackResult['failed'],
  drifted: boolean,
): Outcome['outcome'] {
  if (failed.length > 0 && failed.every(({ failure }) => failure.code === 'CANCELLED')) return 'cancelled';
  if (results.some(({ outcome }) => outcome === 'unfinished')) return 'unfinished';
  return drifted ? 'rolled-back-with-differences' : 'rolled-back';
}

/** Work that ended before, or instead of, coming to a result. */
export function refused(failure: FailureInfo): Outcome {
  const outcome =
    failure.code === 'CANCELLED' ? 'cancelled' : failure.code === 'STAGE_BLOCKED' ? 'blocked' : 'failed';
  return { outcome, run: null, changes: 0, failure, drifted: [] };
}

export function verified(results: readonly Measured[]): Outcome {
  const bad = results.find(({ verification }) => !verification.ok);
  const failure = bad ? failureOf(bad) : null;
  return { outcome: bad ? 'failed' : 'done', run: null, changes: 0, failure, drifted: [] };
}

type Measured = Awaited<ReturnType<OpenPair['verify']>>[number];

/** A stage as a verification found it. */
export function measured(view: StageView, results: readonly Measured[]): StageView {
  const found = results.find(({ stage }) => stage === view.id);
  if (!found) return view;
  const { ok, notes } = found.verification;
  if (!ok) return { ...view, status: 'failed', notes: [...notes], failure: failureOf(found) };
  return { ...view, status: view.inPlace > 0 ? 'done' : 'satisfied', notes: [...notes], failure: null };
}

function failureOf({ stage, verification }: Measured) {
  const { causes, evidence } = verification;
  return new Failure(
    'VERIFY_FAILED',
    { stage },
    { causes: [...causes], ...(evidence === undefined ? {} : { evidence }) },
  ).info;
}

/** What only measures has nothing to be taken back, and what it measured no longer holds. */
export function afterRollback(view: StageView): StageView {
  if (view.status !== 'done' || view.inPlace > 0) return view;
  return { ...view, status: 'unknown', notes: [], startedAt: null, endedAt: null };
}

/** Nothing is under way any more: a rollback does not tell of the end of a stage. */
export function atRest(view: StageView, now: number): StageView {
  if (view.status === 'undoing') {
    if (view.inPlace > 0) return { ...view, status: 'failed', endedAt: now };
    // What was measured of it no longer holds.
    return { ...view, status: 'undone', notes: [], endedAt: now };
  }
  if (view.status === 'running') return { ...view, status: 'failed', endedAt: now };
  return view;
}
