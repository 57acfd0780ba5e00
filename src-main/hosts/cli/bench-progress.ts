import type { BenchRunning, TrafficSample } from '../../contract/bench-record';
import { isLatency } from '../../core/benchmark/history/figure';
import type { Half } from '../../contract/facts';
import type { Output } from './io';
import type { Words } from '../../words/words';

/** Tells a running measurement on standard error, a line a second, and every sample of the counters to a program. */
export class BenchProgress {
  #id = '';
  #phase: BenchRunning['phase'] | undefined;
  #samples = 0;
  #second = 0;

  constructor(
    private readonly output: Output,
    private readonly words: Words,
  ) {}

  readonly show = (running: BenchRunning): void => {
    const { output, words } = this;
    const { id, phase, request, expectedSeconds, samples } = running;
    if (id !== this.#id) {
      this.#id = id;
      this.#phase = undefined;
      this.#samples = 0;
      this.#second = 0;
    }
    if (phase !== this.#phase) {
      this.#phase = phase;
      output.data({ type: 'bench', id, request, phase, expectedSeconds });
      const { tool, halves } = request;
      const seconds = expectedSeconds === null ? '' : Math.ceil(expectedSeconds);
      output.note(output.paintErr.dim(words.say(`cli.bench.phase.${phase}`, { tool, halves, seconds })));
    }
    const last = samples.at(-1);
    const fresh = samples.filter(({ at }) => at > this.#samples);
    for (const sample of fresh) output.data({ type: 'sample', id, ...sample });
    if (last === undefined) return;
    this.#samples = last.at;
    // What moves next to nothing has no rate worth a line.
    if (isLatency(request) || Math.floor(last.at) === this.#second) return;
    this.#second = Math.floor(last.at);
    output.note(this.#rates(last));
  };

  #rates(sample: TrafficSample): string {
    const rate = (half: Half) => {
      const value = gigabits(sample, half);
      return value === null ? '–' : this.words.number(value);
    };
    const { paintErr } = this.output;
    const seconds = paintErr.dim(this.words.duration(Math.floor(sample.at) * 1000));
    return `  ${seconds}  ${this.words.say('cli.bench.rates', { a: rate('a'), b: rate('b') })}`;
  }
}

/** What the busiest link of a half carries in one direction; null when none of it could be read. */
function gigabits({ links }: TrafficSample, half: Half): number | null {
  const own = links.filter((link) => link.half === half);
  if (own.length === 0) return null;
  const rates = own.flatMap(({ sentPerSecond, receivedPerSecond }) => [sentPerSecond, receivedPerSecond]);
  return (Math.max(...rates) * 8) / 1e9;
}
