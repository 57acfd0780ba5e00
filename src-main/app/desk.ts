import { Failure } from '../core/failure';

/** Who is at work: the open playbook, or a measurement. */
export type Worker = 'book' | 'bench';

/** One piece of work at a time, which can be asked to stop. */
export class Desk {
  #work:
    { readonly worker: Worker; readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  #after: (() => unknown)[] = [];

  /** Who is at work; undefined when nobody is. */
  get worker(): Worker | undefined {
    return this.#work?.worker;
  }

  /** @throws Failure WORK_RUNNING */
  refuse(): void {
    if (this.#work) throw new Failure('WORK_RUNNING');
  }

  /**
   * Starts the work in the next turn, so that the state says that it has begun before its first step does anything.
   * @param work sees to its own failures; what it returns runs when the next work may begin, to say so
   * @throws Failure WORK_RUNNING
   */
  begin(worker: Worker, work: (signal: AbortSignal) => Promise<() => void>): void {
    this.refuse();
    const abort = new AbortController();
    const done = Promise.resolve()
      .then(() => work(abort.signal))
      .then((ended) => {
        this.#work = undefined;
        const after = this.#after;
        this.#after = [];
        ended();
        for (const next of after) next();
      });
    this.#work = { worker, abort, done };
  }

  /** Runs `next` once the present work has ended. */
  then(next: () => unknown): void {
    this.#after.push(next);
  }

  /** Asks the work to stop and waits until it has. */
  async cancel(): Promise<void> {
    this.#work?.abort.abort();
    await this.#work?.done;
  }
}
