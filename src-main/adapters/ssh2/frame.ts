import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { StreamName } from './output';
import type { Sink } from './ready-shell';

/**
 * Reads the answer to one frame of a root shell: on stdout the process id of the command on a line of its own, the
 * output, and `NONCE STATUS`; on stderr the output and `NONCE`. Output need not end with a line end, and cannot close the
 * frame itself: it does not know the nonce.
 */
export class Frame {
  readonly nonce = randomBytes(16).toString('hex');
  /** Process group of the command; 0 until it has told. */
  group = 0;
  /** Resolves with the exit status when both streams are closed. */
  readonly status: Promise<number>;
  readonly #marker = Buffer.from(this.nonce);
  readonly #held: Record<StreamName, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  readonly #closed = { stdout: false, stderr: false };
  /** Both streams are closed. */
  get ended(): boolean {
    return this.#closed.stdout && this.#closed.stderr;
  }

  #exit = 0;
  #told = false;
  #resolve: (status: number) => void = () => undefined;
  #onGroup: () => void = () => undefined;
  /** Resolves when {@link group} is known or never will be. */
  readonly started: Promise<void>;

  constructor(private readonly sink: Sink) {
    this.status = new Promise((resolve) => (this.#resolve = resolve));
    this.started = new Promise((resolve) => (this.#onGroup = resolve));
  }

  push(stream: StreamName, chunk: Buffer): Promise<void> | undefined {
    if (this.#closed[stream]) return undefined;
    const held = this.#held[stream];
    let data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    this.#held[stream] = Buffer.alloc(0);
    if (stream === 'stdout' && !this.#told) {
      const rest = this.#takeGroup(data);
      if (rest === undefined) return undefined;
      data = rest;
    }
    const at = data.indexOf(this.#marker);
    if (at >= 0) return this.#close(stream, data, at);
    const keep = heldBack(data, this.#marker);
    this.#held[stream] = Buffer.from(data.subarray(data.length - keep));
    return this.#pass(stream, data.subarray(0, data.length - keep));
  }

  /** The rest after the process id, or undefined while its line is incomplete. */
  #takeGroup(data: Buffer): Buffer | undefined {
    const end = data.indexOf(0x0a);
    if (end < 0) {
      this.#held.stdout = data;
      return undefined;
    }
    this.#told = true;
    const line = data.toString('latin1', 0, end);
    if (/^\d+$/.test(line)) this.group = Number(line);
    this.#onGroup();
    // Without a process id (setsid is missing) the line is part of what follows.
    return this.group === 0 ? data : data.subarray(end + 1);
  }

  #close(stream: StreamName, data: Buffer, at: number): Promise<void> | undefined {
    const end = data.indexOf(0x0a, at);
    const passed = this.#pass(stream, data.subarray(0, at));
    if (end < 0) {
      this.#held[stream] = Buffer.from(data.subarray(at));
      return passed;
    }
    this.#closed[stream] = true;
    if (stream === 'stdout') this.#exit = Number(data.toString('latin1', at + this.#marker.length, end));
    if (this.ended) this.#resolve(this.#exit);
    return passed;
  }

  #pass(stream: StreamName, data: Buffer): Promise<void> | undefined {
    return data.length === 0 ? undefined : this.sink(stream, data);
  }
}

/** How many bytes at the end may be the start of the marker. */
function heldBack(data: Buffer, marker: Buffer): number {
  for (let length = Math.min(marker.length - 1, data.length); length > 0; length--) {
    if (data.compare(marker, 0, length, data.length - length) === 0) return length;
  }
  return 0;
}
