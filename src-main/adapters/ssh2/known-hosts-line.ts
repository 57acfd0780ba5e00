import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { keyType } from './wire';

/** One usable line of a known_hosts file. */
export interface KnownHostsLine {
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** The host field as written: patterns, or one hashed name. */
  readonly hosts: string;
  readonly keyType: string;
  readonly key: Buffer;
  /** Where it stands, `path:line`. */
  readonly place: string;
}

/**
 * The usable lines of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
 * Comments, empty lines and whatever cannot be read are left out, as OpenSSH does:
 * a broken line must not make the rest of the file unknown.
 */
export function parseKnownHosts(text: string, path: string): KnownHostsLine[] {
  return text.split('\n').flatMap((line, index) => {
    const parsed = parseLine(line.replace(/\r$/, ''), `${path}:${index + 1}`);
    return parsed === undefined ? [] : [parsed];
  });
}

function parseLine(line: string, place: string): KnownHostsLine | undefined {
  const fields = line.trim().split(/[ \t]+/);
  const first = fields[0] ?? '';
  if (first.startsWith('#')) return undefined;
  const marker = markerOf(first);
  const [hosts, type, base64] = marker === 'none' ? fields : fields.slice(1);
  if (marker === undefined || hosts === undefined || type === undefined || base64 === undefined) {
    return undefined;
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const key = Buffer.from(base64, 'base64');
  // The type is said twice; OpenSSH refuses a line whose two answers differ.
  return keyType(key) === type ? { marker, hosts, keyType: type, key, place } : undefined;
}

/** undefined for a marker that is not known: its line cannot be understood. */
function markerOf(field: string): KnownHostsLine['marker'] | undefined {
  if (!field.startsWith('@')) return 'none';
  return field === '@revoked' ? 'revoked' : field === '@cert-authority' ? 'cert-authority' : undefined;
}

/** The name under which known_hosts keeps a host: plain for port 22, `[host]:port` otherwise. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** Whether the host field of a line is about `name` (as {@link knownHostsName} gives it). */
export function matchesHost(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name);
  let matched = false;
  for (const pattern of hosts.toLowerCase().split(',')) {
    const negated = pattern.startsWith('!');
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    // A negated match rules the whole line out, whatever else matches.
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function matchesHash(field: string, name: string): boolean {
  const [, kind, salt, hash] = field.split('|');
  if (kind !== '1' || salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** OpenSSH's patterns: `*` any run of characters, `?` one; square brackets are literal. Linear, so no pattern can hang it. */
function matchesPattern(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let retry = 0;
  while (n < name.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      retry = n;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++retry;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
