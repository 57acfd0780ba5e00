import { describe, expect, it } from 'vitest';
import { failureCodes } from '../../../../src-main/contract/failure';
import { applyExit, failureExit, rollbackExit } from '../../../../src-main/hosts/cli/exit-codes';

describe('exit codes', () => {
  it('gives every failure one of the promised codes', () => {
    expect(Object.keys(failureExit).sort()).toEqual([...failureCodes].sort());
    for (const code of failureCodes) expect([1, 2, 3, 4, 5, 6, 130]).toContain(failureExit[code]);
  });

  it.each([
    ['USAGE', 2],
    ['BAD_CLUSTER_FILE', 2],
    ['CONFIRMATION_NEEDED', 2],
    ['NODE_UNREACHABLE', 3],
    ['LOGIN_REFUSED', 3],
    ['HOST_KEY_UNKNOWN', 4],
    ['HOST_KEY_CHANGED', 4],
    ['PLAN_STALE', 5],
    ['CANCELLED', 130],
    ['STAGE_BLOCKED', 1],
  ] as const)('%s → %i', (code, exit) => expect(failureExit[code]).toBe(exit));

  it.each([
    ['done', undefined, 0],
    ['nothing-to-do', undefined, 0],
    ['cancelled', 'CANCELLED', 130],
    ['failed', 'COMMAND_FAILED', 1],
    ['failed', 'CONNECTION_LOST', 1],
    ['failed', 'PLAN_STALE', 5],
  ] as const)('an apply that ends in %s (%s) → %i', (outcome, code, exit) => {
    expect(applyExit(outcome, code && { code, params: {} })).toBe(exit);
  });

  it.each([
    ['rolled-back', [], 0],
    ['done', [], 0],
    ['rolled-back-with-differences', [], 6],
    ['unfinished', ['CANCELLED'], 130],
    ['unfinished', ['CANCELLED', 'CONNECTION_LOST'], 3],
    ['unfinished', ['COMMAND_FAILED'], 1],
    ['unfinished', [], 1],
  ] as const)('a rollback that ends in %s %j → %i', (outcome, codes, exit) => {
    expect(
      rollbackExit(
        outcome,
        codes.map((code) => ({ code, params: {} })),
      ),
    ).toBe(exit);
  });
});
