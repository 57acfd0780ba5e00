import type { Bridge } from '../../src-main/contract/bridge';
import type { RawAnswer, Transport } from './transport';

/** Over the preload's bridge: main lives as long as the window, so this way does not break. */
export class DesktopTransport implements Transport {
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  ask(method: string, params: unknown): Promise<RawAnswer> {
    const ask = Object.hasOwn(this.#bridge.ask, method)
      ? this.#bridge.ask[method as keyof Bridge['ask']]
      : undefined;
    return ask?.(params) ?? Promise.resolve({ failure: null });
  }

  start(events: Parameters<Transport['start']>[0]): void {
    this.#bridge.onPush(events.push);
    events.state('open');
  }
}
