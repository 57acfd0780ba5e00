import { join } from 'node:path';
import { KnownHosts } from '../../src-main/adapters/ssh2/known-hosts';
import type { BenchRecord, BenchRunning } from '../../src-main/contract/bench-record';
import { benchRequestSchema, type BenchRequestInput } from '../../src-main/contract/bench-request';
import { benchRecordSchema } from '../../src-main/contract/bench-record';
import { Bench } from '../../src-main/core/benchmark/run/bench';
import type { RunOptions } from '../../src-main/core/benchmark/run/options';
import type { Half } from '../../src-main/contract/facts';
import type { Session } from '../../src-main/core/ports';
import { probeNode } from '../../src-main/core/probe/probe-node';
import { connector, folder, realClock, refuseKeys } from '../unit/adapters/ssh2/fixtures/laptop';
import { accessFiles } from './access';
import type { Lab } from './lab';
import { netdev, sides, type Side } from './plan';

export const names = ['spark-a', 'spark-b'] as const;

/** Sessions to both nodes of a lab that is entered by key. */
export async function openPair(lab: Lab, keepaliveMs = 10_000): Promise<readonly [Session, Session]> {
  const ownFile = join(await folder(), 'known_hosts');
  const knownHosts = new KnownHosts({ files: [lab.knownHostsFile], ownFile });
  const { identity } = accessFiles(lab.plan.stateDir);
  const way = await connector({ knownHosts, hostKeys: refuseKeys, limits: { keepaliveMs } });
  const open = (side: Side) => {
    const { host, user } = lab.node(side);
    return way.connect({ name: names[side - 1] ?? '', host, port: 22, user, identityFile: identity });
  };
  return Promise.all([open(1), open(2)]);
}

/** Gives each half of port 1 its own subnet at once: what a playbook does lastingly is not at stake here. */
export async function address(lab: Lab): Promise<void> {
  for (const side of sides) {
    const add = (half: Half, subnet: number) =>
      `ip addr add 192.168.${subnet}.${9 + side}/24 dev ${netdev(1, half)}`;
    await lab.sh(side, `${add('a', 100)}; ${add('b', 101)}`);
  }
}

let count = 0;

/** Measures, and holds the record to its schema. */
export async function measure(
  sessions: readonly [Session, Session],
  request: BenchRequestInput,
  options: RunOptions = {},
): Promise<BenchRecord> {
  const bench = new Bench({
    sessions,
    clock: realClock,
    facts: () => Promise.all([probeNode(sessions[0]), probeNode(sessions[1])]),
    newId: () => `20261120T172119Z-${(++count).toString(16).padStart(8, '0')}`,
  });
  const record = await bench.run(benchRequestSchema.parse(request), options);
  return benchRecordSchema.parse(record);
}

/** Bytes that a node sent over a half and over the other one. */
export function sentBy(record: BenchRecord, node: (typeof names)[number], half: Half): number {
  return record.traffic
    .filter((link) => link.node === node && link.half === half)
    .reduce((sum, { netBytes }) => sum + (netBytes?.sent ?? NaN), 0);
}

/** Calls back once, when a running test has shown its first points: it is in the middle then. */
export function inTheMiddle(then: () => void): (running: BenchRunning) => void {
  let called = false;
  return ({ parts }) => {
    if (called || !parts.some(({ result }) => result.series.some(({ points }) => points.length > 0))) return;
    called = true;
    then();
  };
}

/** Command lines of every process of a node that carries a test's mark or is one of its tools. */
export async function running(lab: Lab, side: Side): Promise<string[]> {
  const script = `for p in /proc/[0-9]*; do
    { grep -qsz '^TWINSPARK_BENCH=' $p/environ || grep -qsxE 'iperf3|ping|ucx_perftest' $p/comm; } || continue
    [ "$(sed 's/.*) //; s/ .*//' $p/stat)" = Z ] || tr '\\0' ' ' <$p/cmdline; echo; done 2>/dev/null || :`;
  return (await lab.sh(side, script)).split('\n').filter((line) => line.trim() !== '');
}
