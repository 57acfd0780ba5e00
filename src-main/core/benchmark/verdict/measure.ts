import type { BenchPoint, BenchResult } from '../../../contract/benchmark';
import { gigabits, gigabytes } from '../units';
import type { Row } from './table';

/** The figure of a result that is held against the table. */
export interface Measured {
  readonly value: number;
  readonly unit: Row['unit'];
  readonly sizeBytes: number | null;
}

/** Message size that is judged: the largest, where a link shows what it can. Null where the output tells none. */
export function judgedSize(result: BenchResult, smallest = false): number | null {
  const sizes = sized(result).flatMap(({ x }) => (x === null ? [] : [x]));
  if (sizes.length === 0) return null;
  return sizes.reduce((one, other) => (smallest === other < one ? other : one));
}

/** Mean over the rows of one size: repeated ones, and for NCCL in place and out of place as NVIDIA's bar has it. */
export function measured(result: BenchResult, metric: Row['metric'], unit: Row['unit']): Measured | null {
  const sizeBytes = judgedSize(result, metric === 'latency');
  const points = sized(result).filter(({ x }) => x === sizeBytes);
  const rates = points.flatMap((point) => figure(point, metric, unit) ?? []);
  if (rates.length === 0) {
    const whole = figure({ x: null, ...result.summary }, metric, unit);
    return whole === null ? null : { value: whole, unit, sizeBytes };
  }
  return { value: rates.reduce((sum, rate) => sum + rate, 0) / rates.length, unit, sizeBytes };
}

/** The rate of the link in Gb/s, whatever the tool; null for tests of latency. */
export function linkRate(result: BenchResult): number | null {
  if (/^ping$|_lat$/.test(result.tool)) return null;
  const metric = result.tool === 'nccl' ? 'busBandwidth' : 'bandwidth';
  return measured(result, metric, 'Gb/s')?.value ?? null;
}

/** Of two runs at once only the sum counts. */
function sized({ series }: BenchResult): BenchPoint[] {
  const bySize = series.filter(({ axis }) => axis === 'size');
  const sum = bySize.filter(({ id }) => id === 'sum');
  return (sum.length > 0 ? sum : bySize).flatMap(({ points }) => points);
}

function figure(point: BenchPoint, metric: Row['metric'], unit: Row['unit']): number | null {
  if (metric === 'latency') return point.latency?.typicalUs ?? point.latency?.averageUs ?? null;
  const rate = metric === 'busBandwidth' ? point.busBandwidth : point.bandwidth;
  if (rate === undefined) return null;
  return unit === 'GB/s' ? gigabytes(rate) : gigabits(rate);
}
