/** What a port's counters count: everything that its RDMA engine moves is invisible to the network's. */
export type Medium = 'net' | 'rdma';

export interface Moved {
  readonly sent: number;
  readonly received: number;
}

interface Reading {
  bytes: number;
  /** Of all that moves now, bytes per millisecond. */
  rate: number;
  since: number;
}

/** The byte counters of one machine's ports. They run with the clock: whoever looks twice sees the rates of the transfers. */
export class Meters {
  readonly #readings = new Map<string, Reading>();

  /** @param now milliseconds, never going back */
  constructor(private readonly now: () => number) {}

  /** Whole bytes since the machine has booted. */
  read(port: string, medium: Medium): Moved {
    const bytes = (way: string) => Math.floor(this.#settled(`${port} ${medium} ${way}`).bytes);
    return { sent: bytes('sent'), received: bytes('received') };
  }

  /** Counts what has moved at once. */
  count(port: string, medium: Medium, way: keyof Moved, bytes: number): void {
    this.#settled(`${port} ${medium} ${way}`).bytes += bytes;
  }

  /** Changes how much moves from now on, by so many bytes per second. */
  change(port: string, medium: Medium, way: keyof Moved, bytesPerSecond: number): void {
    this.#settled(`${port} ${medium} ${way}`).rate += bytesPerSecond / 1000;
  }

  /** The machine boots: what moves, goes on from nothing. */
  clear(): void {
    for (const key of this.#readings.keys()) this.#settled(key).bytes = 0;
  }

  #settled(key: string): Reading {
    const now = this.now();
    const reading = this.#readings.get(key) ?? { bytes: 0, rate: 0, since: now };
    this.#readings.set(key, reading);
    reading.bytes += Math.max(0, reading.rate) * Math.max(0, now - reading.since);
    reading.since = now;
    return reading;
  }
}
