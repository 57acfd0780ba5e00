import { describe, expect, it } from 'vitest';
import { limits } from '../../../src-main/contract/limits';
import type { LogLine } from '../../../src-main/contract/state-work';
import { LogLines } from '../../../src-renderer/state/log-lines';

const line = (number: number): LogLine => ({
  number,
  time: number,
  node: '',
  source: 'app',
  text: `line ${number}`,
  message: null,
});
const run = (from: number, next: number) => Array.from({ length: next - from }, (_, i) => line(from + i));
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Main, holding `first` to `next`, giving at most `page` lines at once. */
function main(first: number, next: number, page = 2000) {
  const main = { first, next, questions: [] as [number, number][], fails: false };
  const read = (from: number, count: number) => {
    main.questions.push([from, count]);
    if (main.fails) return Promise.reject(new Error('gone'));
    const start = Math.max(from, main.first);
    return Promise.resolve({ lines: run(start, Math.min(main.next, start + Math.min(count, page))) });
  };
  const log = new LogLines(read, () => undefined);
  return { main, log };
}

const numbers = (log: LogLines) => log.lines.map(({ number }) => number);

describe('the log of the window', () => {
  it('starts with the newest page, and fetches older ones when they are wanted', async () => {
    const { log } = main(100, 5100, 500);
    log.setRange({ first: 100, next: 5100 });
    await settled();
    expect([numbers(log).at(0), numbers(log).at(-1)]).toEqual([3100, 5099]);
    expect(log.hasOlder).toBe(true);
    await log.readOlder();
    expect(log.lines[0]?.number).toBe(1100);
    await log.readOlder();
    expect(numbers(log)).toEqual(run(100, 5100).map(({ number }) => number));
    expect(log.hasOlder).toBe(false);
  });

  it('appends what comes, leaves out what it has, and asks for nothing', () => {
    const { log, main: asked } = main(0, 0);
    log.setRange({ first: 0, next: 0 });
    log.append(run(0, 3));
    log.append(run(1, 5));
    expect(numbers(log)).toEqual([0, 1, 2, 3, 4]);
    expect(asked.questions).toEqual([]);
  });

  it('fetches lines that it has missed, in order', async () => {
    const { log } = main(0, 8);
    log.setRange({ first: 0, next: 0 });
    log.append(run(0, 2));
    log.append(run(6, 8));
    await settled();
    expect(numbers(log)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('has no hole where main has dropped what it missed', async () => {
    const { log } = main(50, 60);
    log.setRange({ first: 0, next: 0 });
    log.append(run(0, 2));
    log.append(run(58, 60));
    await settled();
    expect(numbers(log)).toEqual(run(50, 60).map(({ number }) => number));
  });

  it('says that nothing is older where main has dropped it meanwhile', async () => {
    const { log, main: asked } = main(0, 4000);
    log.setRange({ first: 0, next: 4000 });
    await settled();
    asked.first = 2500;
    await log.readOlder();
    expect(log.lines[0]?.number).toBe(2000);
    expect(log.hasOlder).toBe(false);
  });

  it('goes on after the connection was lost, and begins anew when main did', async () => {
    const { log, main: asked } = main(0, 10);
    asked.fails = true;
    log.setRange({ first: 0, next: 10 });
    await settled();
    expect(log.lines).toEqual([]);
    asked.fails = false;
    log.setRange({ first: 0, next: 10 });
    await settled();
    expect(log.lines).toHaveLength(10);
    asked.next = 3;
    log.setRange({ first: 0, next: 3 });
    await settled();
    expect(numbers(log)).toEqual([0, 1, 2]);
  });

  it('holds no more than its limit', () => {
    const { log } = main(0, 0);
    log.setRange({ first: 0, next: 0 });
    const many = limits.logKept * 2 + 1;
    for (let from = 0; from < many; from += 1000) log.append(run(from, Math.min(from + 1000, many)));
    expect(log.lines.length).toBeLessThanOrEqual(limits.logKept + 5000);
    expect(log.lines.at(-1)?.number).toBe(many - 1);
    expect(log.hasOlder).toBe(false);
  });
});
