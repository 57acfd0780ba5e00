import { describe, expect, it } from 'vitest';
import { recordGraph } from '../../../../src-renderer/features/benchmarks/charts/bench-graphs';
import { courseOf } from '../../../../src-renderer/features/benchmarks/charts/bench-series';
import { compareGraph, trendGraph } from '../../../../src-renderer/features/benchmarks/charts/compare-graphs';
import { comparedLook } from '../../../../src-renderer/features/benchmarks/charts/looks';
import { dailyHistory } from '../../../renderer/fixtures/bench-history';
import {
  ncclOne,
  ncclSweep,
  ncclTcp,
  pings,
  tcpStreams,
  writeBoth,
  writeLatency,
} from '../../../renderer/fixtures/bench-records';
import { english, korean } from './words';

const nodes = ['one', 'two'] as const;
const graphOf = (record: Parameters<typeof recordGraph>[0]) => recordGraph(record, nodes, 't', english);
const GIB = 1024 ** 3;

describe('recordGraph', () => {
  it('draws both halves and their sum, report by report, with the band of the whole', () => {
    const graph = graphOf(writeBoth)!;
    expect(graph.lines.map(({ label }) => label)).toEqual(['Both halves', 'Half A', 'Half B']);
    const [both, a, b] = graph.lines.map(({ points }) => points[0]!.y);
    expect(both).toBeCloseTo(a! + b!, 9);
    expect(graph.band).toMatchObject({ from: 185, to: 198, label: 'Healthy: 185–198 Gb/s' });
  });

  it('leaves the band of both halves out where only one of them has figures', () => {
    const empty = { ...writeBoth.parts[1]!.result, series: [], summary: {} };
    const parts = [writeBoth.parts[0]!, { halves: 'b' as const, result: empty }];
    expect(graphOf({ ...writeBoth, parts })).toMatchObject({ band: null, lines: [{ id: 'a' }] });
  });

  it('draws a sweep over its sizes, and says which size the band is of', () => {
    const graph = graphOf(ncclSweep)!;
    expect(graph.x.kind).toBe('size');
    expect(graph.y).toEqual({ title: 'Bus bandwidth', unit: 'GB/s' });
    expect(graph.lines.map(({ label }) => label)).toEqual(['Out of place', 'In place']);
    expect(graph.lines[0]!.points.at(-1)).toEqual({ x: 16 * GIB, y: 23.74 });
    expect(graph.band!.label).toBe('Healthy at 16 GiB: 21.88–24.2 GB/s');
  });

  it('draws the latency of one size from the quickest message to the slowest', () => {
    const graph = graphOf(writeLatency)!;
    expect(graph.x.labels).toEqual(['Quickest', 'Typical', '99 %', '99.9 %', 'Slowest']);
    expect(graph.lines[0]!.points.map(({ y }) => y)).toEqual([1.42, 1.47, 1.57, 1.93, 1.93]);
  });

  it('draws the latencies of several sizes by multiples, where they lie far apart', () => {
    const part = writeLatency.parts[0]!;
    const series = part.result.series.map((one) => ({
      ...one,
      points: [
        ...one.points,
        { ...one.points[0]!, x: 8 * 1024 ** 2, latency: { typicalUs: 700, minUs: 690 } },
      ],
    }));
    const parts = [{ ...part, result: { ...part.result, series } }];
    const graph = graphOf({ ...writeLatency, parts })!;
    expect(graph.y.log).toBe(true);
    expect(graph.lines.find(({ id }) => id === 'typical')!.points).toEqual([
      { x: 2, y: 1.47 },
      { x: 8 * 1024 ** 2, y: 700 },
    ]);
    expect(graph.lines.find(({ id }) => id === 'p99')!.points).toHaveLength(1);
  });

  it('draws packets by their number, in milliseconds, and seconds from the start', () => {
    const ping = graphOf(pings)!;
    expect(ping.lines[0]!.points.map(({ y }) => y)).toEqual([0.565, 0.444, 0.886]);
    expect(ping.y.unit).toBe('ms');
    const tcp = graphOf(tcpStreams)!;
    expect(tcp.x).toMatchObject({ kind: 'seconds', from: 0, to: 3 });
  });

  it('has none for a single figure', () => {
    expect(courseOf(ncclOne)).toBeNull();
    expect(graphOf(ncclOne)).toBeNull();
    expect(graphOf({ ...ncclOne, parts: [], result: null })).toBeNull();
  });

  it('speaks the language of the window', () => {
    expect(recordGraph(ncclSweep, nodes, 't', korean)!.y.title).toBe('버스 대역폭');
  });
});

describe('compareGraph', () => {
  const of = (...records: (typeof ncclSweep)[]) =>
    compareGraph(
      records.map((record) => ({ record, label: record.id })),
      't',
      english,
    );

  it('draws sweeps and single sizes over the same sizes, NCCL by the mean of its two ways', () => {
    const graph = of(ncclTcp, ncclSweep)!;
    expect(graph.x.kind).toBe('size');
    expect(graph.lines.map(({ look }) => look.loose)).toEqual([true, false]);
    expect(graph.lines[1]!.points.at(-1)!.y).toBeCloseTo(23.97, 9);
    expect(graph.lines[0]!.points).toEqual([{ x: 16 * GIB, y: 3.005 }]);
    expect(graph.band).not.toBeNull();
  });

  it('puts single figures side by side, each in its own place', () => {
    const graph = of(ncclOne, ncclTcp)!;
    expect(graph.x).toMatchObject({ kind: 'category', labels: [ncclOne.id, ncclTcp.id] });
    expect(graph.lines.map(({ points }) => points)).toEqual([[{ x: 0, y: 22.96 }], [{ x: 1, y: 3.005 }]]);
  });

  it('has none for figures of different units', () => {
    expect(of(ncclSweep, writeLatency)).toBeNull();
  });

  it('leaves the band out where not all were held against the same', () => {
    expect(of(ncclSweep, { ...ncclTcp, verdict: { ...ncclTcp.verdict, healthy: null } })!.band).toBeNull();
  });

  it('tells ten lines apart by pattern and shape, whatever their colour', () => {
    const looks = Array.from({ length: 10 }, (_, index) => comparedLook(index));
    expect(new Set(looks.map(({ dash, mark }) => `${dash} ${mark}`)).size).toBe(10);
    expect(new Set(looks.map(({ tone, mark }) => `${tone} ${mark}`)).size).toBe(10);
  });
});

describe('trendGraph', () => {
  const healthy = { from: 92, to: 111, unit: 'Gb/s' };

  it('draws one kind, oldest first, and what was not healthy by another shape', () => {
    const graph = trendGraph(dailyHistory, healthy, 't', english)!;
    expect(graph.lines.map(({ id, points }) => [id, points.length])).toEqual([
      ['good', 9],
      ['suspicious', 1],
    ]);
    expect(graph.lines[1]!.points).toEqual([{ x: 9, y: 71.398 }]);
    expect(graph.x.labels).toHaveLength(10);
    expect(graph.lines[0]!.look.mark).not.toBe(graph.lines[1]!.look.mark);
  });

  it('needs two figures', () => {
    expect(trendGraph(dailyHistory.slice(0, 1), healthy, 't', english)).toBeNull();
  });
});
