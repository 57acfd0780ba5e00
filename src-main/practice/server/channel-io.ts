import { Buffer } from 'node:buffer';
import type { ServerChannel } from 'ssh2';

const chunkBytes = 32 * 1024;
/** Input that nobody has taken yet; more of it stays with the client. */
const heldBytes = 1024 * 1024;

/**
 * Writes to a channel, one chunk at a time: ssh2's server loses a write to stderr when stdout waits for window space.
 * So what is printed waits for the client, and can be stopped between two chunks.
 */
export class ChannelOutput {
  #turn: Promise<void> = Promise.resolve();
  #closed = false;
  /** Lets the write that waits for the client go. */
  #release: () => void = () => undefined;

  constructor(private readonly channel: ServerChannel) {
    channel.once('close', () => {
      this.#closed = true;
      this.#release();
    });
  }

  /** Resolves when the client has taken it, or is gone, or `signal` aborts: what is left then is dropped. */
  write(stream: 'stdout' | 'stderr', data: string | Uint8Array, signal?: AbortSignal): Promise<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : Buffer.from(data);
    const turn = this.#turn.then(() => this.#send(stream, bytes, signal));
    this.#turn = turn;
    return turn;
  }

  async #send(stream: 'stdout' | 'stderr', bytes: Buffer, signal: AbortSignal | undefined): Promise<void> {
    const target = stream === 'stdout' ? this.channel : this.channel.stderr;
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      if (this.#closed || signal?.aborted === true) return;
      const chunk = bytes.subarray(at, at + chunkBytes);
      await new Promise<void>((resolve) => {
        this.#release = resolve;
        target.write(chunk, () => resolve());
      });
    }
  }

  /** Ends the channel with an exit status or the name of a signal, after all output. */
  async end(exit: { code: number } | { signal: string }): Promise<void> {
    await this.#turn;
    if (this.#closed) return;
    if ('code' in exit) this.channel.exit(exit.code & 0xff);
    else this.channel.exit(exit.signal, false, '');
    this.channel.end();
  }
}

/** Reads lines and counted bytes from a channel, in order. */
export class ChannelInput {
  #held: Buffer[] = [];
  #size = 0;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(private readonly channel: ServerChannel) {
    channel.on('data', (chunk: Buffer) => {
      this.#held.push(chunk);
      this.#size += chunk.length;
      if (this.#size > heldBytes) channel.pause();
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    channel.once('end', end);
    channel.once('close', end);
  }

  /** The next line without its end; undefined when the input ends before the line does. */
  async line(): Promise<string | undefined> {
    for (let searched = 0; ;) {
      const all = this.#joined();
      const end = all.indexOf(0x0a, searched);
      if (end >= 0) return this.#take(end + 1).toString('utf8', 0, end);
      searched = all.length;
      if (!(await this.#more())) return undefined;
    }
  }

  /** Exactly that many bytes; undefined when the input ends before. */
  async bytes(length: number): Promise<Buffer | undefined> {
    while (this.#size < length) if (!(await this.#more())) return undefined;
    return this.#take(length);
  }

  #joined(): Buffer {
    const all = Buffer.concat(this.#held);
    this.#held = [all];
    return all;
  }

  #take(length: number): Buffer {
    const all = this.#joined();
    this.#held = [all.subarray(length)];
    this.#size -= length;
    return all.subarray(0, length);
  }

  /** Waits for more input; false at its end. */
  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    const before = this.#size;
    this.channel.resume();
    await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#size > before || !this.#ended;
  }
}
