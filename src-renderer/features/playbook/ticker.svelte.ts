import { createSubscriber } from 'svelte/reactivity';

/** The time, ms since the epoch, told anew every second as long as somebody shows it. */
export class Ticker {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}
