import { Failure, isFailure } from '../../core/failure';
import type { Clock } from '../../core/ports';
import { orAborted, within } from './countdown';
import type { Limits } from './limits';
import { ChannelRefused, type ReadyShell } from './ready-shell';

interface Waiter {
  readonly go: () => void;
}

/** Something that is not a shell of the pool and uses a channel until it is gone. */
export interface Guest {
  /** It has ended for whoever used it; the server may still hold the channel. */
  readonly ended: boolean;
  /** The channel is free. */
  readonly gone: Promise<unknown>;
}

/**
 * Hands out ready shells and keeps a few waiting, so that a command costs one round trip: opening a channel takes two
 * more, and a login shell's start-up files can take a hundred milliseconds.
 * Each shell serves one command and is then gone; no command sees what another has left behind.
 */
export class ShellPool {
  readonly #spares: Promise<ReadyShell>[] = [];
  readonly #waiting: Waiter[] = [];
  /** Channels open or being opened, spares included. */
  #open = 0;
  #limit: number;
  readonly #guests = new Set<Guest>();
  #invited = 0;

  constructor(
    private readonly openShell: () => Promise<ReadyShell>,
    private readonly clock: Clock,
    private readonly limits: Pick<Limits, 'channels' | 'spares' | 'shellMs' | 'rootShells' | 'terminals'>,
    private readonly lost: AbortSignal,
  ) {
    this.#limit = limits.channels;
  }

  /** Opens the spares. Failing ones are tried again by whoever needs a shell. */
  warmUp(): void {
    // One channel stays free for a shell that is needed while all spares are still starting.
    while (this.#spares.length < this.limits.spares && this.#open < this.#limit - 1 && !this.lost.aborted) {
      const spare = this.#start();
      this.#spares.push(spare);
      spare.catch(() => {
        const at = this.#spares.indexOf(spare);
        if (at >= 0) void this.#spares.splice(at, 1);
      });
    }
  }

  /**
   * A ready shell, as soon as a channel is free.
   * @throws Failure SHELL_UNUSABLE, CONNECTION_LOST, and what `signal` stands for
   */
  async take(signal: AbortSignal): Promise<ReadyShell> {
    for (;;) {
      const spare = this.#spares.shift();
      if (spare === undefined && this.#open >= this.#limit) {
        await this.#turn(signal);
        continue;
      }
      const shell = await this.#settled(spare ?? this.#start(), signal);
      if (shell === undefined) continue;
      this.warmUp();
      return shell;
    }
  }

  /** A shell beyond the limit, for ending commands: it must not wait for those that it is to end. */
  async reserve(signal: AbortSignal): Promise<ReadyShell> {
    const spare = this.#spares.shift();
    const shell = spare === undefined ? undefined : await this.#settled(spare, signal);
    return shell ?? orAborted(this.#start(), signal);
  }

  /**
   * Opens a terminal on a channel of the same budget; a spare makes room for it. So many channels are left that all root
   * shells and a command of the user fit: a terminal stays for hours, and they must not wait for it.
   * @throws Failure TERMINAL_LIMIT, TERMINAL_UNAVAILABLE, what `signal` stands for, and what `open` throws
   */
  async openGuest<T extends Guest>(open: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const here = [...this.#guests].filter((guest) => !guest.ended).length + this.#invited;
    if (here >= this.limits.terminals) throw new Failure('TERMINAL_LIMIT', { limit: this.limits.terminals });
    this.#invited++;
    try {
      const guest = await this.#invite(open, here + 1, signal);
      this.#guests.add(guest);
      void guest.gone.then(() => {
        this.#guests.delete(guest);
        this.#freed();
      });
      return guest;
    } finally {
      this.#invited--;
    }
  }

  async #invite<T>(open: () => Promise<T>, guests: number, signal: AbortSignal): Promise<T> {
    for (;;) {
      if (this.#limit - guests < this.limits.rootShells + 1) {
        throw new Failure('TERMINAL_UNAVAILABLE', { reason: `MaxSessions ${this.#limit}` });
      }
      await this.#makeRoom(signal);
      this.#open++;
      try {
        return await open();
      } catch (error) {
        this.#freed();
        if (!(error instanceof ChannelRefused)) throw error;
        if (this.#spares.length === 0) {
          throw new Failure('TERMINAL_UNAVAILABLE', { reason: error.message }, { cause: error });
        }
        this.#limit = this.#open;
      }
    }
  }

  async #makeRoom(signal: AbortSignal): Promise<void> {
    while (this.#open >= this.#limit) {
      const spare = this.#spares.shift();
      if (spare === undefined) {
        await this.#turn(signal);
        continue;
      }
      const shell = await this.#settled(spare, signal);
      shell?.close();
      if (shell !== undefined) await orAborted(shell.exit, signal);
    }
  }

  async #settled(opening: Promise<ReadyShell>, signal: AbortSignal): Promise<ReadyShell | undefined> {
    try {
      const shell = await orAborted(opening, signal);
      // A spare may have been ended on the node while it waited; nothing was run on it.
      return shell.closed ? undefined : shell;
    } catch (error) {
      if (signal.aborted) {
        // The shell may still come: it would be in nobody's hands.
        opening.then((shell) => shell.close()).catch(() => undefined);
        throw error;
      }
      if (!(error instanceof ChannelRefused)) throw error;
      if (this.#open === 0) throw new Failure('SHELL_UNUSABLE', {}, { evidence: error.message });
      // The server allows fewer sessions than expected: stay within what it gave.
      this.#limit = this.#open;
      return undefined;
    }
  }

  async #start(): Promise<ReadyShell> {
    this.#open++;
    const opening = this.openShell();
    try {
      const late = () => new Failure('COMMAND_TIMEOUT', { timeoutMs: this.limits.shellMs, phase: 'shell' });
      const shell = await within(this.clock, this.limits.shellMs, late, this.lost, opening);
      void shell.exit.then(() => this.#freed());
      return shell;
    } catch (error) {
      this.#freed();
      if (!(error instanceof ChannelRefused)) opening.then((shell) => shell.close()).catch(() => undefined);
      throw this.lost.aborted && !isFailure(error, 'CONNECTION_LOST') ? this.lost.reason : error;
    }
  }

  #freed(): void {
    this.#open--;
    this.#waiting.shift()?.go();
  }

  async #turn(signal: AbortSignal): Promise<void> {
    let waiter: Waiter | undefined;
    const turn = new Promise<void>((resolve) => {
      waiter = { go: resolve };
      this.#waiting.push(waiter);
    });
    try {
      await orAborted(turn, signal);
    } catch (error) {
      const at = waiter === undefined ? -1 : this.#waiting.indexOf(waiter);
      if (at >= 0) this.#waiting.splice(at, 1);
      // The turn came together with the abort: it is the next one's.
      else this.#waiting.shift()?.go();
      throw error;
    }
  }
}
