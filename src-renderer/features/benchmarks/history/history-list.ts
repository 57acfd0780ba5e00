import type { BenchListed } from '../../../api/types';

export type LevelFilter = BenchListed['level'] | 'all' | 'fallen';

export interface HistoryFilter {
  readonly tool: BenchListed['request']['tool'] | 'all';
  readonly level: LevelFilter;
}

export function filtered(entries: readonly BenchListed[], { tool, level }: HistoryFilter): BenchListed[] {
  return entries.filter(
    (entry) =>
      (tool === 'all' || entry.request.tool === tool) &&
      (level === 'all' || (level === 'fallen' ? entry.standing?.fallen === true : entry.level === level)),
  );
}

/** Tools of which something is in the history, in the order in which they came up. */
export function toolsOf(entries: readonly BenchListed[]): BenchListed['request']['tool'][] {
  return [...new Set(entries.map(({ request }) => request.tool))];
}

/** The same test on the same pair: what a trend is made of. */
export function sameKind(one: BenchListed, entries: readonly BenchListed[]): BenchListed[] {
  const kind = ({ pair, request }: BenchListed) => JSON.stringify([pair, request]);
  const wanted = kind(one);
  return entries.filter(
    (entry) => entry.outcome === 'done' && entry.figure !== null && kind(entry) === wanted,
  );
}

/** Rows drawn above and below what is in sight. */
const AROUND = 6;

/** Which rows of a list are drawn. @param top how far it is scrolled, @param height what is in sight; in px of CSS */
export function windowOf(
  top: number,
  height: number,
  row: number,
  total: number,
): { first: number; last: number } {
  const first = Math.max(0, Math.min(total, Math.floor(top / row)) - AROUND);
  return { first, last: Math.min(total, Math.ceil((top + height) / row) + AROUND) };
}

/** How far to scroll so that a row is in sight; as little as that takes. */
export function scrollFor(index: number, top: number, height: number, row: number): number {
  if (index * row < top) return index * row;
  return (index + 1) * row > top + height ? (index + 1) * row - height : top;
}
