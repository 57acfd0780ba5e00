import type { RunOutcome } from '../../contract/run';
import type { Message } from '../../contract/message';
import type { Plan, PlannedStage } from '../../contract/plan';
import { Failure, toFailure } from '../failure';
import { Applier } from './apply';
import { Journal, type RecordBody } from './journal';
import { Lease } from './lease';
import type { PairTools } from './pair-tools';
import type { ApplyResult } from './parts';
import type { Prepared } from './planner';
import { reachAgain } from './reach';
import type { RunChange } from './run-state';
import { undoChanges } from './undo';

export interface ApplyOptions {
  readonly signal?: AbortSignal | undefined;
  /** The last stage to carry out; what comes after it is left for another run. */
  readonly until?: string | undefined;
}

/**
 * Runs a prepared plan from its first stage to its last, or as far as was asked. A stage that fails, or is cancelled, is taken back whole before
 * the run ends; what stays in place are whole stages.
 */
export async function applyRun(
  prepared: Prepared,
  tools: PairTools,
  { signal, until }: ApplyOptions = {},
): Promise<ApplyResult> {
  const { plan, playbook } = prepared;
  const { parts, hands, emit } = tools;
  const stages = stagesUntil(plan, until);
  const blockers = stages.flatMap((stage) => stage.blockers.map((blocker) => ({ stage: stage.id, blocker })));
  if (blockers.length > 0) {
    throw new Failure(
      'STAGE_BLOCKED',
      { stage: blockers[0]?.stage ?? '' },
      { causes: blockers.map(({ blocker: { cause, remedy } }) => ({ cause, remedy })) },
    );
  }
  if (prepared.resumes === undefined && stages.every((stage) => stage.status === 'satisfied')) {
    const notes = stages.map(({ id, notes: found }) => ({ stage: id, notes: found }));
    for (const { stage, notes: found } of notes)
      emit({ type: 'stage', stage, status: 'satisfied', notes: found });
    return { outcome: 'nothing-to-do', changes: 0, unfinished: false, notes };
  }

  const names = plan.nodes.map((node) => node.name);
  const lease = new Lease(hands, await parts.runs.installation(), names);
  await lease.take(signal);
  try {
    const journal = await openJournal(prepared, tools);
    return await carryOut(prepared, stages, tools, journal, lease, signal);
  } finally {
    await lease.release();
  }

  async function openJournal({ resumes }: Prepared, { runs }: PairTools): Promise<Journal> {
    if (resumes !== undefined) {
      const { nextSeq } = await runs.state(resumes);
      const journal = new Journal(parts.runs, parts.clock, plan.run, nextSeq);
      await journal.write({ type: 'run-resumed', plan: plan.hash, inputs: plan.inputs });
      emit({ type: 'run', run: plan.run, state: 'resumed' });
      return journal;
    }
    await parts.runs.create(plan.run);
    const journal = new Journal(parts.runs, parts.clock, plan.run);
    await journal.write({
      type: 'run-started',
      format: 1,
      run: plan.run,
      playbook: plan.playbook,
      app: parts.version,
      nodes: plan.nodes,
      inputs: plan.inputs,
      plan: plan.hash,
      stages: playbook.stages.map(({ id, needs }) => ({ id, needs: [...needs] })),
    });
    emit({ type: 'run', run: plan.run, state: 'started' });
    return journal;
  }
}

/** @throws Failure BAD_INPUT for a stage that the plan has not */
function stagesUntil({ stages }: Plan, until: string | undefined): readonly PlannedStage[] {
  if (until === undefined) return stages;
  const last = stages.findIndex(({ id }) => id === until);
  if (last < 0)
    throw new Failure('BAD_INPUT', { input: until, allowed: stages.map(({ id }) => id).join(', ') });
  return stages.slice(0, last + 1);
}

async function carryOut(
  prepared: Prepared,
  stages: readonly PlannedStage[],
  tools: PairTools,
  journal: Journal,
  lease: Lease,
  signal: AbortSignal | undefined,
): Promise<ApplyResult> {
  const { plan } = prepared;
  const { parts, hands, emit } = tools;
  const write = (record: RecordBody) => journal.write(record);
  const applier = new Applier(plan.run, { kinds: parts.kinds, hands, emit, write, signal });
  const notes: { stage: string; notes: readonly Message[] }[] = [];
  let changes = 0;
  for (const stage of stages) {
    try {
      notes.push({ stage: stage.id, notes: await applier.stage(stage, prepared) });
      changes += stage.changes.length;
    } catch (error) {
      const failure = toFailure(error);
      // A journal that cannot be written must not keep the stage from being taken back.
      const tolerant = (record: RecordBody) => journal.write(record).catch(() => undefined);
      await tolerant({ type: 'stage-failed', stage: stage.id, failure: failure.info });
      emit({ type: 'stage', stage: stage.id, status: 'failed', notes: [], failure: failure.info });
      const whole = await takeBack(applier.inPlace, tools, lease, tolerant);
      if (whole && applier.inPlace.length > 0)
        emit({ type: 'stage', stage: stage.id, status: 'taken-back', notes: [] });
      await lease.release();
      const outcome: RunOutcome = failure.code === 'CANCELLED' ? 'cancelled' : 'failed';
      if (whole) await tolerant({ type: 'run-finished', outcome, failure: failure.info });
      emit({ type: 'run', run: plan.run, state: 'finished' });
      return { outcome, run: plan.run, changes, failure: failure.info, unfinished: !whole, notes };
    }
  }
  await lease.release();
  await write({ type: 'run-finished', outcome: 'done' });
  emit({ type: 'run', run: plan.run, state: 'finished' });
  return { outcome: 'done', run: plan.run, changes, unfinished: false, notes };
}

/** @returns whether everything of the stage was taken back */
async function takeBack(
  inPlace: readonly RunChange[],
  tools: PairTools,
  lease: Lease,
  write: (record: RecordBody) => Promise<void>,
): Promise<boolean> {
  if (inPlace.length === 0) return true;
  const { parts, hands, emit, sessions } = tools;
  const reachable = await reachAgain(sessions, emit);
  try {
    await lease.take(undefined, reachable);
  } catch {
    return false;
  }
  const result = await undoChanges(inPlace, { kinds: parts.kinds, hands, emit, write });
  return result.drifted.length === 0 && result.failed.length === 0;
}
