import type { LogLine, Slices } from '../api/types';
import { LogLines, type ReadPage } from './log-lines';

/**
 * The log as views see it: far too many lines to be watched one by one. Read {@link version} to be told of changes (at
 * most once a frame), then {@link lines}.
 */
export class LogStore {
  /** Counts changes of {@link lines}. */
  version = $state.raw(0);
  /** Main holds older lines than these: {@link readOlder} fetches them. */
  hasOlder = $state.raw(false);
  readonly #held: LogLines;
  #frame: number | undefined;

  constructor(read: ReadPage) {
    this.#held = new LogLines(read, () => this.#changed());
  }

  /** Oldest first, numbered without a hole; the array is only valid until the next change. */
  get lines(): readonly LogLine[] {
    return this.#held.lines;
  }

  setRange(range: Slices['log']): void {
    this.#held.setRange(range);
  }

  append(lines: readonly LogLine[]): void {
    this.#held.append(lines);
  }

  /** Fetches a page of lines before the oldest that is held. Rejects with CallFailure. */
  readOlder(): Promise<void> {
    return this.#held.readOlder();
  }

  /** Fetches everything that main holds, for saving and searching. Rejects with CallFailure. */
  async readAll(): Promise<readonly LogLine[]> {
    while (this.#held.hasOlder) await this.#held.readOlder();
    return this.#held.lines;
  }

  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.hasOlder = this.#held.hasOlder;
      this.version += 1;
    });
  }
}
