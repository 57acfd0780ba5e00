import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { endLeftovers, parseLeftovers } from '../../../../../src-main/core/benchmark/run/leftovers';
import { LocalSession } from '../../probe/local-session';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process with that mark, which has begun to do what it does. */
async function start(mark: string, script: string): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', `${script}\necho up; while :; do sleep 60 & wait $!; done`], {
    env: { ...process.env, TWINSPARK_BENCH: mark },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

/** Of a test that nobody else on this machine runs. */
const own = (place: number) => `20000101T000000Z-${process.pid.toString(16).padStart(7, '0')}${place}`;

async function sweep(id: string) {
  const { code, stdout } = await new LocalSession().exec({
    script: `${endLeftovers(id).text}\n:`,
    root: true,
  });
  expect(code).toBe(0);
  return parseLeftovers(stdout);
}

// Nodes are Linux: their processes are found in /proc.
describe.skipIf(!existsSync('/proc/self/environ'))('what a test has left behind', () => {
  it('is ended by its mark, and nothing else is', async () => {
    const [mine, other] = await Promise.all([start(own(1), ''), start(own(2), '')]);
    const gone = once(mine, 'exit');
    const { ended, stays } = await sweep(own(1));
    expect(await gone).toEqual([null, 'SIGTERM']);
    expect(ended).toContain(`sh (${mine.pid ?? 0})`);
    expect(stays).toEqual([]);
    expect([other.exitCode, other.signalCode]).toEqual([null, null]);
    expect(await sweep(own(1))).toEqual({ ended: [], stays: [] });
    await sweep(own(2));
  });

  it('is killed when it does not listen', async () => {
    const deaf = await start(own(3), "trap '' TERM");
    const gone = once(deaf, 'exit');
    expect((await sweep(own(3))).stays).toEqual([]);
    expect(await gone).toEqual([null, 'SIGKILL']);
  });

  it('is told apart: what is gone and what stays', () => {
    expect(
      parseLeftovers('ended 12 iperf3\nended 13 ib_write_bw\nstays 13 ib_write_bw\nended x y\n'),
    ).toEqual({
      ended: ['iperf3 (12)'],
      stays: ['ib_write_bw (13)'],
    });
  });
});
