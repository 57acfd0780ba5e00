import type { SecretRequest, SecretStore } from '../ports';

/**
 * Remembers every secret that was handed out, so that none of them reaches a log, a journal or the screen
 * even when a node prints it back.
 */
export class KnownSecrets implements SecretStore {
  readonly #known = new Set<string>();

  constructor(private readonly inner: SecretStore) {}

  async get(request: SecretRequest, signal?: AbortSignal): Promise<string | undefined> {
    const secret = await this.inner.get(request, signal);
    // A very short secret would blank out half of a log; it is also no secret worth the name.
    if (secret !== undefined && secret.length >= 4) this.#known.add(secret);
    return secret;
  }

  /** `text` with every known secret replaced by `•••`. */
  redact(text: string): string {
    let clean = text;
    for (const secret of this.#known) clean = clean.replaceAll(secret, '•••');
    return clean;
  }
}
