import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrafficSample } from '../../../../src-main/contract/bench-record';
import { places, quietest } from '../../../../src-renderer/features/benchmarks/charts/band-plugin';
import { Pace } from '../../../../src-renderer/features/benchmarks/charts/pace';
import {
  throughputGraph,
  type ThroughputWindow,
} from '../../../../src-renderer/features/benchmarks/charts/throughput-graph';
import { english } from './words';

const nodes = ['one', 'two'] as const;
const moving: ThroughputWindow = { seconds: 120, top: 0, expected: null };

function sample(at: number, gbps: number, node = 'one', half: 'a' | 'b' | null = 'a'): TrafficSample {
  const rate = gbps * 125_000_000;
  const link = { netdev: 'enp1s0f1np1', port: 1 as const, half, receivedPerSecond: 0, rdma: true };
  return { at, links: [{ ...link, node, sentPerSecond: rate }] };
}
const graphOf = (samples: readonly TrafficSample[], window = moving) =>
  throughputGraph(samples, nodes, window, english, 't');

describe('throughputGraph', () => {
  it('has a lane for each half, and a line for what each node sends', () => {
    const graph = graphOf([sample(1, 92)]);
    expect(graph.lanes).toHaveLength(2);
    expect(graph.lines.map(({ label, lane, points }) => [label, lane, points])).toEqual([
      ['one → two', 0, [{ x: 1, y: 92 }]],
      ['two → one', 0, [{ x: 1, y: 0 }]],
      ['one → two', 1, []],
      ['two → one', 1, []],
    ]);
  });

  it('takes what the other one receives where the sender could not be read', () => {
    const [link] = sample(1, 0, 'two').links;
    const samples = [{ at: 1, links: [{ ...link!, receivedPerSecond: 125_000_000 }] }];
    expect(graphOf(samples).lines[0]!.points).toEqual([{ x: 1, y: 1 }]);
  });

  it('shows links of neither half in a lane of their own', () => {
    expect(graphOf([sample(1, 5, 'one', null)]).lanes.map(({ title }) => title)).toContain('Other links');
  });

  it('moves on by ten seconds at a time, and forgets what has left', () => {
    const samples = Array.from({ length: 140 }, (_, at) => sample(at, 90));
    const at = (count: number) => graphOf(samples.slice(0, count)).x;
    expect(at(5)).toMatchObject({ from: 0, to: 10 });
    expect(at(122)).toMatchObject({ from: 10, to: 130 });
    expect(at(125)).toEqual(at(122));
    expect(graphOf(samples).lines[0]!.points[0]!.x).toBe(20);
  });

  it('keeps an axis that has grown, for both lanes', () => {
    expect(graphOf([sample(1, 5)], { ...moving, top: 100 }).lanes.map(({ to }) => to)).toEqual([100, 100]);
  });

  it('leaves room for what is expected to come', () => {
    expect(graphOf([sample(1, 5)], { ...moving, expected: 30 }).x.to).toBe(30);
  });

  it('of one that has ended, ends where it ended', () => {
    expect(graphOf([sample(1, 5), sample(3.5, 5)], { ...moving, seconds: Infinity }).x).toMatchObject({
      from: 0,
      to: 4,
    });
  });
});

describe('Pace', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('acts at once, then at most once in a while, and never misses the last', () => {
    let seen = 0;
    let drawn = -1;
    let times = 0;
    const pace = new Pace(250, () => {
      drawn = seen;
      times++;
    });
    for (seen = 1; seen <= 100; seen++) {
      pace.wanted();
      vi.advanceTimersByTime(10);
    }
    expect(times).toBeLessThanOrEqual(5);
    seen = 100;
    vi.advanceTimersByTime(250);
    expect(drawn).toBe(100);
  });

  it('does nothing after its end', () => {
    const act = vi.fn();
    const pace = new Pace(250, act);
    pace.wanted();
    pace.wanted();
    pace.stop();
    vi.advanceTimersByTime(1000);
    expect(act).toHaveBeenCalledTimes(1);
  });
});

describe('the name of the band', () => {
  const area = { left: 40, right: 440, top: 10, bottom: 210, width: 400, height: 200 };

  it('stands in the band where that is high enough, beside it where not', () => {
    expect(places({ top: 50, bottom: 90 }, area, 100)[0]).toMatchObject({ x: 48, y: 61 });
    expect(places({ top: 50, bottom: 58 }, area, 100)[0]).toMatchObject({ y: 60 });
    expect(places({ top: 10, bottom: 210 }, area, 100).length).toBeGreaterThan(0);
  });

  it('keeps out of the way of the lines', () => {
    const boxes = places({ top: 50, bottom: 90 }, area, 100);
    const line = Array.from({ length: 30 }, (_, index) => ({ x: 40 + index * 5, y: 70 }));
    expect(quietest(boxes, line).x).toBe(332);
    expect(quietest(boxes, [])).toBe(boxes[0]);
  });
});
