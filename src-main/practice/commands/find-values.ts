import type { OwnedStat } from '../machine/node-model';
import { basename } from '../machine/paths';
import { groupName, modeText, userName } from './describe';
import type { Call } from './support';

/** A file that find has come to. */
export interface Visit {
  /** As it was given, with what is below. */
  readonly shown: string;
  readonly path: string;
  readonly depth: number;
  readonly stat: OwnedStat;
}

/** A shell pattern as a test of a whole text. */
export function glob(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    const set = /^\[!?\]?[^\]]*\]/.exec(pattern.slice(at))?.[0];
    if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (set !== undefined) {
      source += set.replace('[!', '[^');
      at += set.length - 1;
    } else source += char.replace(/[.+^${}()|[\]\\/]/, '\\$&');
  }
  const test = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
  return (text) => test.test(text);
}

/** The bits of `-perm MODE`, octal or `u=x`. */
export function permissionBits(text: string): number {
  const found = /^([ugoa]+)=([rwx]+)$/.exec(text);
  if (found === null) return parseInt(text, 8);
  const [, who = '', rights = ''] = found;
  const one =
    (rights.includes('r') ? 4 : 0) | (rights.includes('w') ? 2 : 0) | (rights.includes('x') ? 1 : 0);
  const has = (letter: string) => (who.includes(letter) || who.includes('a') ? one : 0);
  return (has('u') << 6) | (has('g') << 3) | has('o');
}

/** What `-printf` prints of a file. */
export async function formatted(
  call: Call,
  format: string,
  { shown, path, stat, depth }: Visit,
): Promise<string> {
  const target = stat.type === 'symlink' ? await call.fs.readlink(path) : '';
  const fields: Record<string, string> = {
    p: shown,
    f: basename(shown),
    h: shown.slice(0, Math.max(shown.lastIndexOf('/'), 0)) || '.',
    P: depth === 0 ? '' : shown.split('/').slice(-depth).join('/'),
    l: target,
    m: stat.mode.toString(8),
    M: modeText(stat),
    s: String(stat.size),
    u: userName(call, stat.uid) ?? String(stat.uid),
    g: groupName(call, stat.gid) ?? String(stat.gid),
    U: String(stat.uid),
    G: String(stat.gid),
    y: { file: 'f', directory: 'd', symlink: 'l' }[stat.type],
    i: String(stat.ino),
    n: String(stat.nlink),
    d: String(depth),
    'T@': (stat.mtime.getTime() / 1000).toFixed(10),
    '%': '%',
  };
  return format
    .replace(/%(T@|[A-Za-z%])/g, (all, letter: string) => fields[letter] ?? all)
    .replace(/\\([nt0\\])/g, (_, letter: string) => ({ n: '\n', t: '\t', '0': '\0' })[letter] ?? '\\');
}
