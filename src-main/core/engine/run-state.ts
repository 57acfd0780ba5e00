import type { z } from 'zod';
import type { ChangeSummary, RunSummary, StageStatus } from '../../contract/run';
import type { FailureInfo } from '../../contract/failure';
import type { Message } from '../../contract/message';
import type { NodeIdentity } from '../../contract/plan';
import { Failure } from '../failure';
import type { JournalRecord, journaledChangeSchema } from './journal';

export interface RunChange {
  readonly run: string;
  readonly index: number;
  readonly stage: string;
  readonly change: z.infer<typeof journaledChangeSchema>;
  readonly prior: unknown;
  /** State read back after it was applied; absent when nobody looked. */
  readonly after?: unknown;
  readonly status: ChangeSummary['status'];
}

/** What a journal says, record by record added up. */
export interface RunState {
  readonly run: string;
  readonly playbook: string;
  readonly nodes: readonly [NodeIdentity, NodeIdentity];
  readonly inputs: Record<string, string>;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly status: RunSummary['status'];
  readonly stages: {
    id: string;
    needs: readonly string[];
    status: StageStatus | null;
    notes: readonly Message[];
  }[];
  readonly changes: RunChange[];
  readonly failure: FailureInfo | undefined;
  /** Number that the next record gets. */
  readonly nextSeq: number;
}

/** Changes that are, or may be, in place on the nodes. */
export function liveChanges(state: RunState): RunChange[] {
  return state.changes.filter((change) => change.status !== 'undone');
}

/** Whether the run still has something to continue or to take back before it rests. */
export function isUnfinished(state: RunState): boolean {
  if (state.status === 'interrupted') return true;
  return (state.status === 'failed' || state.status === 'cancelled') && liveChanges(state).length > 0;
}

/** @throws Failure JOURNAL_DAMAGED when the records do not tell a run. */
export function replay(run: string, records: readonly JournalRecord[]): RunState {
  const first = records[0];
  if (first?.type !== 'run-started') throw new Failure('JOURNAL_DAMAGED', { run, line: 1 });
  const changes = new Map<number, RunChange>();
  const stages = first.stages.map((stage) => ({
    ...stage,
    status: null as StageStatus | null,
    notes: [] as readonly Message[],
  }));
  let inputs = first.inputs;
  let status: RunState['status'] = 'interrupted';
  let endedAt: number | null = null;
  let failure: FailureInfo | undefined;

  const setStage = (id: string, next: StageStatus, notes: readonly Message[] = []) => {
    const stage = stages.find((candidate) => candidate.id === id);
    if (stage) Object.assign(stage, { status: next, notes });
  };
  const setChange = (index: number, line: number, patch: Partial<RunChange>) => {
    const change = changes.get(index);
    if (!change) throw new Failure('JOURNAL_DAMAGED', { run, line });
    changes.set(index, { ...change, ...patch });
  };

  records.forEach((record, line) => {
    switch (record.type) {
      case 'run-started':
        break;
      case 'run-resumed':
        inputs = record.inputs;
        [status, endedAt, failure] = ['interrupted', null, undefined];
        break;
      case 'stage-started':
        setStage(record.stage, 'running');
        break;
      case 'intent':
        changes.set(record.index, {
          run,
          index: record.index,
          stage: record.stage,
          change: record.change,
          prior: record.prior,
          status: 'unknown',
        });
        break;
      case 'trial':
        break;
      case 'applied':
        setChange(record.index, line, { status: 'applied', after: record.after });
        break;
      case 'stage-satisfied':
        setStage(record.stage, 'satisfied', record.notes);
        break;
      case 'stage-done':
        setStage(record.stage, 'done', record.notes);
        break;
      case 'stage-failed':
        setStage(record.stage, 'failed');
        failure = record.failure;
        break;
      case 'undo-started':
        [status, endedAt] = ['interrupted', null];
        break;
      case 'undone':
        if (record.outcome === 'drifted') setChange(record.index, line, { status: 'drifted' });
        else if (record.outcome !== 'failed') setChange(record.index, line, { status: 'undone' });
        break;
      case 'run-finished':
        status = record.outcome;
        endedAt = record.time;
        failure = record.failure;
        break;
    }
  });

  for (const stage of stages) {
    const own = [...changes.values()].filter((change) => change.stage === stage.id);
    if (own.length > 0 && own.every((change) => change.status === 'undone')) stage.status = 'undone';
  }
  return {
    run,
    playbook: first.playbook,
    nodes: first.nodes,
    inputs,
    startedAt: first.time,
    endedAt,
    status,
    stages,
    changes: [...changes.values()],
    failure,
    nextSeq: records.length,
  };
}

/** The run as shown to a person. */
export function summarize(state: RunState): RunSummary {
  return {
    run: state.run,
    playbook: state.playbook,
    startedAt: state.startedAt,
    endedAt: state.endedAt,
    status: state.status,
    nodes: state.nodes.map((node) => node.name),
    changes: state.changes.map(({ index, stage, change, status }) => ({
      index,
      id: change.id,
      stage,
      node: change.node,
      kind: change.kind,
      summary: change.summary,
      status,
    })),
    stages: state.stages.flatMap(({ id, status, notes }) => (status === null ? [] : [{ id, status, notes }])),
    ...(state.failure ? { failure: state.failure } : {}),
  };
}
