/** What a graph shows, in words already: how it is drawn, listed as a table and saved all follow from this. */
export interface Graph {
  /** What it says, as a sentence: the verdict where there is one. */
  readonly title: string;
  readonly x: GraphAxis;
  readonly y: GraphMeasure;
  /** Places above each other that share the x axis; most graphs have one. */
  readonly lanes: readonly GraphLane[];
  readonly lines: readonly GraphLine[];
  readonly band: GraphBand | null;
}

export interface GraphAxis {
  /** `size`: bytes, by powers of two. `category`: the place in `labels`. */
  readonly kind: 'size' | 'seconds' | 'number' | 'category';
  readonly title: string;
  readonly labels?: readonly string[];
  /** Where it begins and ends at least; what the points need otherwise. */
  readonly from?: number;
  readonly to?: number;
}

export interface GraphMeasure {
  readonly title: string;
  readonly unit: string;
  /** Each step up is a multiple, where figures of one graph lie far apart; from 0 in equal steps otherwise. */
  readonly log?: boolean;
}

export interface GraphLane {
  readonly title: string;
  /** Upper end of its y axis, which begins at 0; what the points and the band need otherwise. */
  readonly to?: number;
}

/** The healthy range, in the unit of the y axis. `to` null: as much as there is. */
export interface GraphBand {
  readonly from: number;
  readonly to: number | null;
  readonly label: string;
}

/** Name of a colour; a node's is its own for life, `run…` are those of things compared, `warn` and `bad` those of states. */
export type Tone =
  'node1' | 'node2' | 'main' | 'dim' | 'warn' | 'bad' | 'run1' | 'run2' | 'run3' | 'run4' | 'run5';
/** Besides the colour each line has a pattern and a shape of its own. */
export type Dash = 'solid' | 'dashed' | 'dotted';
export type Mark = 'circle' | 'square' | 'diamond' | 'triangle' | 'cross' | 'none';

export interface LineLook {
  readonly tone: Tone;
  readonly dash: Dash;
  readonly mark: Mark;
  /** The ground below it is tinted. */
  readonly filled?: boolean;
  /** Points without a line between them. */
  readonly loose?: boolean;
}

export interface GraphLine {
  readonly id: string;
  readonly label: string;
  readonly look: LineLook;
  /** Its place in `lanes`; the first otherwise. */
  readonly lane?: number;
  /** Ascending by x. */
  readonly points: readonly GraphPoint[];
}

export interface GraphPoint {
  readonly x: number;
  readonly y: number;
}

/** All places of the x axis at which some line has a point, ascending. */
export function placesOf({ lines }: Graph): number[] {
  return [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
}
