import { lossy, wobble } from '../../machine/figures';
import type { Flow } from '../../machine/host';
import type { LiveCall } from '../live';
import type { IperfOptions, Way } from './iperf3-options';
import { tcpFlow, type Ends } from './paths';

/** What one stream moved in an interval. */
export interface Streamed {
  readonly bytes: number;
  readonly retransmits: number;
}

/** All streams of one direction in an interval. */
export interface Lane {
  readonly way: Way;
  readonly streams: readonly Streamed[];
}

/** Seconds of the test. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly Lane[];
}

/** What the streams of a test move, interval by interval. */
export class IperfTest {
  readonly #flows: { way: Way; flow: Flow }[];
  #step = 0;
  /** Seconds that it lasts. */
  readonly seconds: number;

  constructor(
    private readonly call: LiveCall,
    ends: Ends,
    private readonly given: IperfOptions,
  ) {
    const { streams, ways } = given;
    this.#flows = ways.map((way) => ({
      way,
      flow: tcpFlow(call, ends, { streams, reverse: way === 'reverse', both: ways.length > 1 }),
    }));
    const rate = Math.max(...this.#flows.map(({ flow }) => flow.rate), 0.001);
    this.seconds = given.bytes === undefined ? given.seconds : (given.bytes * 8) / (rate * 1e9);
  }

  /** Seconds at which the intervals end. */
  get marks(): number[] {
    const { interval } = this.given;
    const count = Math.max(1, Math.ceil(this.seconds / interval - 1e-6));
    return Array.from({ length: count }, (_, n) => Math.min(this.seconds, (n + 1) * interval));
  }

  /** What has moved between two moments, at the rates of now. */
  take(from: number, to: number): Interval {
    const step = this.#step++;
    const lanes = this.#flows.map(({ way, flow }) => {
      const bytes = (flow.rate * 1e9 * (to - from)) / 8;
      const parts = Array.from({ length: this.given.streams }, (_, n) => wobble(`${way} ${n}`, step, 0.03));
      const whole = parts.reduce((sum, part) => sum + part, 0);
      const lost = this.call.machine.effects.lossy ? lossy.retransmitsPerSecond * (to - from) : 0;
      const streams = parts.map((part) => ({
        bytes: Math.round((bytes * part) / whole),
        retransmits: Math.round((lost * part) / whole),
      }));
      flow.next();
      return { way, streams };
    });
    return { from, to, lanes };
  }

  stop(): void {
    for (const { flow } of this.#flows) flow.stop();
  }
}

/** All intervals as one. */
export function total(intervals: readonly Interval[]): Interval {
  const [first] = intervals;
  const lanes = (first?.lanes ?? []).map(({ way, streams }, at) => ({
    way,
    streams: streams.map((_, n) => {
      const each = intervals.flatMap(({ lanes: all }) => all[at]?.streams[n] ?? []);
      return sum(each);
    }),
  }));
  return { from: 0, to: intervals.at(-1)?.to ?? 0, lanes };
}

export function sum(streams: readonly Streamed[]): Streamed {
  return {
    bytes: streams.reduce((all, { bytes }) => all + bytes, 0),
    retransmits: streams.reduce((all, { retransmits }) => all + retransmits, 0),
  };
}
