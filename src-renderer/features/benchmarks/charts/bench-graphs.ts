import type { Latency } from '../../../api/types';
import {
  courseOf,
  isLatency,
  linesOf,
  unitOf,
  wholeSeries,
  type Course,
  type Measured,
} from './bench-series';
import { bandIn, digits, latencyIn, middleOf, type FigureUnit, type Sayer } from './figures';
import type { Graph, GraphAxis, GraphLine, GraphPoint } from './graph';
import { looks, percentileLook } from './looks';

/** More than so many times apart, and figures of one graph are drawn by multiples. */
const FAR = 30;

/**
 * The graph of one measurement; null where it gave one figure only, which has no course.
 * @param nodes names in the pair, as people read them
 */
export function recordGraph(
  record: Measured,
  nodes: readonly [string, string],
  title: string,
  words: Sayer,
): Graph | null {
  const course = courseOf(record);
  const unit = unitOf(record);
  const y = measureOf(record, words);
  if (isLatency(record) && (course === 'size' || course === null)) {
    return course === null ? shares(record, unit, title, words) : latencies(record, unit, title, words);
  }
  if (course === null) return null;
  const lines = linesOf(record, course, nodes, words);
  // The band is that of the whole: it says nothing where only the halves are drawn.
  const whole = record.parts.length < 2 || lines.some(({ id }) => id === 'both');
  const { healthy, sizeBytes } = record.verdict;
  const size = course === 'size' ? sizeBytes : null;
  const band = whole ? bandIn(words, unit, healthy, size) : null;
  const last = Math.max(1, ...lines.flatMap(({ points }) => points.map(({ x }) => x)));
  const x = { ...axisOf(course, words), ...(course === 'time' ? { to: Math.ceil(last) } : {}) };
  return { title, x, y, lanes: [{ title: '' }], lines, band };
}

export function measureOf(record: Pick<Measured, 'request'>, words: Sayer): Graph['y'] {
  const what = isLatency(record) ? 'latency' : record.request.tool === 'nccl' ? 'bus' : 'bandwidth';
  return { title: words.say(`bench.chart.axis.${what}`), unit: unitOf(record) };
}

export function axisOf(course: Course, words: Sayer): GraphAxis {
  const kinds = { size: 'size', report: 'number', time: 'seconds', packet: 'number' } as const;
  const titles = { size: 'size', report: 'report', time: 'since-start', packet: 'packet' };
  return {
    kind: kinds[course],
    title: words.say(`bench.chart.axis.${titles[course]}`),
    ...(course === 'time' ? { from: 0 } : {}),
  };
}

type Unit = Extract<FigureUnit, 'µs' | 'ms'>;

interface Statistic {
  readonly id: string;
  readonly label: string;
  readonly us: number;
}

/** What a tool tells of the times of many messages, from the quickest to the slowest. */
export function statisticsOf(latency: Latency, words: Sayer): Statistic[] {
  const { minUs, maxUs, percentiles = [] } = latency;
  const middle = middleOf(latency);
  const named = (id: string, us: number | undefined): Statistic[] =>
    us === undefined ? [] : [{ id, label: words.say(`bench.chart.statistic.${id}`), us }];
  return [
    ...named('min', minUs),
    ...named(latency.typicalUs === undefined ? 'average' : 'typical', middle),
    ...percentiles.map(({ rank, us }) => ({
      id: `p${rank}`,
      label: words.say('bench.chart.statistic.percentile', { rank: digits(rank, words.locale) }),
      us,
    })),
    ...named('max', maxUs),
  ];
}

/** Over sizes: a line for the middle and one for each other thing that the tool tells. */
function latencies(record: Measured, unit: FigureUnit, title: string, words: Sayer): Graph {
  const points = record.parts.flatMap(({ result }) =>
    wholeSeries(result, 'size').flatMap((series) => series.points),
  );
  const lines = new Map<string, GraphLine & { points: GraphPoint[] }>();
  for (const { x, latency } of points) {
    if (x === null || latency === undefined) continue;
    for (const { id, label, us } of statisticsOf(latency, words)) {
      const line = lines.get(id) ?? { id, label, look: statisticLook(id, lines.size), points: [] };
      line.points.push({ x, y: latencyIn(unit as Unit, us) });
      lines.set(id, line);
    }
  }
  const values = [...lines.values()].flatMap((line) => line.points.map(({ y }) => y));
  const log = Math.max(...values) > FAR * Math.min(...values);
  return {
    title,
    x: axisOf('size', words),
    y: { ...measureOf(record, words), log },
    lanes: [{ title: '' }],
    lines: [...lines.values()],
    band: bandIn(words, unit, record.verdict.healthy, record.verdict.sizeBytes),
  };
}

function statisticLook(id: string, index: number): GraphLine['look'] {
  if (id === 'min') return looks.least;
  if (id === 'max') return looks.most;
  return id.startsWith('p') ? percentileLook(index - 2) : looks.whole;
}

/** Of one size: from the quickest message to the slowest. */
function shares(record: Measured, unit: FigureUnit, title: string, words: Sayer): Graph | null {
  const statistics = record.parts.flatMap(({ result }) => {
    const [point] = wholeSeries(result, 'size').flatMap((series) => series.points);
    const latency = point?.latency ?? result.summary.latency;
    return latency === undefined ? [] : [statisticsOf(latency, words)];
  });
  const labels = statistics[0]?.map(({ label }) => label) ?? [];
  if (labels.length < 2) return null;
  return {
    title,
    x: { kind: 'category', title: words.say('bench.chart.axis.statistic'), labels },
    y: measureOf(record, words),
    lanes: [{ title: '' }],
    lines: statistics.map((list, index) => ({
      id: String(index),
      label: words.say('bench.chart.axis.latency'),
      look: looks.whole,
      points: list.map(({ us }, x) => ({ x, y: latencyIn(unit as Unit, us) })),
    })),
    band: bandIn(words, unit, record.verdict.healthy),
  };
}
