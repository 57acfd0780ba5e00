interface Lock {
  owner: object;
  readonly waiting: { readonly owner: object; readonly answer: (given: boolean) => void }[];
}

/** What flock(1) holds on a node: one owner per path at a time, in the order in which they asked. */
export class FileLocks {
  readonly #locks = new Map<string, Lock>();

  /**
   * Waits for the lock, `timeoutMs` at most (undefined: without limit).
   * @returns whether `owner` holds it now
   */
  async acquire(
    path: string,
    owner: object,
    timeoutMs: number | undefined,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const lock = this.#locks.get(path);
    if (lock === undefined) {
      this.#locks.set(path, { owner, waiting: [] });
      return true;
    }
    if (lock.owner === owner) return true;
    if (timeoutMs === 0 || signal?.aborted === true) return false;
    return new Promise<boolean>((resolve) => {
      const waiter = {
        owner,
        answer: (given: boolean) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
          resolve(given);
        },
      };
      const giveUp = () => {
        const at = lock.waiting.indexOf(waiter);
        if (at >= 0) lock.waiting.splice(at, 1);
        waiter.answer(false);
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs);
      signal?.addEventListener('abort', giveUp, { once: true });
      lock.waiting.push(waiter);
    });
  }

  release(path: string, owner: object): void {
    const lock = this.#locks.get(path);
    if (lock?.owner !== owner) return;
    const next = lock.waiting.shift();
    if (next === undefined) {
      this.#locks.delete(path);
      return;
    }
    lock.owner = next.owner;
    next.answer(true);
  }
}
