import { describe, expect, test, vi } from 'vitest';
import type { BenchRecord } from '../../../../src-main/contract/bench-record';
import type { BenchRequestInput } from '../../../../src-main/contract/bench-request';
import { benchPair } from './bench-pair';

/** An upper bound against a hang. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const pair = benchPair();

/** Interfaces that moved much, by the counters that saw it. */
function busy({ traffic }: BenchRecord, kind: 'rdmaBytes' | 'netBytes'): string[] {
  const moved = traffic.filter((link) => (link[kind]?.sent ?? 0) + (link[kind]?.received ?? 0) > 1e6);
  return [...new Set(moved.map(({ netdev }) => netdev))].sort();
}

const a = ['enp1s0f1np1'];
const b = ['enP2p1s0f1np1'];
const both = [...b, ...a];

/** What is asked for, how it is judged, and the interfaces that carry it. */
const cases: readonly [
  BenchRequestInput,
  BenchRecord['verdict']['level'],
  { rdma?: string[]; net?: string[] },
][] = [
  [{ tool: 'ping', halves: 'both' }, 'healthy', {}],
  [{ tool: 'iperf3', halves: 'a' }, 'healthy', { net: a }],
  [{ tool: 'iperf3', halves: 'b', direction: 'reverse', streams: 1 }, 'healthy', { net: b }],
  [{ tool: 'iperf3', halves: 'both', streams: 8 }, 'healthy', { net: both }],
  // The table has no figures for both directions at once.
  [{ tool: 'iperf3', halves: 'a', direction: 'both' }, 'unknown', { net: a }],
  [{ tool: 'ib_write_bw', halves: 'a', streams: 1 }, 'healthy', { rdma: a }],
  [{ tool: 'ib_write_bw', halves: 'both', direction: 'reverse' }, 'healthy', { rdma: both }],
  [{ tool: 'ib_write_bw', halves: 'b', sizes: 'all' }, 'healthy', { rdma: b }],
  [{ tool: 'ib_write_lat', halves: 'a' }, 'healthy', { rdma: a }],
  // Nobody has printed what is healthy for these.
  [{ tool: 'ib_read_lat', halves: 'b', sizes: 'all' }, 'unknown', { rdma: b }],
  [{ tool: 'ucx_perftest', halves: 'a' }, 'unknown', { rdma: a }],
  [{ tool: 'ucx_perftest', halves: 'both', operation: 'get_bw' }, 'unknown', { rdma: both }],
  [{ tool: 'ucx_perftest', halves: 'b', operation: 'put_lat', size: 8 }, 'unknown', { rdma: b }],
  [{ tool: 'nccl' }, 'healthy', { rdma: both }],
  [
    { tool: 'nccl', operation: 'all_reduce', halves: 'b', fromBytes: 2 ** 20, toBytes: 2 ** 26 },
    'unknown',
    { rdma: b },
  ],
];

describe('on a healthy practice pair the app measures and finds no fault', () => {
  test.each(cases)('%j', async (request, level, { rdma = [], net = [] }) => {
    const record = await pair().run(request);
    expect(record).toMatchObject({ outcome: 'done', failure: null, result: { status: 'done', error: null } });
    expect(record.result?.warnings).toEqual([]);
    expect(record.verdict).toMatchObject({ level, causes: [] });
    // RDMA's bytes are invisible to the network's counters.
    expect({ rdma: busy(record, 'rdmaBytes'), net: busy(record, 'netBytes') }).toEqual({ rdma, net });
    expect(await pair().running()).toEqual([]);
  });
});

test('lines come while the programs run, and not all in the end', async () => {
  let running: Promise<string[]> | undefined;
  const record = await pair().run(
    { tool: 'iperf3', halves: 'a' },
    {
      onLine: (_node, _stream, text) => {
        if (text.startsWith('[SUM]')) running ??= pair().running();
      },
    },
  );
  expect(record.outcome).toBe('done');
  expect(await running).toEqual(['iperf3', 'iperf3']);
});
