import { createSubscriber } from 'svelte/reactivity';

/** The time, ms since the epoch, told anew every so often as long as somebody shows it. */
export class Ticker {
  readonly #subscribe: () => void;

  constructor(everyMs = 1000) {
    this.#subscribe = createSubscriber((update) => {
      const timer = setInterval(update, everyMs);
      return () => clearInterval(timer);
    });
  }

  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}
