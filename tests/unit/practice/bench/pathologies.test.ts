import { afterEach, describe, expect, test, vi } from 'vitest';
import type { BenchRecord } from '../../../../src-main/contract/bench-record';
import type { BenchRequestInput } from '../../../../src-main/contract/bench-request';
import type { FaultId } from '../../../../src-main/practice/machine/faults';
import { benchPair } from './bench-pair';

/** An upper bound against a hang. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const pair = benchPair();

afterEach(() => pair().fault(null));

interface Told {
  readonly level: BenchRecord['verdict']['level'];
  /** The first cause of the verdict. */
  readonly cause: string;
  readonly params?: Record<string, string | number>;
  /** Gb/s or GB/s, from…to. */
  readonly between?: readonly [number, number];
}

const cases: readonly [FaultId, BenchRequestInput, Told][] = [
  [
    'slow-link',
    { tool: 'ib_write_bw', halves: 'a' },
    { level: 'bad', cause: 'thirteen-gigabit', between: [8, 25] },
  ],
  ['slow-link', { tool: 'ib_write_bw', halves: 'both' }, { level: 'bad', cause: 'thirteen-gigabit' }],
  [
    'slow-link',
    { tool: 'iperf3', halves: 'b' },
    { level: 'bad', cause: 'thirteen-gigabit', between: [8, 25] },
  ],
  ['slow-link', { tool: 'nccl', toBytes: 2 ** 30 }, { level: 'bad', cause: 'thirteen-gigabit' }],
  [
    'two-lanes',
    { tool: 'ib_write_bw', halves: 'b' },
    { level: 'bad', cause: 'x2-lanes', params: { port: 'enP2p1s0f1np1', lanes: 2 }, between: [45, 56] },
  ],
  [
    'two-lanes',
    { tool: 'ib_write_bw', halves: 'both' },
    { level: 'bad', cause: 'x2-lanes', between: [95, 115] },
  ],
  ['two-lanes', { tool: 'nccl' }, { level: 'bad', cause: 'x2-lanes', between: [10, 14] }],
  [
    'wrong-way',
    { tool: 'iperf3', halves: 'both' },
    { level: 'bad', cause: 'one-half', params: { half: 'b' } },
  ],
  // The figure itself is one of a healthy half.
  [
    'wrong-way',
    { tool: 'iperf3', halves: 'b' },
    { level: 'bad', cause: 'wrong-interface', params: { carried: 'enp1s0f1np1' }, between: [93, 111] },
  ],
  ['no-rdma', { tool: 'nccl' }, { level: 'bad', cause: 'tcp-fallback', between: [2.5, 3.5] }],
  [
    'lossy-cable',
    { tool: 'ping', halves: 'a' },
    { level: 'suspicious', cause: 'packet-loss', params: { lost: 1, sent: 20 } },
  ],
];

describe('each pathology of the practice pair is told with its own cause and remedy', () => {
  test.each(cases)('%s: %j', async (id, request, { level, cause, params = {}, between }) => {
    pair().fault(id);
    const { outcome, verdict } = await pair().run(request);
    expect({ outcome, level: verdict.level }).toEqual({ outcome: 'done', level });
    expect(verdict.causes[0]).toMatchObject({
      cause: { code: `bench.cause.${cause}`, params },
      remedy: { code: `bench.remedy.${cause}` },
    });
    if (between === undefined) return;
    expect(verdict.measured?.value).toBeGreaterThan(between[0]);
    expect(verdict.measured?.value).toBeLessThan(between[1]);
  });

  test('two ports of one half: both halves together carry little more than one, over another cable', async () => {
    pair().fault('same-half');
    const { verdict, traffic } = await pair().run({ tool: 'iperf3', halves: 'both' });
    expect(verdict.level).toBe('bad');
    expect(verdict.measured?.value).toBeLessThan(115);
    const cause = { code: 'bench.cause.same-half', params: { half: 'a' } };
    expect(verdict.causes).toContainEqual({ cause, remedy: { ...cause, code: 'bench.remedy.same-half' } });
    const busy = traffic.filter(({ netBytes }) => (netBytes?.sent ?? 0) > 1e6).map(({ netdev }) => netdev);
    expect(busy.sort()).toEqual(['enp1s0f0np0', 'enp1s0f1np1']);
  });

  test('one half dead: a test of both is refused with what is missing, the other half is healthy', async () => {
    pair().fault('half-out');
    await expect(pair().run({ tool: 'ib_write_bw', halves: 'both' })).rejects.toMatchObject({
      code: 'BENCH_NO_LINK',
      info: { params: { half: 'b' }, causes: [{ cause: { code: 'bench.cause.port-down' } }, {}] },
    });
    const { verdict } = await pair().run({ tool: 'ib_write_bw', halves: 'a' });
    expect(verdict.level).toBe('healthy');
  });

  test('RDMA that cannot be used: its tools say so, while TCP is as quick as ever', async () => {
    pair().fault('no-rdma');
    const { outcome, failure } = await pair().run({ tool: 'ib_write_bw', halves: 'a' });
    expect(outcome).toBe('failed');
    expect(failure?.causes?.[0]?.cause.code).toBe('bench.cause.no-device');
    const tcp = await pair().run({ tool: 'iperf3', halves: 'a' });
    expect(tcp.verdict.level).toBe('healthy');
  });

  test('a cable that loses packets: TCP sends thousands again and falls behind', async () => {
    pair().fault('lossy-cable');
    const { result, verdict } = await pair().run({ tool: 'iperf3', halves: 'a' });
    expect(result?.summary.retransmits).toBeGreaterThan(1000);
    expect(verdict.level).toBe('suspicious');
  });
});

test('a fault that comes in the middle of a test shows in the figures that follow', async () => {
  let changed = false;
  const { result } = await pair().run(
    { tool: 'iperf3', halves: 'a', seconds: 5 },
    {
      onLine: (_node, _stream, text) => {
        if (changed || !text.startsWith('[SUM]')) return;
        changed = true;
        pair().pair.setFault('slow-link', true);
      },
    },
  );
  const rates = result?.series
    .find(({ id }) => id === 'main')
    ?.points.map(({ bandwidth }) => bandwidth?.printed.value ?? 0);
  expect(rates?.[0]).toBeGreaterThan(90);
  expect(rates?.at(-1)).toBeLessThan(15);
});
