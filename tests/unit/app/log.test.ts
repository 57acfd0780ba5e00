import { describe, expect, test } from 'vitest';
import { Log } from '../../../src-main/app/log';
import { State } from '../../../src-main/app/state';
import { limits } from '../../../src-main/contract/limits';
import type { Slices } from '../../../src-main/contract/slices';
import type { Push } from '../../../src-main/contract/wire';

function make() {
  const state = new State({ log: { first: 0, next: 0 } } as Slices, () => undefined);
  const pushes: Push[] = [];
  state.subscribe((push) => pushes.push(push));
  return { state, log: new Log(state), pushes };
}

describe('the log', () => {
  test('keeps the last lines by number, and tells the lines of one turn together', async () => {
    const { state, log, pushes } = make();
    for (let n = 0; n < limits.logKept + 10; n++) log.printed(n, 'a', 'stdout', `line ${n}`);
    await Promise.resolve();
    expect(pushes).toHaveLength(1);
    expect(state.get('log')).toEqual({ first: 10, next: limits.logKept + 10 });
    expect(log.read(0, 2).map(({ number, text }) => [number, text])).toEqual([
      [10, 'line 10'],
      [11, 'line 11'],
    ]);
    expect(log.read(limits.logKept + 9, 5).map(({ text }) => text)).toEqual([`line ${limits.logKept + 9}`]);
    expect(log.read(limits.logKept + 10, 5)).toEqual([]);
  });

  test('is bounded in size as well: long lines push old ones out, and one answer is not endless', () => {
    const { state, log } = make();
    const long = 'x'.repeat(16 * 1024);
    for (let n = 0; n < 5000; n++) log.printed(n, 'a', 'stdout', long);
    const { first, next } = state.get('log');
    expect(next).toBe(5000);
    expect((next - first) * long.length).toBeLessThanOrEqual(64 * 1024 * 1024);
    const answer = log.read(first, limits.logLines);
    expect(answer.length).toBeLessThan(limits.logLines);
    expect(answer.length).toBeGreaterThan(100);
  });
});
