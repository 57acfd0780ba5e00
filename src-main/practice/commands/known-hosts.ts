import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

/** A line of known_hosts, as far as it is read here. */
export interface KnownHost {
  readonly line: number;
  readonly text: string;
  readonly hosts: string;
  readonly key: string;
  readonly marker: string | undefined;
}

/** `host`, or `[host]:port` for a port of its own. */
export function hostPattern(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

export function parseKnownHosts(text: string): KnownHost[] {
  return text.split('\n').flatMap((line, index): KnownHost[] => {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
    const [hosts = '', type = '', blob = ''] = words;
    if (blob === '' || hosts.startsWith('#')) return [];
    return [{ line: index + 1, text: line, hosts, key: `${type} ${blob}`, marker }];
  });
}

/** Whether a line is about a host: by a list of patterns, or by its hash. */
export function isAbout({ hosts }: KnownHost, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|([^|]+)$/.exec(hosts);
  if (hashed) {
    const [, salt = '', hash = ''] = hashed;
    return hashHost(name, Buffer.from(salt, 'base64')) === hash;
  }
  const patterns = hosts.split(',');
  if (patterns.some((one) => one.startsWith('!') && matches(one.slice(1), name))) return false;
  return patterns.some((one) => matches(one, name));
}

export function hashHost(name: string, salt: Buffer): string {
  return createHmac('sha1', salt).update(name).digest('base64');
}

/** ssh's patterns: `*` and `?`. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(text);
}
