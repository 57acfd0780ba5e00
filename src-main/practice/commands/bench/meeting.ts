import type { Listening } from '../../machine/sockets';

/** One client with one server: the client measures, and tells the server what it has seen. */
export class Visit<Offer, Event> {
  readonly #client = new AbortController();
  readonly #server = new AbortController();
  readonly #events: Event[] = [];
  #over = false;
  #wake: () => void = () => undefined;

  constructor(readonly offer: Offer) {}

  /** Aborted when the server has ended before the client. */
  get serverGone(): AbortSignal {
    return this.#server.signal;
  }

  /** Whether the client has ended before it was through. */
  get clientGone(): boolean {
    return this.#client.signal.aborted;
  }

  tell(event: Event): void {
    this.#events.push(event);
    this.#wake();
  }

  /** The client is through, or gone. */
  leave(through: boolean): void {
    this.#over = true;
    if (!through) this.#client.abort();
    this.#wake();
  }

  end(): void {
    this.#server.abort();
  }

  /** The next thing that the client tells; undefined when it has left or `signal` aborts. */
  async next(signal: AbortSignal): Promise<Event | undefined> {
    while (this.#events.length === 0 && !this.#over && !signal.aborted)
      await new Promise<void>((resolve) => {
        const stop = () => resolve();
        signal.addEventListener('abort', stop, { once: true });
        this.#wake = () => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
      });
    return signal.aborted ? undefined : this.#events.shift();
  }
}

/** Where the clients of one kind of program find its servers. */
export class Meeting<Offer, Event> {
  readonly #waiting = new WeakMap<Listening, (visit: Visit<Offer, Event>) => void>();

  /** The next client of a server; undefined when `signal` aborts first. */
  accept(listening: Listening, signal: AbortSignal): Promise<Visit<Offer, Event> | undefined> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve(undefined);
        return;
      }
      const stop = () => {
        this.#waiting.delete(listening);
        resolve(undefined);
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.set(listening, (visit) => {
        signal.removeEventListener('abort', stop);
        this.#waiting.delete(listening);
        resolve(visit);
      });
    });
  }

  /** Undefined where another program listens, or the server is busy with somebody else. */
  visit(listening: Listening, offer: Offer): Visit<Offer, Event> | undefined {
    const taken = this.#waiting.get(listening);
    if (taken === undefined) return undefined;
    const visit = new Visit<Offer, Event>(offer);
    taken(visit);
    return visit;
  }
}
