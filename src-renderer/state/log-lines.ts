import { limits, type LogLine, type Slices } from '../api/types';

export type ReadPage = (from: number, count: number) => Promise<{ lines: LogLine[] }>;

/** How many lines more than the limit are held before the oldest are cut off, so that cutting is rare. */
const slack = 5000;

/** The lines of the log, by number, without a hole. What is missing is fetched from main, which holds the newest lines. */
export class LogLines {
  readonly #read: ReadPage;
  readonly #changed: () => void;
  #lines: LogLine[] = [];
  /** What main holds. */
  #range: Slices['log'] = { first: 0, next: 0 };
  /** Number of the line after the last one held. */
  #next = 0;
  #catchingUp: Promise<void> | undefined;

  /** @param changed is told of every change of {@link lines} and {@link hasOlder} */
  constructor(read: ReadPage, changed: () => void) {
    this.#read = read;
    this.#changed = changed;
  }

  /** Oldest first; the array is only valid until the next change. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Main holds older lines than these. */
  get hasOlder(): boolean {
    return this.#lines.length < limits.logKept && this.#oldest > this.#range.first;
  }

  /** Main says which lines it holds: at start, after a reconnect, and now and then. */
  setRange(range: Slices['log']): void {
    const restarted = range.next < this.#next;
    this.#range = range;
    if (restarted) this.#lines = [];
    if (this.#lines.length === 0) this.#next = Math.max(range.first, range.next - limits.logLines);
    if (this.#next < range.next) this.#catchUp();
    this.#changed();
  }

  append(lines: readonly LogLine[]): void {
    const fresh = lines.filter((line) => line.number >= this.#next);
    const [head] = fresh;
    const tail = fresh.at(-1);
    if (head === undefined || tail === undefined) return;
    this.#range = { ...this.#range, next: Math.max(this.#range.next, tail.number + 1) };
    // Where lines in between are missing, they are fetched together with these.
    if (head.number === this.#next) this.#push(fresh);
    else this.#catchUp();
  }

  /** Fetches a page of lines before the oldest that is held. */
  async readOlder(): Promise<void> {
    const oldest = this.#oldest;
    const from = Math.max(this.#range.first, oldest - limits.logLines);
    const page: LogLine[] = [];
    while (from + page.length < oldest) {
      const { lines } = await this.#read(from + page.length, oldest - from - page.length);
      if (lines[0]?.number !== from + page.length) break;
      page.push(...lines);
    }
    // Meanwhile the log may have begun anew, or its oldest lines been cut off.
    if (this.#oldest !== oldest) return;
    if (from + page.length === oldest) this.#lines = [...page, ...this.#lines];
    // Main has dropped them: there is nothing older.
    else this.#range = { ...this.#range, first: oldest };
    this.#changed();
  }

  get #oldest(): number {
    return this.#lines[0]?.number ?? this.#next;
  }

  #catchUp(): void {
    this.#catchingUp ??= this.#readMissing().finally(() => (this.#catchingUp = undefined));
  }

  async #readMissing(): Promise<void> {
    while (this.#next < this.#range.next) {
      let page: LogLine[];
      try {
        ({ lines: page } = await this.#read(this.#next, limits.logLines));
      } catch {
        // The connection has gone: the range that comes with the next one starts this again.
        return;
      }
      const [head] = page;
      if (head === undefined) return;
      if (head.number > this.#next) {
        // Main has dropped lines meanwhile. What is held stays without a hole.
        this.#lines = [];
        this.#next = head.number;
      }
      this.#push(page.filter((line) => line.number >= this.#next));
    }
  }

  #push(lines: readonly LogLine[]): void {
    for (const line of lines) this.#lines.push(line);
    this.#next += lines.length;
    if (this.#lines.length > limits.logKept + slack) this.#lines = this.#lines.slice(-limits.logKept);
    this.#changed();
  }
}
