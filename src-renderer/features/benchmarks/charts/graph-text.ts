import { digits, figure, type Sayer } from './figures';
import { placesOf, type Graph, type GraphAxis, type GraphLine } from './graph';

/** What is said at a place of the x axis. */
export function placeName(axis: GraphAxis, x: number, words: Sayer): string {
  switch (axis.kind) {
    case 'size':
      return words.bytes(x);
    case 'seconds':
      return words.say('bench.chart.seconds', { value: digits(x, words.locale) });
    case 'category':
      return axis.labels?.[x] ?? '';
    case 'number':
      return digits(x, words.locale);
  }
}

/** The name of a line, with that of its lane where there are several. */
export function lineName({ lanes }: Graph, { label, lane = 0 }: GraphLine): string {
  return lanes.length > 1 ? `${lanes[lane]?.title ?? ''}, ${label}` : label;
}

/** The graph for somebody who does not see it. */
export function summaryOf(graph: Graph, words: Sayer): string {
  const lines = graph.lines.flatMap((line) => {
    const first = line.points[0];
    const last = line.points.at(-1);
    if (first === undefined || last === undefined) return [];
    const most = line.points.reduce((best, point) => (point.y > best.y ? point : best));
    const at = (point: typeof first) => placeName(graph.x, point.x, words);
    const value = (point: typeof first) => figure(words, point.y, graph.y.unit);
    return words.say('bench.chart.summary.line', {
      count: line.points.length,
      line: lineName(graph, line),
      first: value(first),
      from: at(first),
      last: value(last),
      to: at(last),
      most: value(most),
      at: at(most),
    });
  });
  const said = lines.length === 0 ? [words.say('bench.chart.empty')] : lines;
  return [graph.title, `${graph.y.title} / ${graph.x.title}`, graph.band?.label ?? '', ...said]
    .filter((part) => part !== '')
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(' ');
}

/** What every line says at one place of the x axis. */
export function spokenAt(graph: Graph, x: number, words: Sayer): string {
  const figures = graph.lines.flatMap((line) => {
    const point = line.points.find((one) => one.x === x);
    return point === undefined ? [] : `${lineName(graph, line)}: ${figure(words, point.y, graph.y.unit)}`;
  });
  return `${placeName(graph.x, x, words)}. ${figures.join(', ')}`;
}

export interface GraphTable {
  readonly head: readonly string[];
  readonly rows: readonly {
    readonly key: number;
    readonly name: string;
    readonly cells: readonly string[];
  }[];
}

/** A row for each place of the x axis, a column for each line. */
export function tableOf(graph: Graph, words: Sayer): GraphTable {
  const columns = graph.lines.map(({ points }) => new Map(points.map(({ x, y }) => [x, y])));
  return {
    head: [
      graph.x.title,
      ...graph.lines.map((line) =>
        words.say('bench.chart.axis.with-unit', { title: lineName(graph, line), unit: graph.y.unit }),
      ),
    ],
    rows: placesOf(graph).map((x) => ({
      key: x,
      name: placeName(graph.x, x, words),
      cells: columns.map((column) => {
        const y = column.get(x);
        return y === undefined ? '' : digits(y, words.locale);
      }),
    })),
  };
}
