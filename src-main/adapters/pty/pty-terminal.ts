import { constants } from 'node:os';
import type { IPty } from 'node-pty';
import type { Clock, Terminal, TerminalEnd, TerminalSize } from '../../core/ports';

export interface PtyTerminalOptions {
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
}

/** How long a shell may take to end after SIGHUP, in ms. */
const patienceMs = 2_000;

/**
 * A {@link Terminal} over a pseudoterminal of this computer.
 * When the shell ends while output is paused, node-pty waits 200 ms for the rest and drops what is then still unread.
 */
export class PtyTerminal implements Terminal {
  readonly closed: Promise<TerminalEnd>;
  readonly #waits = new AbortController();
  #ended = false;
  #closing = false;
  #listener: ((text: string) => void) | undefined;

  constructor(
    private readonly pty: IPty,
    private readonly options: PtyTerminalOptions,
  ) {
    // node-pty reads from the start: what came before somebody listens would be lost. It decodes UTF-8 by itself.
    pty.pause();
    this.closed = new Promise((resolve) => {
      pty.onExit(({ exitCode, signal }) => {
        this.#ended = true;
        this.#waits.abort();
        resolve(endOf(exitCode, signal));
      });
    });
  }

  onData(listener: (text: string) => void): void {
    if (this.#listener !== undefined) return;
    this.#listener = listener;
    this.pty.onData((text) => {
      if (!this.#closing) listener(text);
    });
    this.pty.resume();
  }

  pause(): void {
    if (!this.#ended) this.pty.pause();
  }

  resume(): void {
    if (!this.#ended && this.#listener !== undefined) this.pty.resume();
  }

  write(data: string): void {
    if (!this.#ended && !this.#closing) this.pty.write(data);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (this.#ended || this.#closing) return;
    try {
      this.pty.resize(columns, rows);
    } catch {
      // The shell ended a moment ago and its exit is still on the way.
    }
  }

  close(): void {
    if (this.#ended || this.#closing) return;
    this.#closing = true;
    // What still comes is dropped, so that the shell is not stuck in writing.
    this.pty.resume();
    this.pty.kill();
    if (this.options.platform === 'win32') return;
    this.options.clock.sleep(patienceMs, this.#waits.signal).then(
      () => this.pty.kill('SIGKILL'),
      () => undefined,
    );
  }
}

function endOf(exitCode: number, signal: number | undefined): TerminalEnd {
  if (signal === undefined || signal === 0) return { kind: 'exit', code: exitCode };
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return { kind: 'exit', code: null, signal: name ?? `SIG${signal}` };
}
