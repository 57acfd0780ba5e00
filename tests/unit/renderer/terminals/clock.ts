import type { Timers } from '../../../../src-renderer/features/terminals/timers';

/** Timers that run when a test says so. */
export class Clock implements Timers {
  #now = 0;
  #next = 0;
  readonly #waiting = new Map<number, { at: number; callback: () => void }>();

  after(ms: number, callback: () => void): () => void {
    const id = this.#next++;
    this.#waiting.set(id, { at: this.#now + ms, callback });
    return () => void this.#waiting.delete(id);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#waiting].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (due === undefined) break;
      this.#now = due[1].at;
      this.#waiting.delete(due[0]);
      due[1].callback();
    }
    this.#now = end;
  }
}
