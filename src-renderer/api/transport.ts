import type { FailureInfo } from './types';

/**
 * `denied`: main does not know this window, and trying again does not help. `lost`: it was open, and another try is under
 * way or due.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'denied';

export type RawAnswer = { readonly result: unknown } | { readonly failure: unknown };

/** The way to main. What comes out of it has not been checked. */
export interface Transport {
  /** @throws ConnectionGone when the way breaks before the answer */
  ask(method: string, params: unknown): Promise<RawAnswer>;
  /** Opens the way and keeps it open. */
  start(events: {
    readonly push: (push: unknown) => void;
    readonly state: (state: ConnectionState) => void;
  }): void;
}

/** What a question gets that was under way when the connection broke, or that was asked without one. */
export const gone: FailureInfo = { code: 'CANCELLED', params: {} };
