import type { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Client, ClientChannel } from 'ssh2';
import { Failure } from '../../core/failure';
import type { Clock, Terminal, TerminalEnd, TerminalSize } from '../../core/ports';
import { within } from './countdown';
import type { Limits } from './limits';
import { WindowKeeper, withNarrowWindow } from './narrow-window';
import { ChannelRefused } from './ready-shell';
import type { Guest, ShellPool } from './shell-pool';
import { capped } from './wire';

export interface TerminalOptions {
  readonly client: Client;
  readonly pool: ShellPool;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly lost: AbortSignal;
}

/** Typed characters that may wait for the node; more is refused, since a stopped program may never read them. */
const waitingInput = 1024 * 1024;

/**
 * The login shell of the account on a terminal of `size`.
 * @throws Failure TERMINAL_LIMIT, TERMINAL_UNAVAILABLE, COMMAND_TIMEOUT, CONNECTION_LOST, CANCELLED
 */
export async function openTerminal(
  { client, pool, clock, limits, lost }: TerminalOptions,
  size: TerminalSize,
  signal: AbortSignal | undefined,
): Promise<Terminal> {
  const givenUp = new AbortController();
  const until = AbortSignal.any([lost, givenUp.signal, ...(signal === undefined ? [] : [signal])]);
  const late = () => new Failure('COMMAND_TIMEOUT', { timeoutMs: limits.shellMs, phase: 'terminal' });
  const opening = pool.openGuest(() => Ssh2Terminal.open(client, size, lost), until);
  try {
    return await within(clock, limits.shellMs, late, until, opening);
  } catch (error) {
    givenUp.abort();
    // It may still come: it would be in nobody's hands.
    opening.then((terminal) => terminal.close()).catch(() => undefined);
    throw error;
  }
}

class Ssh2Terminal implements Terminal, Guest {
  readonly closed: Promise<TerminalEnd>;
  /** The server has given the channel up as well. */
  readonly gone: Promise<void>;
  readonly #window: WindowKeeper;
  #end: (end: TerminalEnd) => void = () => undefined;
  #ended = false;
  #listening = false;

  private constructor(
    client: Client,
    private readonly channel: ClientChannel,
    lost: AbortSignal,
  ) {
    this.#window = new WindowKeeper(client, channel);
    let exit: TerminalEnd = { kind: 'exit', code: null };
    const onLost = () => this.#end({ kind: 'lost' });
    this.closed = new Promise((resolve) => {
      this.#end = (end) => {
        this.#ended = true;
        lost.removeEventListener('abort', onLost);
        resolve(end);
      };
    });
    lost.addEventListener('abort', onLost);
    if (lost.aborted) onLost();
    channel.on('exit', (code: number | null, signal?: string) => {
      exit = { kind: 'exit', code, ...(signal === undefined ? {} : { signal }) };
    });
    channel.on('error', () => undefined);
    this.gone = new Promise((resolve) => {
      // Both come after the last output has been read, or with the connection's end.
      let open = 2;
      const onClose = () => {
        if (--open > 0) return;
        this.#end(lost.aborted ? { kind: 'lost' } : exit);
        resolve();
      };
      channel.once('close', onClose);
      channel.stderr.once('close', onClose);
    });
  }

  /** @throws ChannelRefused, Failure TERMINAL_UNAVAILABLE, CONNECTION_LOST */
  static open(client: Client, size: TerminalSize, lost: AbortSignal): Promise<Ssh2Terminal> {
    return new Promise((resolve, reject) => {
      const opened = (error: Error | undefined, channel: ClientChannel) => {
        if (error === undefined) resolve(new Ssh2Terminal(client, channel, lost));
        else if ('reason' in error) reject(new ChannelRefused(error.message));
        else reject(new Failure('TERMINAL_UNAVAILABLE', { reason: capped(error.message) }, { cause: error }));
      };
      try {
        const { columns: cols, rows } = size;
        withNarrowWindow(client, () => client.shell({ term: 'xterm-256color', cols, rows }, opened));
      } catch (error) {
        // ssh2 throws when the socket is already gone.
        reject(new Failure('CONNECTION_LOST', {}, { cause: error }));
      }
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  onData(listener: (text: string) => void): void {
    if (this.#listening || this.#ended) return;
    this.#listening = true;
    this.#pass(this.channel, listener);
    // Nothing is expected here from a terminal, but what comes counts against the same window.
    this.#pass(this.channel.stderr, listener);
  }

  #pass(source: Readable, listener: (text: string) => void): void {
    const decoder = new StringDecoder('utf8');
    const tell = (text: string) => {
      if (text !== '' && !this.#ended) listener(text);
    };
    source.on('data', (chunk: Buffer) => {
      this.#window.took(chunk.length);
      tell(decoder.write(chunk));
    });
    source.once('end', () => tell(decoder.end()));
  }

  pause(): void {
    // ssh2 keeps what still comes, a window at most; then sshd stops reading the terminal and the program blocks.
    this.channel.pause();
    this.channel.stderr.pause();
  }

  resume(): void {
    if (!this.#listening) return;
    this.channel.resume();
    this.channel.stderr.resume();
  }

  write(data: string): void {
    if (this.#ended || !this.channel.writable) return;
    if (this.channel.writableLength + data.length > waitingInput) {
      throw new Failure('BAD_REQUEST', { reason: 'terminal input' });
    }
    this.channel.write(data);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.#ended) this.channel.setWindow(rows, columns, 0, 0);
  }

  close(): void {
    if (this.#ended) return;
    this.#end({ kind: 'exit', code: null });
    this.channel.end();
    this.channel.close();
    // What still comes is dropped, so that the channel can end.
    this.channel.resume();
    this.channel.stderr.resume();
  }
}
