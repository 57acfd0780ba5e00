import { Buffer } from 'node:buffer';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { knownHostsName, type KnownHostsLine, matchesHost, parseKnownHosts } from './known-hosts-line';
import { fingerprint, keyType } from './wire';

/** What known_hosts says about a key that a host has shown. */
export type HostKeyVerdict =
  | { readonly kind: 'known' }
  /** No key of this type is known; `otherTypes`: keys of other types are. */
  | { readonly kind: 'unknown'; readonly otherTypes: boolean }
  /** Another key of the same type is known: `expected` is its fingerprint, `place` is `path:line`. */
  | { readonly kind: 'changed'; readonly expected: string; readonly place: string }
  | { readonly kind: 'revoked'; readonly place: string };

export interface KnownHostsOptions {
  /** Files that are read, in this order; missing ones count as empty. */
  readonly files: readonly string[];
  /** File that accepted keys are appended to; it is read too. */
  readonly ownFile: string;
}

/** The files that OpenSSH reads by default, for a person with this home folder. */
export function openSshKnownHosts(home: string, platform: NodeJS.Platform, programData?: string): string[] {
  const system =
    platform === 'win32' ? join(programData ?? 'C:\\ProgramData', 'ssh') : join('/', 'etc', 'ssh');
  return [
    join(home, '.ssh', 'known_hosts'),
    join(home, '.ssh', 'known_hosts2'),
    join(system, 'ssh_known_hosts'),
    join(system, 'ssh_known_hosts2'),
  ];
}

/** Host keys by OpenSSH's rules. The files are read anew each time, so that what ssh-keygen does meanwhile counts. */
export class KnownHosts {
  readonly #files: readonly string[];
  readonly #ownFile: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: KnownHostsOptions) {
    this.#files = [...options.files, options.ownFile];
    this.#ownFile = options.ownFile;
  }

  /** Judges the key blob that `host` has shown on `port`. `@revoked` wins over everything, a match over a difference. */
  async check(host: string, port: number, key: Uint8Array): Promise<HostKeyVerdict> {
    const lines = await this.#lines();
    const verdict = judge(lines, knownHostsName(host, port), key);
    if (verdict.kind !== 'unknown' || port === 22) return verdict;
    // OpenSSH looks for a key without the port before it asks (sshconnect.c, "checking without port identifier").
    const plain = judge(lines, knownHostsName(host, 22), key);
    return plain.kind === 'known' || plain.kind === 'revoked' ? plain : verdict;
  }

  /** Key types known for a host: to be preferred in the key exchange, so that the host shows a key that can be compared. */
  async knownTypes(host: string, port: number): Promise<string[]> {
    const lines = await this.#lines();
    const about = (name: string) =>
      lines.filter((line) => line.marker === 'none' && matchesHost(line.hosts, name));
    const named = about(knownHostsName(host, port));
    const found = named.length > 0 ? named : about(knownHostsName(host, 22));
    return [...new Set(found.map((line) => line.keyType))];
  }

  /** Appends an accepted key to the own file. */
  accept(host: string, port: number, key: Uint8Array): Promise<void> {
    const line = `${knownHostsName(host, port)} ${keyType(key)} ${Buffer.from(key).toString('base64')}\n`;
    const written = this.#writing.then(() => appendLine(this.#ownFile, line));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async #lines(): Promise<KnownHostsLine[]> {
    const texts = await Promise.all(
      this.#files.map(async (path) => parseKnownHosts(await readOrEmpty(path), path)),
    );
    return texts.flat();
  }
}

function judge(lines: readonly KnownHostsLine[], name: string, key: Uint8Array): HostKeyVerdict {
  const type = keyType(key);
  let changed: KnownHostsLine | undefined;
  let known = false;
  let otherTypes = false;
  for (const line of lines) {
    // A certificate authority signs certificates; it says nothing about a plain key.
    if (line.marker === 'cert-authority' || !matchesHost(line.hosts, name)) continue;
    const same = line.key.equals(key);
    if (line.marker === 'revoked') {
      if (same) return { kind: 'revoked', place: line.place };
    } else if (same) known = true;
    else if (line.keyType === type) changed ??= line;
    else otherTypes = true;
  }
  if (known) return { kind: 'known' };
  if (changed === undefined) return { kind: 'unknown', otherTypes };
  return { kind: 'changed', expected: fingerprint(changed.key), place: changed.place };
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return '';
    throw error;
  }
}

/**
 * One write in append mode: two apps can append at the same time and no line is lost or mixed.
 * A last line torn by a crash is closed first, so that it spoils only itself.
 */
async function appendLine(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const text = size > 0 && last.toString('latin1') !== '\n' ? `\n${line}` : line;
    await file.appendFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}
