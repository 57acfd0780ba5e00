import type { BenchListed, BenchRecord, BenchVerdict } from '../../../api/types';
import { axisOf, measureOf, statisticsOf } from './bench-graphs';
import { courseOf, figureOf, isLatency, linesOf, unitOf, wholeSeries } from './bench-series';
import { bandIn, latencyIn, type FigureUnit, type Sayer } from './figures';
import type { Graph, GraphLine } from './graph';
import { comparedLook, looks } from './looks';

export interface Compared {
  readonly record: BenchRecord;
  /** What it is called in the legend. */
  readonly label: string;
}

/**
 * Measurements over each other, a line for each; null where they have nothing in common to be drawn. Those that measured
 * sizes are drawn over them; latencies of one size from the quickest message to the slowest; single figures side by side.
 */
export function compareGraph(compared: readonly Compared[], title: string, words: Sayer): Graph | null {
  const [first] = compared;
  if (first === undefined || new Set(compared.map(({ record }) => unitOf(record))).size > 1) return null;
  const base = {
    title,
    y: measureOf(first.record, words),
    lanes: [{ title: '' }],
    band: sharedBand(compared, words),
  };
  if (compared.some(({ record }) => courseOf(record) === 'size')) {
    return {
      ...base,
      x: axisOf('size', words),
      lines: compared.map((one, index) => overSizes(one, index, words)),
    };
  }
  if (isLatency(first.record)) return overShares(base, compared, words);
  return { ...base, ...sideBySide(compared, words) };
}

/** The line of the whole. Of NCCL the mean of in place and out of place, as its verdict has it. */
function overSizes({ record, label }: Compared, index: number, words: Sayer): GraphLine {
  const lines = linesOf(record, 'size', ['', ''], words);
  const [main] = lines;
  const points = record.request.tool === 'nccl' ? mean(lines) : (main?.points ?? []);
  return { id: record.id, label, look: { ...comparedLook(index), loose: points.length === 1 }, points };
}

function mean(lines: readonly GraphLine[]): GraphLine['points'] {
  const all = new Map<number, number[]>();
  for (const { x, y } of lines.flatMap(({ points }) => points)) all.set(x, [...(all.get(x) ?? []), y]);
  return [...all]
    .sort(([one], [other]) => one - other)
    .map(([x, values]) => ({ x, y: values.reduce((sum, y) => sum + y, 0) / values.length }));
}

type Base = Omit<Graph, 'x' | 'lines'>;

function overShares(base: Base, compared: readonly Compared[], words: Sayer): Graph | null {
  const unit = base.y.unit === 'ms' ? 'ms' : 'µs';
  const lists = compared.map(({ record }) => {
    const result = record.parts[0]?.result;
    const point = result && wholeSeries(result, 'size')[0]?.points[0];
    const latency = point?.latency ?? result?.summary.latency;
    return latency === undefined ? [] : statisticsOf(latency, words);
  });
  const labels = [...new Set(lists.flatMap((list) => list.map(({ label }) => label)))];
  if (labels.length < 2) return null;
  return {
    ...base,
    x: { kind: 'category', title: words.say('bench.chart.axis.statistic'), labels },
    lines: compared.map(({ record, label }, index) => ({
      id: record.id,
      label,
      look: comparedLook(index),
      points: (lists[index] ?? [])
        .map((one) => ({ x: labels.indexOf(one.label), y: latencyIn(unit, one.us) }))
        .sort((a, b) => a.x - b.x),
    })),
  };
}

function sideBySide(compared: readonly Compared[], words: Sayer): Pick<Graph, 'x' | 'lines'> {
  const labels = compared.map(({ label }) => label);
  return {
    x: { kind: 'category', title: words.say('bench.chart.axis.measurement'), labels },
    lines: compared.map(({ record, label }, index): GraphLine => {
      const y = wholeFigure(record);
      return {
        id: record.id,
        label,
        look: { ...comparedLook(index), loose: true },
        points: y === null ? [] : [{ x: index, y }],
      };
    }),
  };
}

/** The one figure of a record in the unit of its graph; null when nothing was measured. */
export function wholeFigure(record: Pick<BenchRecord, 'request' | 'result' | 'verdict'>): number | null {
  const unit = unitOf(record);
  const { measured } = record.verdict;
  if (measured?.unit === unit) return measured.value;
  const { result } = record;
  if (result === null) return null;
  const last = wholeSeries(result, 'size').at(-1)?.points.at(-1);
  const { bandwidth, latency } = result.summary;
  const whole = { x: null, ...(bandwidth ? { bandwidth } : {}), ...(latency ? { latency } : {}) };
  return figureOf(record, whole) ?? (last === undefined ? null : figureOf(record, last));
}

/** The band that all of them were held against; null where it was not the same. */
function sharedBand(compared: readonly Compared[], words: Sayer): Graph['band'] {
  const bands = new Map(compared.map(({ record }) => [JSON.stringify(record.verdict.healthy), record]));
  const [only] = bands.size > 1 ? [] : bands.values();
  return only === undefined ? null : bandIn(words, unitOf(only), only.verdict.healthy);
}

/**
 * One kind of measurement over time, oldest first, each at the same distance.
 * @param entries of one kind, with a figure; newest first as in the history
 */
export function trendGraph(
  entries: readonly BenchListed[],
  healthy: BenchVerdict['healthy'],
  title: string,
  words: Sayer & { when(time: number): string },
): Graph | null {
  const ordered = [...entries].reverse().filter(({ figure }) => figure !== null);
  const unit = ordered[0]?.figure?.unit;
  if (unit === undefined || ordered.length < 2) return null;
  const points = ordered.flatMap(({ figure, level }, x) =>
    figure?.unit === unit ? [{ x, y: figure.value, level }] : [],
  );
  const of = (id: string, levels: readonly BenchListed['level'][], look: GraphLine['look']): GraphLine[] => {
    const own = points.filter(({ level }) => levels.includes(level)).map(({ x, y }) => ({ x, y }));
    const label = words.say(`bench.chart.trend.${id}`);
    return own.length === 0 ? [] : [{ id, label, look, points: own }];
  };
  return {
    title,
    x: {
      kind: 'category',
      title: words.say('bench.chart.axis.measurement'),
      labels: ordered.map(({ startedAt }) => words.when(startedAt)),
    },
    y: { title: words.say(`bench.chart.axis.${unit.endsWith('/s') ? 'bandwidth' : 'latency'}`), unit },
    lanes: [{ title: '' }],
    lines: [
      ...of('good', ['healthy', 'unknown'], { ...looks.whole, loose: true }),
      ...of('suspicious', ['suspicious'], { tone: 'warn', dash: 'dashed', mark: 'triangle', loose: true }),
      ...of('bad', ['bad'], { tone: 'bad', dash: 'dashed', mark: 'cross', loose: true }),
    ],
    band: bandIn(words, unit as FigureUnit, healthy),
  };
}
