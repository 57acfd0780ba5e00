import { describe, expect, it } from 'vitest';
import type { StageView } from '../../../../src-main/contract/state-work';
import { fraction, HighWater, timeTaken } from '../../../../src-renderer/features/playbook/progress';

type Status = StageView['status'];
type ChangeStatus = StageView['changes'][number]['status'];
const stage = (
  id: string,
  status: Status,
  changes: ChangeStatus[] = [],
  over: Partial<StageView> = {},
): StageView => ({
  id,
  status,
  notes: [],
  blockers: [],
  failure: null,
  startedAt: null,
  endedAt: null,
  inPlace: 0,
  changes: changes.map((changed, index) => ({
    id: `${id}/${index}`,
    node: 'n',
    summary: { code: 'x', params: {} },
    status: changed,
    difference: null,
  })),
  ...over,
});
const planned = new Map([
  ['a', 0],
  ['b', 3],
]);

describe('fraction', () => {
  it('counts stages and the changes in them', () => {
    const of = (a: StageView, b: StageView) => fraction('apply', [a, b], planned);
    expect(of(stage('a', 'needed'), stage('b', 'needed'))).toBe(0);
    expect(of(stage('a', 'satisfied'), stage('b', 'needed'))).toBe(1 / 5);
    expect(of(stage('a', 'satisfied'), stage('b', 'running', ['applied', 'applied', 'applying']))).toBe(
      3 / 5,
    );
    expect(of(stage('a', 'satisfied'), stage('b', 'done', ['applied', 'applied', 'applied']))).toBe(1);
  });

  it('is not through before the stage has been verified', () => {
    const b = stage('b', 'running', ['applied', 'applied', 'applied', 'applied']);
    expect(fraction('apply', [stage('a', 'done'), b], planned)).toBeLessThan(1);
  });

  it('counts what is back against what is still in place', () => {
    const b = stage('b', 'undoing', ['restored', 'drifted', 'undoing'], { inPlace: 4 });
    expect(fraction('rollback', [stage('a', 'done'), b], planned)).toBe(0.5);
    expect(fraction('rollback', [stage('a', 'done')], planned)).toBe(0);
  });
});

describe('HighWater', () => {
  it('never goes back within one work and starts again with the next', () => {
    const bar = new HighWater();
    expect([0.2, 0.6, 0.4, 1.5].map((now) => bar.show(1, now))).toEqual([0.2, 0.6, 0.6, 1]);
    expect(bar.show(2, 0.1)).toBe(0.1);
  });
});

describe('timeTaken', () => {
  it('counts up while the stage works and stands still afterwards', () => {
    expect(timeTaken(stage('a', 'needed'), 500)).toBeNull();
    const running = stage('a', 'running', [], { startedAt: 100 });
    expect(timeTaken(running, 500)).toBe(400);
    expect(timeTaken(running, 50)).toBe(0);
    expect(timeTaken({ ...running, status: 'done', endedAt: 300 }, 900)).toBe(200);
    expect(timeTaken({ ...running, status: 'undoing', endedAt: 300 }, 900)).toBe(800);
  });
});
