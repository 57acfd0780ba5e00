import { afterEach } from 'vitest';
import { makeCluster, type ClusterOptions } from '../../../../src-main/practice/machine/cluster';
import type { Machine } from '../../../../src-main/practice/machine/machine';
import type { Caller } from '../../../../src-main/practice/machine/node-model';

export const root: Caller = { user: 'root', uid: 0, root: true };
export const owner: Caller = { user: 'nvidia', uid: 1000, root: false };

const clusters: { close(): void }[] = [];

afterEach(() => {
  for (const one of clusters.splice(0)) one.close();
});

/** Two machines on just-bash as it is, with timers that the test fires. */
export function machines(options: ClusterOptions = {}) {
  const timers: { ms: number; work: () => void }[] = [];
  const schedule = (ms: number, work: () => void) => {
    const timer = { ms, work };
    timers.push(timer);
    return () => {
      const at = timers.indexOf(timer);
      if (at >= 0) timers.splice(at, 1);
    };
  };
  const cluster = makeCluster({ schedule, ...options });
  clusters.push(cluster);
  const [a, b] = cluster.machines;
  return { cluster, a, b, timers };
}

/** What a script prints on a machine; for root unless said otherwise. */
export async function sh(machine: Machine, script: string, caller: Caller = root) {
  const { stdout, stderr, exitCode } = await machine.run(caller, script);
  return { out: stdout, err: stderr, code: exitCode };
}
