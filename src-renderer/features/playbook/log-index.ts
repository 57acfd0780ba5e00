/** What is looked for in the log. */
export interface LogFilter {
  /** Name of a node, '' for Twinspark itself, null for all. */
  readonly node: string | null;
  readonly stream: 'all' | 'output' | 'errors' | 'app';
}

/** What the index reads of a line. */
export interface IndexedLine {
  readonly number: number;
  readonly node: string;
  readonly source: 'stdout' | 'stderr' | 'app';
}

export function passes(filter: LogFilter, line: IndexedLine): boolean {
  if (filter.node !== null && filter.node !== line.node) return false;
  switch (filter.stream) {
    case 'all':
      return true;
    case 'output':
      return line.source === 'stdout';
    case 'errors':
      return line.source === 'stderr';
    case 'app':
      return line.source === 'app';
  }
}

/** The text as it is compared in a search. */
export function folded(text: string): string {
  return text.toLowerCase();
}

/**
 * Which lines of a long log pass the filter, and which of those have the text that is searched. Works through the lines a
 * portion at a time, so that a change of the filter over 100,000 lines never holds the window up.
 */
export class LogIndex<Line extends IndexedLine> {
  #shown: number[] = [];
  #matches: number[] = [];
  #next = 0;
  #filter: LogFilter = { node: null, stream: 'all' };
  #query = '';

  /** @param textOf what a person sees of a line */
  constructor(private readonly textOf: (line: Line) => string) {}

  /** Numbers of the lines that pass, ascending. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  /** Those of them that have the searched text. */
  get matches(): readonly number[] {
    return this.#matches;
  }

  /** Starts over with another filter or search. */
  reset(filter: LogFilter, query: string): void {
    this.#filter = filter;
    this.#query = folded(query);
    this.restart();
  }

  /** Starts over with the same filter and search, for lines that have come in front. */
  restart(): void {
    this.#shown = [];
    this.#matches = [];
    this.#next = 0;
  }

  /**
   * Takes in lines from where it stopped.
   * @param at the line of a number, undefined where there is none any more
   * @param most how many lines to look at now
   * @returns whether all of them have been looked at
   */
  advance(first: number, next: number, at: (number: number) => Line | undefined, most: number): boolean {
    this.#forget(first);
    this.#next = Math.max(this.#next, first);
    const end = Math.min(next, this.#next + most);
    for (; this.#next < end; this.#next++) {
      const line = at(this.#next);
      if (!line || !passes(this.#filter, line)) continue;
      this.#shown.push(this.#next);
      if (this.#query !== '' && folded(this.textOf(line)).includes(this.#query))
        this.#matches.push(this.#next);
    }
    return this.#next >= next;
  }

  /** Position among the shown lines of the first one with this number or a later one. */
  positionOf(number: number): number {
    return lowerBound(this.#shown, number);
  }

  #forget(first: number): void {
    if ((this.#shown[0] ?? first) < first) this.#shown = this.#shown.slice(lowerBound(this.#shown, first));
    if ((this.#matches[0] ?? first) < first)
      this.#matches = this.#matches.slice(lowerBound(this.#matches, first));
  }
}

/** Position of the first entry that is not less than `value`. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The match after (or before) the one at `current`, round the end; -1 where there is none. */
export function stepMatch(count: number, current: number, by: 1 | -1): number {
  if (count === 0) return -1;
  if (current < 0) return by === 1 ? 0 : count - 1;
  return (current + by + count) % count;
}

/** A text in pieces, every second one an occurrence of the query (case is ignored). */
export function markedPieces(text: string, query: string): string[] {
  const wanted = folded(query);
  // Lower case may be longer than the text in some scripts: places would then not fit.
  if (wanted === '' || folded(text).length !== text.length) return [text];
  const pieces: string[] = [];
  let from = 0;
  for (let at = folded(text).indexOf(wanted); at >= 0; at = folded(text).indexOf(wanted, from)) {
    pieces.push(text.slice(from, at), text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  return [...pieces, text.slice(from)];
}
