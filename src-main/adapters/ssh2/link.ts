import { Failure } from '../../core/failure';
import type { Clock, Terminal, TerminalSize } from '../../core/ports';
import type { Line } from './dial';
import type { Limits } from './limits';
import { ReadyShell } from './ready-shell';
import { RootShells } from './root-shell';
import type { SecretSource } from './secrets';
import { ShellPool } from './shell-pool';
import { openTerminal } from './terminal';

/** One logged-in connection with what lives on it: gone as a whole when the transport is. */
export class Link {
  readonly hostKey: string;
  readonly pool: ShellPool;
  readonly root: RootShells;
  readonly #lost = new AbortController();

  constructor(
    private readonly line: Line,
    private readonly options: {
      node: string;
      user: string;
      secrets: SecretSource;
      clock: Clock;
      limits: Limits;
    },
  ) {
    const { clock, limits } = options;
    this.hostKey = line.hostKey;
    const lose = (reason: string) => this.#lose(reason);
    line.client
      .removeAllListeners('error')
      .removeAllListeners('close')
      .on('error', (error: Error) => lose(error.message))
      .on('close', () => lose('closed'));
    this.pool = new ShellPool(() => ReadyShell.open(line.client), clock, limits, this.lost);
    this.root = new RootShells({ ...options, pool: this.pool, lost: this.lost });
    this.pool.warmUp();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  openTerminal(size: TerminalSize, signal: AbortSignal | undefined): Promise<Terminal> {
    const { clock, limits } = this.options;
    const { pool, lost } = this;
    return openTerminal({ client: this.line.client, pool, clock, limits, lost }, size, signal);
  }

  close(): void {
    this.#lose('closed by this side');
  }

  #lose(reason: string): void {
    if (this.lost.aborted) return;
    // First the reason, then the ends of the channels: whoever waits learns why.
    this.#lost.abort(new Failure('CONNECTION_LOST', { reason }));
    this.line.hangUp();
  }
}
