import { describe, expect, it } from 'vitest';
import { entryOf } from '../../../../../src-main/core/benchmark/history/entry';
import { figureOf } from '../../../../../src-main/core/benchmark/history/figure';
import { kindOf } from '../../../../../src-main/core/benchmark/history/kind';
import { withStandings } from '../../../../../src-main/core/benchmark/history/standing';
import type { BenchRecord } from '../../../../../src-main/contract/bench-record';
import { conditions, measuring, record, result, verdict } from './records';

const latency = { tool: 'ib_write_lat', halves: 'a' } as const;

/** Standings of a history told oldest first, in the same order. */
function standings(records: readonly BenchRecord[]) {
  return withStandings(records.map(entryOf).toReversed())
    .reverse()
    .map(({ standing }) => standing);
}

describe('the kind of a measurement', () => {
  const kind = (patch: Parameters<typeof record>[1] = {}) => kindOf(record(0, patch));

  it('is the same however long it took and whatever it showed', () => {
    expect(kind({ request: { tool: 'ib_write_bw', halves: 'both', seconds: 60 }, suite: 'x' })).toBe(kind());
    expect(kind(measuring(13, 'Gb/s', 'bad'))).toBe(kind());
    expect(kind({ request: { tool: 'ping', halves: 'a', count: 5 } })).toBe(
      kind({ request: { tool: 'ping', halves: 'a' } }),
    );
  });

  it.each([
    ['another pair', { pair: 'pair-2' }],
    ['another half', { request: { tool: 'ib_write_bw', halves: 'a' } }],
    ['other queue pairs', { request: { tool: 'ib_write_bw', halves: 'both', streams: 1 } }],
    ['other sizes', { request: { tool: 'ib_write_bw', halves: 'both', sizes: 'all' } }],
    ['the other direction', { request: { tool: 'ib_write_bw', halves: 'both', direction: 'reverse' } }],
    ['another tool', { request: { tool: 'iperf3', halves: 'both' } }],
    ['another size that was judged', { verdict: verdict({ sizeBytes: 65_536 }) }],
  ] as const)('differs for %s', (_what, patch) => expect(kind(patch)).not.toBe(kind()));

  it('follows the sender when the machines were chosen the other way round', () => {
    const nodes: BenchRecord['nodes'] = [conditions('two'), conditions('one')];
    expect(kind({ nodes, request: { tool: 'ib_write_bw', halves: 'both', direction: 'reverse' } })).toBe(
      kind(),
    );
    expect(kind({ nodes })).not.toBe(kind());
  });
});

describe('the figure of a measurement', () => {
  it('is what was judged, else what the tool gives', () => {
    expect(figureOf(record(0))).toEqual({ value: 189.5, unit: 'Gb/s' });
    expect(figureOf(record(0, { verdict: verdict({ measured: null }) }))).toEqual({
      value: 189.5,
      unit: 'Gb/s',
    });
    expect(figureOf(record(0, { verdict: verdict({ measured: null }), result: null }))).toBeNull();
  });

  it('is the round trip of a ping, and the sum of both directions at once', () => {
    const unjudged = verdict({ measured: null });
    const ping = result({ tool: 'ping', summary: { latency: { averageUs: 512.34567 } } });
    expect(
      figureOf(record(0, { request: { tool: 'ping', halves: 'a' }, verdict: unjudged, result: ping })),
    ).toEqual({
      value: 512.346,
      unit: 'µs',
    });
    const rate = (gigabits: number) => ({
      bytesPerSecond: gigabits * 125_000_000,
      printed: { value: gigabits, unit: 'Gbits/sec' },
    });
    const both = result({ tool: 'iperf3', summary: { bandwidth: rate(90), reverseBandwidth: rate(80) } });
    const request = { tool: 'iperf3', halves: 'a', direction: 'both' } as const;
    expect(figureOf(record(0, { request, verdict: unjudged, result: both }))).toEqual({
      value: 170,
      unit: 'Gb/s',
    });
  });
});

describe('the standing of a measurement', () => {
  it('is none for the first of its kind, and holds the next against it', () => {
    expect(standings([record(0), record(1, measuring(190, 'Gb/s'))])).toEqual([
      null,
      { count: 1, median: 189.5, change: 0.0026, fallen: false },
    ]);
  });

  it('falls when it is worse than the past by more than its noise', () => {
    const past = [188, 190, 189].map((value, number) => record(number, measuring(value, 'Gb/s')));
    expect(standings([...past, record(3, measuring(181, 'Gb/s'))])[3]).toMatchObject({
      median: 189,
      fallen: false,
    });
    expect(standings([...past, record(3, measuring(170, 'Gb/s'))])[3]).toMatchObject({
      count: 3,
      fallen: true,
    });
    expect(standings([...past, record(3, measuring(210, 'Gb/s'))])[3]).toMatchObject({ fallen: false });
  });

  it('takes a restless past for restless', () => {
    const past = [120, 190, 150, 170, 140].map((value, number) => record(number, measuring(value, 'Gb/s')));
    expect(standings([...past, record(5, measuring(125, 'Gb/s'))])[5]).toMatchObject({
      median: 150,
      fallen: false,
    });
  });

  it('falls upwards for a latency, and never for a ping', () => {
    const past = [1.6, 1.6, 1.7].map((value, number) =>
      record(number, { request: latency, ...measuring(value, 'µs') }),
    );
    const next = (value: number) => record(3, { request: latency, ...measuring(value, 'µs') });
    expect(standings([...past, next(2.4)])[3]).toMatchObject({ change: 0.5, fallen: true });
    expect(standings([...past, next(1.2)])[3]).toMatchObject({ fallen: false });
    const ping = [100, 100, 100, 900].map((value, number) =>
      record(number, { request: { tool: 'ping', halves: 'a' }, ...measuring(value, 'µs') }),
    );
    expect(standings(ping)[3]).toMatchObject({ change: 8, fallen: false });
  });

  it('counts only what was measured to its end, of its own kind', () => {
    const list = [
      record(0, { outcome: 'failed', ...measuring(20, 'Gb/s', 'bad') }),
      record(1, { outcome: 'cancelled', ...measuring(20, 'Gb/s') }),
      record(2, { pair: 'pair-2', ...measuring(20, 'Gb/s') }),
      record(3),
      record(4),
    ];
    expect(standings(list)).toEqual([
      null,
      null,
      null,
      null,
      { count: 1, median: 189.5, change: 0, fallen: false },
    ]);
  });

  it('forgets what lies more than twenty results back', () => {
    const old = Array.from({ length: 30 }, (_, number) => record(number, measuring(95, 'Gb/s')));
    const fresh = Array.from({ length: 20 }, (_, number) => record(30 + number, measuring(190, 'Gb/s')));
    expect(standings([...old, ...fresh, record(50, measuring(190, 'Gb/s'))]).at(-1)).toEqual({
      count: 20,
      median: 190,
      change: 0,
      fallen: false,
    });
  });
});
