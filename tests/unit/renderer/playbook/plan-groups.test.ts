import { describe, expect, it } from 'vitest';
import type { PlanView } from '../../../../src-main/contract/state-work';
import {
  blockedStages,
  byNode,
  byStage,
  countChanges,
  isNothing,
} from '../../../../src-renderer/features/playbook/plan-groups';

const change = (id: string, node: string) => ({ id, node });
const planned = (statuses: readonly [string, PlanView['stages'][number]['status'], number][]): PlanView =>
  ({
    stages: statuses.map(([id, status, count]) => ({
      id,
      status,
      notes: [],
      blockers: [],
      changes: Array.from({ length: count }, () => ({})),
    })),
  }) as unknown as PlanView;

describe('groups of changes', () => {
  it('always has both nodes, in their order, whoever comes first', () => {
    const groups = byNode([change('1', 'b'), change('2', 'c'), change('3', 'b')], ['a', 'b']);
    expect(groups.map(({ node, changes }) => [node, changes.map(({ id }) => id)])).toEqual([
      ['a', []],
      ['b', ['1', '3']],
      ['c', ['2']],
    ]);
  });

  it('goes through stages in the order of a rollback', () => {
    const changes = [{ stage: 'ssh' }, { stage: 'network' }, { stage: 'ssh' }];
    expect(byStage(changes).map(({ stage, changes: own }) => [stage, own.length])).toEqual([
      ['ssh', 2],
      ['network', 1],
    ]);
  });
});

describe('what a plan would do', () => {
  const plan = planned([
    ['a', 'satisfied', 0],
    ['b', 'needed', 2],
    ['c', 'needed', 3],
  ]);

  it('counts all changes, or those up to a stage', () => {
    expect(countChanges(plan)).toBe(5);
    expect(countChanges(plan, 'b')).toBe(2);
    expect(countChanges(plan, 'no such stage')).toBe(5);
  });

  it('is nothing only when every stage is in place: measuring is something', () => {
    expect(isNothing(plan)).toBe(false);
    expect(isNothing(planned([['a', 'satisfied', 0]]))).toBe(true);
    expect(isNothing(planned([['a', 'needed', 0]]))).toBe(false);
  });

  it('names what stops it', () => {
    const stopped = planned([
      ['a', 'blocked', 0],
      ['b', 'waiting', 0],
    ]);
    expect(blockedStages(stopped).map(({ id }) => id)).toEqual(['a']);
  });
});
