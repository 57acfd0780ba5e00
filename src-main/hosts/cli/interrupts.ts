import { Failure } from '../../core/failure';

export type Interrupt = 'first' | 'second' | 'third';

/**
 * Ctrl-C by count: the first asks the work to stop and to take back what is half done, the second warns that it is still
 * at it, the third leaves at once.
 */
export class Interrupts {
  readonly #controller = new AbortController();
  #count = 0;

  constructor(
    private readonly tell: (what: Interrupt) => void,
    private readonly leave: () => void,
  ) {}

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly handle = (): void => {
    this.#count++;
    if (this.#count === 1) {
      this.tell('first');
      this.#controller.abort(new Failure('CANCELLED'));
    } else if (this.#count === 2) {
      this.tell('second');
    } else {
      this.tell('third');
      this.leave();
    }
  };

  /** Listens to the process until the function that it returns is called. */
  listen(process: Pick<NodeJS.Process, 'on' | 'off'>): () => void {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const name of signals) process.on(name, this.handle);
    return () => {
      for (const name of signals) process.off(name, this.handle);
    };
  }
}
