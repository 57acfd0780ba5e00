import { join } from 'node:path';
import type { ParsedKey } from 'ssh2';
import type { SecretRequest } from '../../core/ports';
import { type IdentityFile, readIdentityFile, unlock } from './identity-file';
import { keyFromFile, keysFromAgents, type OfferedKey } from './offered-keys';
import type { SecretSource } from './secrets';

/** What a login takes its keys from. */
export interface KeySources {
  /** Agents, the first that answers counts: sockets, Windows pipes, or `pageant`. */
  readonly agents: readonly string[];
  /** Identity files that were named for this host, in order. */
  readonly named: readonly string[];
  /** Identity files tried when none is named. */
  readonly defaults: readonly string[];
  /** Offer the named identities only, even when the agent holds more. */
  readonly identitiesOnly: boolean;
}

/** OpenSSH's default identities that this client can use. */
export function defaultIdentities(home: string): string[] {
  return ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(home, '.ssh', name));
}

/** Where the agents of this computer listen: SSH_AUTH_SOCK, or on Windows its own agent and Pageant. */
export function agentPaths(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const path = env['SSH_AUTH_SOCK'];
  if (path !== undefined && path !== '') return [path];
  return platform === 'win32' ? ['\\\\.\\pipe\\openssh-ssh-agent', 'pageant'] : [];
}

export interface LoginKeysOptions {
  readonly sources: KeySources;
  readonly secrets: SecretSource;
  readonly node: string;
  readonly user: string;
  readonly signal: AbortSignal;
  /** Called around every question to the person, so that no limit runs meanwhile. */
  readonly thinking: <T>(work: () => Promise<T>) => Promise<T>;
}

const maxPassphrases = 3;

/** The keys of one login, in the order in which they are offered. */
export class LoginKeys {
  /** Named identity files that could not be used, with the reason. */
  readonly unusable: { path: string; reason: string }[] = [];

  constructor(private readonly options: LoginKeysOptions) {}

  /**
   * OpenSSH's order (sshconnect2.c, pubkey_prepare): identities that the agent holds, then the agent's other keys,
   * then files. One thing differs: files that were named for this host come before the agent's other keys, because
   * an agent with many keys uses up the server's MaxAuthTries before the right one is reached.
   */
  async *offers(): AsyncGenerator<OfferedKey> {
    const { sources } = this.options;
    const named = sources.named.length > 0;
    const files = await this.#files(named ? sources.named : sources.defaults, named);
    const held = await keysFromAgents(sources.agents);
    const holds = (file: IdentityFile) => held.find(({ blob }) => file.publicKey?.equals(blob) === true);

    const fromAgent = files.map(holds).filter((entry) => entry !== undefined);
    yield* fromAgent.map(({ key }) => key);
    const others = sources.identitiesOnly ? [] : held.filter((entry) => !fromAgent.includes(entry));
    const onlyFiles = files.filter((file) => holds(file) === undefined);
    if (!named) yield* others.map(({ key }) => key);
    for (const file of onlyFiles) {
      const key = await this.#offer(file);
      if (key !== undefined) yield key;
    }
    if (named) yield* others.map(({ key }) => key);
  }

  async #files(paths: readonly string[], tell: boolean): Promise<IdentityFile[]> {
    const files: IdentityFile[] = [];
    for (const path of paths) {
      const file = await readIdentityFile(path);
      if (!('unusable' in file)) files.push(file);
      else if (tell) this.unusable.push({ path, reason: file.unusable });
    }
    return files;
  }

  async #offer(file: IdentityFile): Promise<OfferedKey | undefined> {
    if (file.publicKey !== undefined) return keyFromFile(file, file.publicKey, (it) => this.#open(it));
    // The old format hides the public key too: there is nothing to offer before it is unlocked.
    const key = await this.#open(file);
    return key === undefined ? undefined : keyFromFile(file, key.getPublicSSH(), () => Promise.resolve(key));
  }

  async #open(file: IdentityFile): Promise<ParsedKey | undefined> {
    const { secrets, node, user, signal, thinking } = this.options;
    const request: SecretRequest = { kind: 'key-passphrase', node, user, detail: file.path };
    const refused = new Set<string>();
    for (let attempt = 0; attempt < maxPassphrases; attempt++) {
      const asked = attempt === 0 ? request : { ...request, retry: true };
      const passphrase = await thinking(() => secrets.get(asked, signal));
      if (passphrase === undefined || refused.has(passphrase)) break;
      const key = unlock(file.text, passphrase);
      if (key !== undefined) {
        secrets.proven(request, passphrase);
        return key;
      }
      refused.add(passphrase);
    }
    this.unusable.push({ path: file.path, reason: refused.size > 0 ? 'passphrase' : 'locked' });
    return undefined;
  }
}
