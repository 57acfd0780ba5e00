import type { LogLine } from '../../api/types';
import type { LogStore } from '../../state/log.svelte';
import { LogIndex, type LogFilter } from './log-index';

/** Lines that are looked at in one go, and how long a turn may take, ms: the window draws in between. */
const portion = 500;
const turnMs = 6;

/** The lines of a log, read so that the reader is told of changes. Valid until the next one. */
export function heldLines(log: LogStore): readonly LogLine[] {
  const { version, lines } = log;
  return version < 0 ? [] : lines;
}

interface Found {
  /** Numbers of the lines that pass, ascending. */
  readonly shown: readonly number[];
  /** Those of them that have the searched text. */
  readonly matches: readonly number[];
  /** Everything that is held has been looked at. */
  readonly done: boolean;
}

/** The lines that pass filter and search, kept up with the log a portion a frame. */
export class LogFollow {
  /** A new object after each change. */
  found = $state.raw<Found>({ shown: [], matches: [], done: true });

  readonly #log: LogStore;
  readonly #index: LogIndex<LogLine>;
  /** Number of the first line that was held when the index was begun. */
  #from = 0;
  #frame: number | undefined;

  constructor(log: LogStore, textOf: (line: LogLine) => string) {
    this.#log = log;
    this.#index = new LogIndex(textOf);
  }

  line(number: number): LogLine | undefined {
    const { lines } = this.#log;
    return lines[number - (lines[0]?.number ?? 0)];
  }

  positionOf(number: number): number {
    return this.#index.positionOf(number);
  }

  /** Begins anew with another filter or search. */
  look(filter: LogFilter, query: string): void {
    this.#index.reset(filter, query);
    this.#from = this.#log.lines[0]?.number ?? 0;
    this.advance();
  }

  /** Takes in what the log has now. */
  advance(): void {
    const { lines } = this.#log;
    const first = lines[0]?.number ?? 0;
    const next = first + lines.length;
    // Older lines have come in front, or the log has begun anew: the index only grows at its end.
    if (first < this.#from) this.#index.restart();
    this.#from = first;
    const until = performance.now() + turnMs;
    let done: boolean;
    do done = this.#index.advance(first, next, (number) => lines[number - first], portion);
    while (!done && performance.now() < until);
    this.found = { shown: this.#index.shown, matches: this.#index.matches, done };
    if (done) return;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.advance();
    });
  }

  stop(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }
}
