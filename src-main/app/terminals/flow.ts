/** Unacknowledged characters above which a terminal is paused, and below which it goes on. */
export const highWater = 100_000;
export const lowWater = 5_000;

/**
 * Counts what a terminal has printed and the screen has not worked off. Acknowledged by characters and after parsing,
 * not on arrival: only so does a flood stop at its source, and Ctrl-C reach it before seconds of output are shown.
 */
export class Flow {
  #open = 0;
  #paused = false;

  constructor(private readonly gate: { readonly pause: () => void; readonly resume: () => void }) {}

  get paused(): boolean {
    return this.#paused;
  }

  printed(characters: number): void {
    this.#open += characters;
    if (this.#paused || this.#open <= highWater) return;
    this.#paused = true;
    this.gate.pause();
  }

  /** More than is open counts as all of it. */
  acknowledged(characters: number): void {
    this.#open = Math.max(0, this.#open - characters);
    if (!this.#paused || this.#open >= lowWater) return;
    this.#paused = false;
    this.gate.resume();
  }

  /** Whoever would have acknowledged is gone. */
  forget(): void {
    this.acknowledged(this.#open);
  }
}
