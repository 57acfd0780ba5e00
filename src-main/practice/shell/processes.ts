/** One process group on a practice node: what a login or a root command started. */
export interface Process {
  readonly pid: number;
  /** Aborted when a signal ends it. */
  readonly signal: AbortSignal;
  /** Name of the signal that ended it, without `SIG`; null while none has. */
  readonly endedBy: string | null;
  /** To be called when nothing of it runs any more. */
  end(): void;
}

interface Entry {
  endedBy: string | null;
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/** The process groups of a node. Process ids start where a booted machine's would be, and are never used twice. */
export class Processes {
  #next = 2000;
  readonly #running = new Map<number, Entry>();

  start(): Process {
    const pid = this.#next++;
    let resolve: () => void = () => undefined;
    const over = new Promise<void>((done) => (resolve = done));
    const entry: Entry = { endedBy: null, stop: new AbortController(), over };
    this.#running.set(pid, entry);
    return {
      pid,
      signal: entry.stop.signal,
      get endedBy() {
        return entry.endedBy;
      },
      end: () => {
        this.#running.delete(pid);
        resolve();
      },
    };
  }

  runs(pid: number): boolean {
    return this.#running.has(pid);
  }

  /**
   * Sends a signal (`TERM`, `KILL`, …); signal 0 only asks.
   * @returns false when there is no such process
   */
  kill(pid: number, signal: string): boolean {
    const entry = this.#running.get(pid);
    if (entry === undefined) return false;
    if (signal !== '0' && entry.endedBy === null) {
      entry.endedBy = signal;
      entry.stop.abort();
    }
    return true;
  }

  /** Resolves when the process is gone. */
  async ended(pid: number): Promise<void> {
    await this.#running.get(pid)?.over;
  }

  /** The power is cut: everything ends. */
  killAll(): void {
    for (const pid of [...this.#running.keys()]) this.kill(pid, 'KILL');
  }
}
