import type {
  ChartConfiguration,
  ChartDataset,
  ChartOptions,
  Point,
  PointStyle,
  TooltipItem,
} from 'chart.js';
import { bandPlugin } from './band-plugin';
import { faint, type Colours } from './colours';
import { digits, figure, roundUp, type Sayer } from './figures';
import { placesOf, type Dash, type Graph, type GraphAxis, type GraphLine, type Mark } from './graph';
import { placeName } from './graph-text';
import { HEADROOM, lanePlugin } from './lane-plugin';

type Scales = NonNullable<ChartOptions<'line'>['scales']>;
type Config = ChartConfiguration<'line', Point[]>;
type Dataset = ChartDataset<'line', Point[]>;

export interface Drawing {
  readonly graph: Graph;
  readonly colours: Colours;
  readonly words: Sayer;
  /** For a picture: CSS pixels that do not follow the page, and pixels of the picture for each of them. */
  readonly fixed?: { readonly ratio: number };
}

export const dashes: Readonly<Record<Dash, number[]>> = { solid: [], dashed: [7, 4], dotted: [2, 3] };
export const pointStyles: Readonly<Record<Mark, PointStyle | false>> = {
  circle: 'circle',
  square: 'rect',
  diamond: 'rectRot',
  triangle: 'triangle',
  cross: 'crossRot',
  none: false,
};

/** More points than these are a line without marks. */
const MARKED = 60;

/** The place of a point on the axis as it is drawn: sizes by their power of two. */
export function placeOn({ kind }: GraphAxis, x: number): number {
  return kind === 'size' ? Math.log2(x) : x;
}

export function plotConfig(drawing: Drawing): Config {
  const { graph } = drawing;
  return {
    type: 'line',
    data: { datasets: graph.lines.map((line) => dataset(line, drawing)) },
    options: options(drawing),
    plugins: [bandPlugin(graph.band, drawing.colours), lanePlugin(graph, drawing.colours)],
  };
}

/** The part of a dataset that changes while it is measured. */
export function dataOf({ points }: GraphLine, axis: GraphAxis): Point[] {
  return points.map(({ x, y }) => ({ x: placeOn(axis, x), y }));
}

function dataset(line: GraphLine, { graph, colours }: Drawing): Dataset {
  const { look, label, lane = 0, points } = line;
  const colour = colours.tones[look.tone];
  const marked = look.mark !== 'none' && (points.length <= MARKED || look.loose === true);
  return {
    label,
    data: dataOf(line, graph.x),
    yAxisID: yName(lane),
    borderColor: colour,
    backgroundColor: look.filled === true ? faint(colour, 0.16) : colours.ground,
    fill: look.filled === true ? 'origin' : false,
    borderWidth: 2,
    borderDash: dashes[look.dash],
    borderJoinStyle: 'round',
    showLine: look.loose !== true,
    pointStyle: pointStyles[look.mark] === false ? 'circle' : pointStyles[look.mark],
    pointRadius: marked ? 4 : 0,
    pointBorderWidth: 2,
    pointBorderColor: colour,
    pointBackgroundColor: look.dash === 'solid' ? colour : colours.ground,
    pointHoverRadius: 6,
    pointHoverBorderWidth: 2,
    pointHoverBorderColor: colour,
    pointHoverBackgroundColor: colours.ground,
    clip: 8,
  };
}

function options(drawing: Drawing): ChartOptions<'line'> {
  const { graph, colours, words, fixed } = drawing;
  const font = fontOf(colours);
  return {
    animation: false,
    parsing: false,
    normalized: true,
    responsive: fixed === undefined,
    maintainAspectRatio: false,
    ...(fixed === undefined ? {} : { devicePixelRatio: fixed.ratio }),
    font,
    color: colours.text,
    interaction: { mode: 'nearest', axis: 'x', intersect: false },
    layout: { padding: { top: 8, right: 12 } },
    scales: { x: xScale(drawing), ...yScales(drawing) },
    plugins: {
      tooltip: {
        backgroundColor: colours.ground,
        borderColor: colours.edge,
        borderWidth: 1,
        titleColor: colours.text,
        bodyColor: colours.text,
        titleFont: { ...font, weight: 600 },
        bodyFont: font,
        padding: 8,
        cornerRadius: 6,
        caretSize: 5,
        usePointStyle: true,
        boxPadding: 4,
        callbacks: {
          title: ([first]) => (first === undefined ? '' : placeNameOf(first, drawing)),
          label: (item) => `${item.dataset.label ?? ''}  ${figure(words, item.parsed.y ?? 0, graph.y.unit)}`,
        },
      },
    },
  };
}

function fontOf({ font }: Colours) {
  return { family: font, size: 12 };
}

function placeNameOf({ datasetIndex, dataIndex }: TooltipItem<'line'>, { graph, words }: Drawing): string {
  const x = graph.lines[datasetIndex]?.points[dataIndex]?.x;
  return x === undefined ? '' : placeName(graph.x, x, words);
}

/** Ends of the x axis as it is drawn. */
export function xRange(graph: Graph): { min: number; max: number } {
  const places = placesOf(graph).map((x) => placeOn(graph.x, x));
  const first = places[0] ?? 0;
  const last = places.at(-1) ?? 1;
  switch (graph.x.kind) {
    case 'category':
      return { min: -0.5, max: (graph.x.labels?.length ?? 1) - 0.5 };
    case 'size':
      return first === last
        ? { min: Math.floor(first) - 1, max: Math.ceil(last) + 1 }
        : { min: first, max: last };
    case 'number':
    case 'seconds': {
      const from = graph.x.from ?? first;
      const to = graph.x.to ?? last;
      return from === to ? { min: from - 1, max: to + 1 } : { min: from, max: to };
    }
  }
}

function xScale({ graph, colours, words }: Drawing): Record<string, unknown> {
  const { x } = graph;
  const whole = x.kind === 'size' || x.kind === 'category';
  return {
    type: 'linear',
    ...xRange(graph),
    title: { display: true, text: x.title, color: colours.dim, font: fontOf(colours) },
    border: { color: colours.edge },
    grid: { color: colours.grid, tickLength: 4, display: x.kind !== 'category' },
    ...(whole ? { afterBuildTicks: wholeTicks } : {}),
    ticks: {
      font: fontOf(colours),
      color: colours.dim,
      maxRotation: 0,
      autoSkip: true,
      autoSkipPadding: 16,
      ...(x.kind === 'number' ? { precision: 0 } : {}),
      callback: (value: number | string) => tickName(x, Number(value), words),
    },
  };
}

/** A tick at every power of two, or at every thing named; Chart.js leaves out those for which there is no room. */
function wholeTicks(axis: { min: number; max: number; ticks: { value: number }[] }): void {
  const first = Math.ceil(axis.min);
  const count = Math.max(0, Math.floor(axis.max) - first + 1);
  axis.ticks = Array.from({ length: count }, (_, index) => ({ value: first + index }));
}

function tickName(axis: GraphAxis, value: number, words: Sayer): string {
  if (axis.kind === 'size') return words.bytes(2 ** value);
  if (axis.kind === 'category') return axis.labels?.[value] ?? '';
  return digits(value, words.locale);
}

export function yName(lane: number): string {
  return `y${lane}`;
}

/** Upper end of a lane's axis. */
export function yTop({ lanes, lines, band }: Graph, lane: number): number {
  const fixed = lanes[lane]?.to;
  if (fixed !== undefined) return fixed;
  const own = lines.filter(({ lane: of = 0 }) => of === lane);
  const most = Math.max(0, ...own.flatMap(({ points }) => points.map(({ y }) => y)));
  return roundUp(Math.max(most, band?.to ?? (band === null ? 0 : band.from * 1.1)));
}

function yScales(drawing: Drawing): Scales {
  const { graph, colours, words } = drawing;
  const font = fontOf(colours);
  const { title, unit } = graph.y;
  const shared = {
    position: 'left',
    border: { color: colours.edge },
    grid: { color: colours.grid, tickLength: 4 },
    ticks: {
      font,
      color: colours.dim,
      maxTicksLimit: 8,
      callback: (value: number | string) => yTick(graph, Number(value), words),
    },
    title: {
      display: graph.lanes.length === 1,
      text: words.say('bench.chart.axis.with-unit', { title, unit }),
      color: colours.dim,
      font,
    },
  };
  if (graph.y.log === true) return { [yName(0)]: { ...shared, type: 'logarithmic' } } as Scales;
  const scales = graph.lanes.map((_lane, index) => [
    yName(index),
    { ...shared, type: 'linear', min: 0, ...laneOf(graph, index) },
  ]);
  return Object.fromEntries(scales) as Scales;
}

/** The part of a y axis that changes while it is measured. */
export function laneOf(graph: Graph, lane: number): Record<string, unknown> {
  const top = yTop(graph, lane);
  const { length } = graph.lanes;
  if (length < 2) return { max: top };
  return {
    max: top / (1 - HEADROOM),
    stack: 'lanes',
    // The first lane is the upper one.
    weight: length - lane,
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = [0, top / 2, top].map((value) => ({ value }));
    },
  };
}

/** On an axis of multiples only 1, 2 and 5 are named. */
function yTick({ y }: Graph, value: number, words: Sayer): string | null {
  if (y.log === true) {
    const first = value / 10 ** Math.floor(Math.log10(value));
    if (![1, 2, 5].some((one) => Math.abs(first - one) < 1e-9)) return null;
  }
  return digits(value, words.locale);
}
