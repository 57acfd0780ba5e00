import type { BenchRunning } from '../../../api/types';

/** Parts of the bar that the time before and after measuring takes. */
const before = 0.08;
const after = 0.04;

/**
 * How far measurements are, 0 to 1; null while nobody can tell. What is shown of one never goes back, whatever clock or phase
 * says.
 */
export class Progress {
  #id = '';
  #highest = 0;
  /** When measuring was first seen, ms. */
  #measuring: number | null = null;

  /** @param now ms since the epoch */
  show(
    running: Pick<BenchRunning, 'id' | 'phase' | 'startedAt' | 'expectedSeconds'>,
    now: number,
  ): number | null {
    if (running.id !== this.#id) {
      this.#id = running.id;
      this.#highest = 0;
      this.#measuring = null;
    }
    if (running.phase === 'measuring') this.#measuring ??= now;
    const part = this.#part(running, now);
    if (part === null) return null;
    this.#highest = Math.max(this.#highest, part);
    return this.#highest;
  }

  #part(
    { phase, startedAt, expectedSeconds }: Pick<BenchRunning, 'phase' | 'startedAt' | 'expectedSeconds'>,
    now: number,
  ): number | null {
    if (phase === 'ending') return 1 - after / 2;
    // Preparing takes as long as it takes: the bar moves, and slower and slower.
    const waited = Math.max(0, now - startedAt) / 1000;
    if (phase === 'preparing') return before * (1 - Math.exp(-waited / 2));
    if (expectedSeconds === null) return null;
    const measured = Math.max(0, now - (this.#measuring ?? now)) / 1000;
    return before + (1 - before - after) * Math.min(1, measured / Math.max(1, expectedSeconds));
  }
}
