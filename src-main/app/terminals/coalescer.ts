import type { Timers } from './timers';

/** What is told within so many ms is told together. */
export const coalesceMs = 5;
/** Characters of one piece at most. */
export const pieceCharacters = 64 * 1024;

/**
 * Joins small chunks into larger ones: a screen takes 64 KiB at once twice as fast as 1 KiB at a time.
 * The first chunk after a quiet moment goes on at once, so that a typed key is echoed without delay.
 */
export class Coalescer {
  #waiting = '';
  #last = -Infinity;
  #cancel: (() => void) | undefined;

  constructor(
    private readonly timers: Timers,
    private readonly tell: (text: string) => void,
  ) {}

  push(text: string): void {
    this.#waiting += text;
    const full = this.#waiting.length >= pieceCharacters;
    const quiet = this.#cancel === undefined && this.timers.now() - this.#last >= coalesceMs;
    if (full || quiet) {
      this.flush();
      return;
    }
    this.#cancel ??= this.timers.after(coalesceMs, () => this.flush());
  }

  /** Tells what waits, now. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#waiting === '') return;
    const text = this.#waiting;
    this.#waiting = '';
    this.#last = this.timers.now();
    for (const piece of pieces(text)) this.tell(piece);
  }

  /** Forgets what waits. */
  drop(): void {
    this.#waiting = '';
    this.flush();
  }
}

/** Cut so that no character outside the basic plane is torn in two. */
function* pieces(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + pieceCharacters, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    yield text.slice(at, end);
    at = end;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
