import type { BenchPart, BenchPoint, BenchRecord, BenchResult, BenchSeries } from '../../../api/types';
import {
  bandwidthIn,
  latencyIn,
  latencyUnit,
  middleOf,
  rateUnit,
  type FigureUnit,
  type Sayer,
} from './figures';
import type { GraphLine, GraphPoint, LineLook } from './graph';
import { looks } from './looks';

/** What a graph needs of a record. */
export type Measured = Pick<BenchRecord, 'parts' | 'result' | 'verdict' | 'request'>;

export function isLatency({ request }: Pick<BenchRecord, 'request'>): boolean {
  if (request.tool === 'ucx_perftest') return request.operation.endsWith('_lat');
  return request.tool === 'ping' || request.tool.endsWith('_lat');
}

export function unitOf(record: Pick<Measured, 'request'>): FigureUnit {
  return isLatency(record) ? latencyUnit(record.request) : rateUnit(record.request);
}

/** The figure of a point that its tool is about, in the unit of its graph. */
export function figureOf(record: Pick<Measured, 'request'>, point: BenchPoint): number | null {
  const unit = unitOf(record);
  if (unit === 'µs' || unit === 'ms') {
    const us = point.latency === undefined ? undefined : middleOf(point.latency);
    return us === undefined ? null : latencyIn(unit, us);
  }
  return bandwidthIn(unit, record.request.tool === 'nccl' ? point.busBandwidth : point.bandwidth);
}

/**
 * Along which axis a record is drawn: over sizes where there are several, over the tool's reports where it has said the
 * same size again and again, over time or packets where it told those. Null: one figure has no course.
 */
export type Course = 'size' | 'report' | 'time' | 'packet';

export function courseOf({ parts }: Pick<Measured, 'parts'>): Course | null {
  const [result] = parts.map((part) => part.result);
  if (result === undefined) return null;
  const points = (axis: BenchSeries['axis']) => wholeSeries(result, axis).flatMap((series) => series.points);
  const sizes = new Set(points('size').map(({ x }) => x));
  if (sizes.size > 1) return 'size';
  if (wholeSeries(result, 'size').some((series) => series.points.length > 1)) return 'report';
  if (points('time').length > 1) return 'time';
  return points('sequence').length > 1 ? 'packet' : null;
}

/** Series of the whole, not those of one connection each. */
export function wholeSeries({ series }: BenchResult, axis: BenchSeries['axis']): BenchSeries[] {
  const own = series.filter((one) => one.axis === axis);
  const whole = own.filter(({ stream }) => stream === undefined);
  return whole.length > 0 ? whole : own;
}

const axes: Readonly<Record<Course, BenchSeries['axis']>> = {
  size: 'size',
  report: 'size',
  time: 'time',
  packet: 'sequence',
};

/** The lines of a record: the whole, then each half where both were measured. */
export function linesOf(
  record: Measured,
  course: Course,
  nodes: readonly [string, string],
  words: Sayer,
): GraphLine[] {
  const [one, other] = record.parts;
  if (one === undefined) return [];
  if (other === undefined) return partLines(record, one, course, nodes, words);
  const halves = [one, other].flatMap((part): GraphLine[] => {
    const [line] = partLines(record, part, course, nodes, words);
    const half = part.halves === 'b' ? 'b' : 'a';
    return line === undefined
      ? []
      : [{ ...line, id: half, label: halvesName(words, half), look: looks[half] }];
  });
  const [first, second] = halves;
  const sum = first && second && !isLatency(record) ? together(first.points, second.points, course) : [];
  return sum.length === 0
    ? halves
    : [{ id: 'both', label: halvesName(words, 'both'), look: looks.whole, points: sum }, ...halves];
}

export function halvesName(words: Sayer, halves: BenchPart['halves']): string {
  return words.say('bench.chart.halves', { halves });
}

function partLines(
  record: Measured,
  { halves, result }: BenchPart,
  course: Course,
  nodes: readonly [string, string],
  words: Sayer,
): GraphLine[] {
  return wholeSeries(result, axes[course]).map((series): GraphLine => {
    const points = series.points.flatMap((point, index): GraphPoint[] => {
      const y = figureOf(record, point);
      const x = course === 'report' ? index + 1 : (point.x ?? index + 1);
      return y === null ? [] : [{ x, y }];
    });
    return { ...named(series, halves, nodes, words), id: series.id, points: ascending(points) };
  });
}

function named(
  { inPlace, direction, id }: BenchSeries,
  halves: BenchPart['halves'],
  nodes: readonly [string, string],
  words: Sayer,
): { label: string; look: LineLook } {
  if (inPlace !== undefined) {
    const label = words.say(`bench.chart.${inPlace ? 'in-place' : 'out-of-place'}`);
    return { label, look: inPlace ? looks.inPlace : looks.whole };
  }
  if (direction !== undefined) {
    const [from, to] = direction === 'forward' ? nodes : [nodes[1], nodes[0]];
    return { label: words.say('bench.chart.sent', { from, to }), look: looks[direction] };
  }
  return {
    label: id === 'main' ? halvesName(words, halves) : `${halvesName(words, halves)}, ${id}`,
    look: looks.whole,
  };
}

/** One point for each place; several figures of one place are averaged, as the verdict does. */
function ascending(points: readonly GraphPoint[]): GraphPoint[] {
  const places = new Map<number, number[]>();
  for (const { x, y } of points) places.set(x, [...(places.get(x) ?? []), y]);
  return [...places]
    .sort(([one], [other]) => one - other)
    .map(([x, all]) => ({ x, y: all.reduce((sum, y) => sum + y, 0) / all.length }));
}

/** Both halves at once: of the same size, or of the same report; clocks of two programs never agree to the digit. */
function together(one: readonly GraphPoint[], other: readonly GraphPoint[], course: Course): GraphPoint[] {
  if (course === 'size') {
    const rates = new Map(other.map(({ x, y }) => [x, y]));
    return one.flatMap(({ x, y }) => {
      const more = rates.get(x);
      return more === undefined ? [] : [{ x, y: y + more }];
    });
  }
  return one.slice(0, other.length).map(({ x, y }, index) => ({ x, y: y + (other[index]?.y ?? 0) }));
}
