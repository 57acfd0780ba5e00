import type { BenchPart, BenchPoint } from '../../../api/types';
import {
  bandwidthIn,
  figure,
  latencyIn,
  latencyUnit,
  middleOf,
  rateUnit,
  type Sayer,
} from '../charts/figures';

export interface Newest {
  readonly halves: BenchPart['halves'];
  /** In words; null while there is none. */
  readonly figure: string | null;
  /** Message size in bytes that it is of, where sizes are gone through. */
  readonly size: number | null;
}

/** The newest figure of each connection of a measurement. */
export function newestFigures(words: Sayer, parts: readonly BenchPart[]): Newest[] {
  return parts.map(({ halves, result }) => {
    const whole = result.series.filter(({ stream }) => stream === undefined);
    const series = whole.at(-1) ?? result.series.at(-1);
    const point = series?.points.at(-1);
    const size = series?.axis === 'size' ? (point?.x ?? null) : null;
    return { halves, size, figure: point ? figureOf(words, result, point) : null };
  });
}

function figureOf(words: Sayer, result: BenchPart['result'], point: BenchPoint): string | null {
  const unit = rateUnit(result);
  const rate = bandwidthIn(unit, point.busBandwidth ?? point.bandwidth);
  if (rate !== null) return figure(words, rate, unit);
  const us = point.latency && middleOf(point.latency);
  if (us === undefined) return null;
  const time = latencyUnit(result);
  return figure(words, latencyIn(time, us), time);
}
