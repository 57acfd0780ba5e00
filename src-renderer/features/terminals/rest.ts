import type { Timers } from './timers';

/** Without output for so many ms, a terminal is taken to be at rest. */
export const quietMs = 300;

/** Tells when a terminal has come to rest: it has printed something, and then nothing for a while. */
export class Rest {
  #heard = false;
  #quiet = false;
  #cancel: (() => void) | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(private readonly timers: Timers) {}

  /** Something was printed. */
  heard(): void {
    this.#heard = true;
    this.#quiet = false;
    this.#cancel?.();
    this.#cancel = this.timers.after(quietMs, () => {
      this.#quiet = true;
      for (const check of [...this.#waiting]) check();
    });
  }

  /** What is in the terminal is another one now. */
  begin(): void {
    this.#cancel?.();
    this.#heard = false;
    this.#quiet = false;
  }

  /**
   * @param ready looked at whenever it is quiet: whether the terminal takes a command
   * @returns true as soon as it is quiet and ready, false when that is not so within `limitMs` or it was given up
   */
  wait(limitMs: number, ready: () => boolean, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (rested: boolean): void => {
        stop();
        signal.removeEventListener('abort', giveUp);
        this.#waiting.delete(check);
        resolve(rested);
      };
      const giveUp = (): void => end(false);
      const check = (): void => {
        if (this.#heard && this.#quiet && ready()) end(true);
      };
      const stop = this.timers.after(limitMs, giveUp);
      signal.addEventListener('abort', giveUp);
      this.#waiting.add(check);
      if (signal.aborted) giveUp();
      else check();
    });
  }
}
