import { Failure, isFailure, throwIfCancelled } from '../../core/failure';
import type {
  Clock,
  ExecOptions,
  ExecRequest,
  ExecResult,
  Session,
  Terminal,
  TerminalSize,
} from '../../core/ports';
import type { Limits } from './limits';
import type { Link } from './link';
import { supervise } from './supervise';
import { startUserCommand } from './user-exec';

export interface SessionOptions {
  readonly node: string;
  readonly user: string;
  readonly link: Link;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Makes a further connection with the secrets that are known, without asking. */
  readonly connectAgain: (signal: AbortSignal) => Promise<Link>;
  /** Makes a further connection as far as the login, and closes it. */
  readonly prove: (signal: AbortSignal) => Promise<void>;
  /** Random number in [0, 1), for the jitter of the back-off. */
  readonly random?: () => number;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** A {@link Session} over ssh2. It stays usable over reconnects; `lost` is the signal of the present connection. */
export class Ssh2Session implements Session {
  readonly node: string;
  readonly user: string;
  #link: Link;
  #closed = false;

  constructor(private readonly options: SessionOptions) {
    this.node = options.node;
    this.user = options.user;
    this.#link = options.link;
  }

  get hostKey(): string {
    return this.#link.hostKey;
  }

  get lost(): AbortSignal {
    return this.#link.lost;
  }

  async exec(request: ExecRequest, exec: ExecOptions = {}): Promise<ExecResult> {
    throwIfCancelled(exec.signal);
    throwIfCancelled(this.lost);
    const { clock, limits } = this.options;
    const { pool, root, lost } = this.#link;
    try {
      return await supervise({ exec, clock, lost, endMs: limits.endMs }, (output, signal) =>
        request.root
          ? root.start(request, output, signal)
          : startUserCommand(pool, request, output, signal, lost),
      );
    } catch (error) {
      throw this.#onNode(error);
    }
  }

  async openTerminal(size: TerminalSize, { signal }: { signal?: AbortSignal } = {}): Promise<Terminal> {
    throwIfCancelled(signal);
    throwIfCancelled(this.lost);
    try {
      return await this.#link.openTerminal(size, signal);
    } catch (error) {
      throw this.#onNode(error);
    }
  }

  async proveReachable({ signal, timeoutMs }: { signal?: AbortSignal; timeoutMs: number }): Promise<void> {
    throwIfCancelled(signal);
    await this.#limited(timeoutMs, signal, 'prove', (limited) => this.options.prove(limited));
  }

  async reconnect({ signal, timeoutMs }: { signal?: AbortSignal; timeoutMs: number }): Promise<void> {
    throwIfCancelled(signal);
    if (this.#closed) throw this.#onNode(new Failure('CONNECTION_LOST', { reason: 'closed by this side' }));
    if (!this.lost.aborted) return;
    const link = await this.#limited(timeoutMs, signal, 'reconnect', (limited) => this.#persist(limited));
    this.#use(link);
    throwIfCancelled(this.lost);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#link.close();
    return Promise.resolve();
  }

  #use(link: Link): void {
    // Somebody may have closed the session meanwhile.
    if (this.#closed) link.close();
    else this.#link = link;
  }

  /** Tries again and again, later and later, until the node is there or refuses us. */
  async #persist(signal: AbortSignal): Promise<Link> {
    const random = this.options.random ?? Math.random;
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      try {
        return await this.options.connectAgain(signal);
      } catch (error) {
        if (signal.aborted || !isTransient(error)) throw error;
        // Between half and all of the pause, so that two nodes do not come in step.
        await this.options.clock.sleep(pause * (0.5 + random() / 2), signal);
      }
    }
  }

  async #limited<T>(
    timeoutMs: number,
    signal: AbortSignal | undefined,
    phase: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    const over = new AbortController();
    const late = () => limit.abort(new Failure('CONNECTION_TIMEOUT', { phase, timeoutMs }));
    this.options.clock.sleep(timeoutMs, over.signal).then(late, () => undefined);
    const both = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
    try {
      return await work(both);
    } catch (error) {
      throwIfCancelled(both);
      throw this.#onNode(error);
    } finally {
      over.abort();
    }
  }

  /** Says on which node it happened. */
  #onNode(error: unknown): unknown {
    return error instanceof Failure ? onNode(error, this.node) : error;
  }
}

/** The failure with the name of its node. */
export function onNode(failure: Failure, node: string): Failure {
  if (failure.info.node !== undefined) return failure;
  const { code, params, ...rest } = failure.info;
  return new Failure(code, params, { ...rest, node, cause: failure.cause });
}

/** Failures of the transport, which time may heal. A refused login or host key is an answer, not an accident. */
function isTransient(error: unknown): boolean {
  return isFailure(
    error,
    'NAME_NOT_RESOLVED',
    'NODE_UNREACHABLE',
    'CONNECTION_TIMEOUT',
    'CONNECTION_LOST',
    'SSH_PROTOCOL',
    'JUMP_FAILED',
  );
}
