import type { Bandwidth, BenchPoint, BenchResult, BenchSeries, BenchSummary } from '../../contract/benchmark';
import { bandwidth } from './units';

/**
 * Two runs of one tool at the same time, one over each half, as one result: the series of each stay under the name of its
 * device, `sum` holds both at every size that both measured, and the summary their sum. Null when one of them has no
 * bandwidth and no replies, or they are of different tools.
 */
export function combine(one: BenchResult, other: BenchResult): BenchResult | null {
  if (one.tool !== other.tool) return null;
  const [first, second] = [bySize(one), bySize(other)];
  const points = [...first].flatMap(([x, rate]): BenchPoint[] => {
    const more = second.get(x);
    return more === undefined ? [] : [{ x, bandwidth: gigabits(rate + more) }];
  });
  const whole = together(one.summary.bandwidth, other.summary.bandwidth) ?? points.at(-1)?.bandwidth;
  const replies = answered(one.summary, other.summary);
  if (whole === undefined && replies === null) return null;
  const back = together(one.summary.reverseBandwidth, other.summary.reverseBandwidth);
  const retransmits = (one.summary.retransmits ?? 0) + (other.summary.retransmits ?? 0);
  const streams = (one.parameters.streams ?? 0) + (other.parameters.streams ?? 0);
  return {
    ...one,
    status: [one, other].find(({ status }) => status !== 'done')?.status ?? 'done',
    parameters: {
      ...one.parameters,
      devices: [...new Set([...one.parameters.devices, ...other.parameters.devices])],
      streams: streams === 0 ? null : streams,
      peer: null,
    },
    series: [
      ...(points.length === 0 ? [] : [{ id: 'sum', axis: 'size' as const, points }]),
      ...named(one, 1),
      ...named(other, 2),
    ],
    summary: {
      ...replies,
      ...(whole === undefined ? {} : { bandwidth: whole }),
      ...(back === undefined ? {} : { reverseBandwidth: back }),
      ...(retransmits === 0 ? {} : { retransmits }),
    },
    warnings: [...one.warnings, ...other.warnings],
    error: one.error ?? other.error,
  };
}

function named({ series, parameters }: BenchResult, place: number): BenchSeries[] {
  const name = parameters.devices[0] ?? String(place);
  return series.map((one) => ({ ...one, id: `${name} ${one.id}` }));
}

/** Bytes per second by message size, ascending; rows of one size are averaged. */
function bySize({ series }: BenchResult): Map<number, number> {
  const rates = new Map<number, number[]>();
  for (const { axis, points } of series) {
    for (const { x, bandwidth: rate } of axis === 'size' ? points : []) {
      if (x === null || rate === undefined) continue;
      const same = rates.get(x);
      if (same === undefined) rates.set(x, [rate.bytesPerSecond]);
      else same.push(rate.bytesPerSecond);
    }
  }
  return new Map(
    [...rates]
      .sort(([size], [other]) => size - other)
      .map(([size, all]) => [size, all.reduce((sum, rate) => sum + rate, 0) / all.length]),
  );
}

function together(one: Bandwidth | undefined, other: Bandwidth | undefined): Bandwidth | undefined {
  return one && other ? gigabits(one.bytesPerSecond + other.bytesPerSecond) : undefined;
}

/** Packets of both pings, and how long the replies took. */
function answered(one: BenchSummary, other: BenchSummary): BenchSummary | null {
  if (!one.packets || !other.packets) return null;
  const packets = {
    sent: one.packets.sent + other.packets.sent,
    received: one.packets.received + other.packets.received,
  };
  const [first, second] = [one.latency, other.latency];
  const either = (of: (...values: number[]) => number, name: 'minUs' | 'maxUs' | 'averageUs') => {
    const known = [first?.[name], second?.[name]].filter((value) => value !== undefined);
    return known.length === 0 ? {} : { [name]: of(...known) };
  };
  const mean = (...values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    packets,
    latency: { ...either(Math.min, 'minUs'), ...either(mean, 'averageUs'), ...either(Math.max, 'maxUs') },
  };
}

function gigabits(bytesPerSecond: number): Bandwidth {
  return bandwidth((bytesPerSecond * 8) / 1e9, 'Gb/sec');
}
