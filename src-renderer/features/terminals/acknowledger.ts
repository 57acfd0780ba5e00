import type { Timers } from './timers';

/** Acknowledged together while a flood comes in; main goes on below as many that are open. */
export const batchCharacters = 5000;
/** What is less than a batch is acknowledged when so many ms passed. */
export const idleMs = 50;

/**
 * Tells main how many characters have been through the parser, in batches. It is called after parsing and not on
 * arrival: only so does a flood stop at its source, and Ctrl-C take effect before seconds of output are shown.
 */
export class Acknowledger {
  #parsed = 0;
  #cancel: (() => void) | undefined;

  constructor(
    private readonly send: (characters: number) => void,
    private readonly timers: Timers,
  ) {}

  /** @param characters UTF-16 units, as they were counted when they were sent */
  parsed(characters: number): void {
    this.#parsed += characters;
    if (this.#parsed >= batchCharacters) this.flush();
    else if (this.#parsed > 0) this.#cancel ??= this.timers.after(idleMs, () => this.flush());
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#parsed === 0) return;
    const characters = this.#parsed;
    this.#parsed = 0;
    this.send(characters);
  }
}
