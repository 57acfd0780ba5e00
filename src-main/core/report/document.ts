/**
 * A report as what stands on paper, before any format: headings, facts of both nodes, tables, text to the letter. Renderers
 * only escape and lay out, so that every format says the same.
 */

/** Words of ours; what came from a node or a person stands apart, to be shown to the letter. */
export type Cell = string | { readonly literal: string } | readonly ({ readonly literal: string } | string)[];

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** As printed, with its unit. */
  readonly text: string;
  readonly max: number;
  readonly healthy: readonly [from: number, to: number] | null;
  readonly level: string;
  readonly levelText: string;
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly text: Cell }
  | { readonly kind: 'list'; readonly items: readonly Cell[] }
  /** The node information template: rows of a label and a value for each node. */
  | {
      readonly kind: 'nodes';
      readonly label: string;
      readonly names: readonly [Cell, Cell];
      readonly rows: readonly { readonly label: string; readonly values: readonly [Cell, Cell] }[];
    }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
    }
  /** Folded where the format can. */
  | { readonly kind: 'code'; readonly title: Cell; readonly text: string; readonly folded: boolean }
  /** What the table above it says, as a picture. */
  | { readonly kind: 'bars'; readonly caption: string; readonly bars: readonly Bar[] };

export interface Document {
  readonly title: string;
  readonly language: string;
  readonly blocks: readonly Block[];
}

export function literal(text: string): { literal: string } {
  return { literal: text };
}

/** Several values, with ours between them. */
export function joined(values: readonly Cell[], separator = ', '): Cell {
  return values.flatMap((value, index) => [...(index > 0 ? [separator] : []), ...parts(value)]);
}

export function parts(cell: Cell): readonly ({ readonly literal: string } | string)[] {
  return typeof cell === 'string' || 'literal' in cell ? [cell] : cell;
}
