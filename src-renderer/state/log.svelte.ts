import { limits, type LogLine, type Slices } from '../api/types';

type ReadPage = (from: number, count: number) => Promise<{ lines: LogLine[] }>;

/** How many lines more than the limit are held before the oldest are cut off, so that cutting is rare. */
const slack = 5000;

/**
 * The lines of the log, by number, without a hole. Lines are a plain array, far too many to be watched one by one: read
 * {@link version} to be told of changes (at most once a frame), then {@link lines}.
 */
export class LogStore {
  /** Counts changes of {@link lines}. */
  version = $state.raw(0);
  /** Main holds older lines than these: {@link readOlder} fetches them. */
  hasOlder = $state.raw(false);

  readonly #read: ReadPage;
  #lines: LogLine[] = [];
  /** What main holds. */
  #range: Slices['log'] = { first: 0, next: 0 };
  /** Number of the line after the last one held. */
  #next = 0;
  #frame: number | undefined;
  #catchingUp: Promise<void> | undefined;

  constructor(read: ReadPage) {
    this.#read = read;
  }

  /** Oldest first; the array is only valid until the next change. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Main says which lines it holds: at start, after a reconnect, and now and then. */
  setRange(range: Slices['log']): void {
    const restarted = range.next < this.#next;
    this.#range = range;
    if (restarted) this.#lines = [];
    if (restarted || this.#lines.length === 0)
      this.#next = Math.max(range.first, range.next - limits.logLines);
    if (this.#next < range.next) void this.#catchUp();
    this.#changed();
  }

  append(lines: readonly LogLine[]): void {
    const fresh = lines.filter((line) => line.number >= this.#next);
    const head = fresh[0];
    if (head === undefined) return;
    this.#range = { first: this.#range.first, next: Math.max(this.#range.next, head.number + fresh.length) };
    if (head.number !== this.#next) {
      // Lines in between are missing: they are fetched with these.
      void this.#catchUp();
      return;
    }
    this.#push(fresh);
  }

  /** Fetches a page of lines before the oldest that is held. */
  async readOlder(): Promise<void> {
    const oldest = this.#lines[0]?.number ?? this.#next;
    const from = Math.max(this.#range.first, oldest - limits.logLines);
    if (from >= oldest) return;
    const page: LogLine[] = [];
    while (from + page.length < oldest) {
      const { lines } = await this.#read(from + page.length, oldest - from - page.length);
      if (lines.length === 0 || lines[0]?.number !== from + page.length) break;
      page.push(...lines);
    }
    const meets = page.at(-1)?.number === oldest - 1 && (this.#lines[0]?.number ?? oldest) === oldest;
    // Where main has dropped them meanwhile there is nothing older.
    if (meets) this.#lines = [...page, ...this.#lines];
    else this.#range = { ...this.#range, first: oldest };
    this.#changed();
  }

  /** Fetches everything that main holds, for saving and searching. */
  async readAll(): Promise<readonly LogLine[]> {
    while (this.hasOlder) await this.readOlder();
    return this.#lines;
  }

  #catchUp(): Promise<void> {
    this.#catchingUp ??= this.#readMissing().finally(() => (this.#catchingUp = undefined));
    return this.#catchingUp;
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
      const head = page[0];
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

  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      const oldest = this.#lines[0]?.number ?? this.#next;
      this.hasOlder = this.#lines.length < limits.logKept && oldest > this.#range.first;
      this.version += 1;
    });
  }
}
