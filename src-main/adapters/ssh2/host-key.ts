import { Buffer } from 'node:buffer';
import { Failure } from '../../core/failure';
import type { HostKeyDecider } from '../../core/ports';
import type { KnownHosts } from './known-hosts';
import { knownHostsName } from './known-hosts-line';
import { fingerprint, keyType } from './wire';

export interface HostKeyTarget {
  /** Name of the node, for the prompt. */
  readonly node: string;
  /** Name that known_hosts keeps the host under. */
  readonly host: string;
  readonly port: number;
  /** Expected fingerprint, which replaces known_hosts. */
  readonly pinned: string | undefined;
}

/** Judges the key that one connection shows, and holds it to that key for as long as it lasts. */
export class HostKeyCheck {
  #verified: Buffer | undefined;
  #accepted = false;

  constructor(
    private readonly target: HostKeyTarget,
    private readonly known: KnownHosts,
    private readonly decider: HostKeyDecider,
  ) {}

  /** Fingerprint of the verified key. */
  get fingerprint(): string {
    return this.#verified === undefined ? '' : fingerprint(this.#verified);
  }

  /**
   * Resolves when the key may be trusted. `thinking` is called around the question to the person.
   * @throws Failure HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, HOST_KEY_REVOKED
   */
  async judge(
    shown: Uint8Array,
    signal: AbortSignal,
    thinking: <T>(work: () => Promise<T>) => Promise<T>,
  ): Promise<void> {
    const key = Buffer.from(shown);
    const { node, host, port, pinned } = this.target;
    const params = { host, port, keyType: keyType(key), fingerprint: fingerprint(key) };
    // A later key exchange of the same connection has to show the same key.
    if (this.#verified !== undefined) {
      if (this.#verified.equals(key)) return;
      throw new Failure('HOST_KEY_CHANGED', { ...params, expected: fingerprint(this.#verified) });
    }
    const verdict = await this.known.check(host, port, key);
    if (verdict.kind === 'revoked') {
      throw new Failure('HOST_KEY_REVOKED', { ...params, place: verdict.place });
    }
    if (pinned !== undefined) {
      if (pinned.replace(/=+$/, '') !== params.fingerprint) {
        throw new Failure('HOST_KEY_CHANGED', { ...params, expected: pinned });
      }
    } else if (verdict.kind === 'changed') {
      // What it takes to remove the old key: its file, and the name that it stands under there.
      const entry = { name: knownHostsName(host, port), file: verdict.place.replace(/:\d+$/, '') };
      const { expected, place } = verdict;
      throw new Failure('HOST_KEY_CHANGED', { ...params, expected, place, ...entry });
    } else if (verdict.kind === 'unknown') {
      const question = { node, host, port, keyType: params.keyType, fingerprint: params.fingerprint };
      if (!(await thinking(() => this.decider.accept(question, signal)))) {
        throw new Failure('HOST_KEY_UNKNOWN', params);
      }
      this.#accepted = true;
    }
    this.#verified = key;
  }

  /** To be called when the host has proved that it owns the key: an accepted one is written down only then. */
  async proved(): Promise<void> {
    if (!this.#accepted || this.#verified === undefined) return;
    this.#accepted = false;
    await this.known.accept(this.target.host, this.target.port, this.#verified);
  }
}
