import type { SecretRequest, SecretStore } from '../../core/ports';

/** Where the login and sudo get their secrets from: asks at most once for each, and remembers what has worked. */
export class SessionSecrets {
  readonly #proven = new Map<string, string>();

  constructor(private readonly store: SecretStore) {}

  /** A view that never asks: for proving reachability and for reconnecting, where nobody may be there. */
  readonly silent: SecretSource = {
    get: (request) => Promise.resolve(request.retry === true ? undefined : this.#proven.get(keyOf(request))),
    proven: () => undefined,
  };

  /** A view that asks the store for what has not been proven yet. */
  readonly asking: SecretSource = {
    get: async (request, signal) => {
      const known = request.retry === true ? undefined : this.#proven.get(keyOf(request));
      return known ?? (await this.store.get(request, signal));
    },
    proven: (request, secret) => void this.#proven.set(keyOf(request), secret),
  };
}

export interface SecretSource {
  /** The secret, or undefined when there is none to give. */
  get(request: SecretRequest, signal?: AbortSignal): Promise<string | undefined>;
  /** Tells that the other side took this secret: it is kept in memory for the life of the session. */
  proven(request: SecretRequest, secret: string): void;
}

function keyOf(request: SecretRequest): string {
  return JSON.stringify([request.kind, request.node, request.user, request.detail ?? '']);
}
