import { expect, test, vi } from 'vitest';
import type { BenchRecord, Suite } from '../../../../src-main/contract/bench-record';
import { readFacts } from '../../../../src-main/core/benchmark/read-facts';
import { runSuite } from '../../../../src-main/core/benchmark/suite/run-suite';
import { probeNode } from '../../../../src-main/core/probe/probe-node';
import type { FaultId } from '../../../../src-main/practice/machine/faults';
import { realClock } from '../../adapters/ssh2/fixtures/laptop';
import { benchPair } from './bench-pair';

/** An upper bound against a hang. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const pair = benchPair();

async function prove(fault: FaultId | null) {
  pair().fault(fault);
  const { sessions, bench } = pair();
  const kept: BenchRecord[] = [];
  const suite = await runSuite(bench, {
    id: '20261120T172119Z-ffffffff',
    names: [sessions[0].node, sessions[1].node],
    facts: await readFacts({
      sessions: [...sessions],
      facts: () => Promise.all([probeNode(sessions[0]), probeNode(sessions[1])]),
    }),
    clock: realClock,
    keep: (record) => {
      kept.push(record);
      return Promise.resolve();
    },
  });
  return { suite, kept };
}

const statuses = ({ steps }: Suite) => steps.map(({ status }) => status);
const causes = (suite: Suite) => suite.causes.map(({ cause }) => cause.code.replace('bench.cause.', ''));

test('a healthy pair is proven in five tests and one sentence', async () => {
  const { suite, kept } = await prove(null);
  expect(statuses(suite)).toEqual(Array(5).fill('done'));
  expect(suite).toMatchObject({ level: 'healthy', sentence: { code: 'bench.sentence.healthy' }, causes: [] });
  expect(kept.map(({ suite: of }) => of)).toEqual(Array(5).fill(suite.id));
  // A minute with the times of real nodes; these go five times as fast.
  expect((suite.endedAt ?? Infinity) - suite.startedAt).toBeLessThan(60_000);
});

test.each<[FaultId, Suite['level'], string, string]>([
  ['half-out', 'bad', 'half-dead', 'port-down'],
  ['cable-out', 'unknown', 'no-link', 'port-down'],
  ['slow-link', 'bad', 'bad', 'thirteen-gigabit'],
  ['two-lanes', 'bad', 'bad', 'x2-lanes'],
  ['lossy-cable', 'bad', 'bad', 'packet-loss'],
  // NCCL falls back to TCP.
  ['no-rdma', 'bad', 'bad', 'no-device'],
])('with %s it is %s: the sentence and the cause say so', async (fault, level, sentence, cause) => {
  const { suite } = await prove(fault);
  expect(suite.level).toBe(level);
  expect(suite.sentence?.code).toBe(`bench.sentence.${sentence}`);
  expect(causes(suite)[0]).toBe(cause);
  expect(await pair().running()).toEqual([]);
});
