import { describe, expect, it } from 'vitest';
import type { PlanView, StageView, WorkResult } from '../../../../src-main/contract/state-work';
import {
  lastResult,
  livePlan,
  situationOf,
  stageNote,
  stageToShow,
  type Book,
} from '../../../../src-renderer/features/playbook/situation';

const stage = (id: string, status: StageView['status'], over: Partial<StageView> = {}): StageView => ({
  id,
  status,
  notes: [],
  blockers: [],
  failure: null,
  startedAt: null,
  endedAt: null,
  inPlace: 0,
  changes: [],
  ...over,
});
const book = (over: Partial<Book> = {}): Book => ({
  playbook: 'p',
  inputs: {},
  chosen: [],
  stages: [stage('a', 'satisfied'), stage('b', 'needed'), stage('c', 'needed')],
  work: null,
  result: null,
  unfinished: null,
  live: [],
  ...over,
});
const plan = (statuses: string[], over: Partial<PlanView> = {}): PlanView =>
  ({
    playbook: 'p',
    run: 'r1',
    used: false,
    createdAt: 100,
    stages: statuses.map((status) => ({ status, changes: [] })),
    ...over,
  }) as unknown as PlanView;
const result = (over: Partial<WorkResult>): WorkResult => ({
  kind: 'apply',
  outcome: 'done',
  run: 'r1',
  changes: 1,
  failure: null,
  drifted: [],
  endedAt: 200,
  ...over,
});
const working = { kind: 'apply', startedAt: 1, cancelling: false, run: null } as const;
const needed = plan(['satisfied', 'needed']);

describe('situationOf', () => {
  it.each([
    ['working', book({ work: working }), needed],
    ['unplanned', book(), null],
    ['unplanned', book(), plan(['needed'], { playbook: 'another' })],
    ['ready', book(), needed],
    ['blocked', book(), plan(['satisfied', 'blocked', 'waiting'])],
    ['nothing', book(), plan(['satisfied', 'satisfied'])],
    ['done', book({ result: result({}) }), plan(['needed'], { used: true })],
    ['failed', book({ result: result({ outcome: 'failed' }) }), plan(['needed'], { used: true })],
    ['failed', book({ result: result({ outcome: 'cancelled' }) }), plan(['needed'], { used: true })],
    ['ready', book({ result: result({ outcome: 'failed' }) }), plan(['needed'], { createdAt: 300 })],
    ['ready', book({ result: result({}) }), plan(['needed'], { createdAt: 300 })],
    ['rolled-back', book({ result: result({ kind: 'rollback', outcome: 'rolled-back' }) }), null],
    ['done', book({ result: result({ kind: 'verify' }) }), plan(['satisfied'])],
    ['failed', book({ result: result({ kind: 'verify', outcome: 'failed' }) }), plan(['satisfied'])],
    ['failed', book({ result: result({ kind: 'plan', outcome: 'failed' }) }), needed],
  ] as const)('%s', (situation, given, planned) => {
    expect(situationOf(given, planned)).toBe(situation);
  });

  it('asks about an unfinished run before anything else, until its rest is planned', () => {
    const unfinished = { run: 'r1' } as unknown as Book['unfinished'];
    expect(situationOf(book({ unfinished }), null)).toBe('unfinished');
    expect(situationOf(book({ unfinished }), plan(['needed'], { run: 'r2' }))).toBe('unfinished');
    expect(situationOf(book({ unfinished }), needed)).toBe('ready');
  });
});

describe('lastResult', () => {
  it('is told until a plan has been made since, and not while something is being done', () => {
    const ended = book({ result: result({ outcome: 'failed' }) });
    expect(lastResult(ended, plan([], { used: true }))?.outcome).toBe('failed');
    expect(lastResult(ended, plan(['needed'], { createdAt: 300 }))).toBeNull();
    expect(lastResult(book({ work: working, result: result({}) }), null)).toBeNull();
  });

  it('does not let a plan be carried out twice', () => {
    expect(livePlan(book(), plan(['needed'], { used: true }))).toBeNull();
  });
});

describe('stageToShow', () => {
  const shown = (over: Partial<Book>) => stageToShow(book(over))?.id;
  it('is the one at work, else what went wrong, else the next to do', () => {
    expect(shown({})).toBe('b');
    expect(
      shown({ work: working, stages: [stage('a', 'done'), stage('b', 'failed'), stage('c', 'running')] }),
    ).toBe('c');
    expect(shown({ stages: [stage('a', 'needed'), stage('b', 'blocked')] })).toBe('b');
    const failure = { code: 'CANCELLED', params: {} } as const;
    expect(shown({ stages: [stage('a', 'needed'), stage('b', 'taken-back', { failure })] })).toBe('b');
  });

  it('is the proof after a run, and what was left alone after a rollback', () => {
    const all = [stage('a', 'done'), stage('b', 'done')];
    expect(shown({ stages: all, result: result({}) })).toBe('b');
    const drifted = [
      { id: 'x', node: 'n', summary: { code: '', params: {} }, status: 'drifted' as const, difference: '' },
    ];
    expect(
      shown({
        stages: [stage('a', 'undone'), stage('b', 'undone', { changes: drifted })],
        result: result({ kind: 'rollback', outcome: 'rolled-back-with-differences' }),
      }),
    ).toBe('b');
  });
});

describe('stageNote', () => {
  it('counts what is planned, and what has been made of it', () => {
    expect(stageNote(stage('a', 'needed'), 3)).toEqual({ kind: 'changes', count: 3 });
    expect(stageNote(stage('a', 'needed'), undefined)).toEqual({ kind: 'status', status: 'needed' });
    const change = { id: 'x', node: 'n', summary: { code: '', params: {} }, difference: null };
    const changes = [
      { ...change, status: 'applied' as const },
      { ...change, status: 'applying' as const },
    ];
    expect(stageNote(stage('a', 'running', { changes }), 5)).toEqual({ kind: 'made', count: 1, of: 5 });
  });
});
