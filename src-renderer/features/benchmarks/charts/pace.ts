/**
 * Calls `act` at once, and then at most once in `ms`: what comes in between is done together at the end of that time.
 */
export class Pace {
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ms: number,
    private readonly act: () => void,
  ) {}

  wanted(): void {
    if (this.#timer !== undefined) return;
    const wait = this.#last + this.ms - performance.now();
    if (wait <= 0) this.#now();
    else this.#timer = setTimeout(() => this.#now(), wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #now(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    this.act();
  }
}
