import type { BenchPart, BenchRunning, TrafficSample } from '../../../contract/bench-record';
import type { BenchRequest } from '../../../contract/bench-request';
import type { Clock } from '../../ports';

/** Told at most so often, ms; a change of the phase is told at once. */
const QUIET_MS = 250;
/** The window draws two minutes. */
const SHOWN_SECONDS = 120;

/** What a test looks like while it runs. */
export class Progress {
  readonly samples: TrafficSample[] = [];
  #phase: BenchRunning['phase'] = 'preparing';
  #expected: number | null = null;
  #cancelling = false;
  #parts: () => BenchPart[] = () => [];
  #told = 0;

  constructor(
    private readonly about: {
      readonly id: string;
      readonly request: BenchRequest;
      readonly startedAt: number;
    },
    private readonly clock: Clock,
    private readonly onProgress: ((running: BenchRunning) => void) | undefined,
  ) {}

  phase(phase: BenchRunning['phase']): void {
    this.#phase = phase;
    this.#tell();
  }

  cancelling(): void {
    this.#cancelling = true;
    this.#tell();
  }

  expects(seconds: number | null): void {
    this.#expected = seconds;
  }

  parts(parts: () => BenchPart[]): void {
    this.#parts = parts;
    this.#tellSoon();
  }

  sample(sample: TrafficSample): void {
    this.samples.push(sample);
    this.#tellSoon();
  }

  /** What is held back now goes with the next sample. */
  #tellSoon(): void {
    if (this.clock.now() - this.#told >= QUIET_MS) this.#tell();
  }

  #tell(): void {
    const { samples } = this;
    this.#told = this.clock.now();
    const since = (samples.at(-1)?.at ?? 0) - SHOWN_SECONDS;
    this.onProgress?.({
      ...this.about,
      phase: this.#phase,
      cancelling: this.#cancelling,
      expectedSeconds: this.#expected,
      parts: this.#parts(),
      samples: samples.filter(({ at }) => at >= since),
    });
  }
}
