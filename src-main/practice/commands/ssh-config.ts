import { matches } from './known-hosts';

export interface SshOptions {
  readonly values: ReadonlyMap<string, string>;
  /** In the order in which they are tried. */
  readonly identities: readonly string[];
}

/**
 * The options for a host from command line options and config files: the first value of each counts, identities add
 * up. `Match all` and `Match host` are known, other criteria match nothing.
 */
export function readConfig(
  host: string,
  given: readonly [string, string][],
  files: readonly string[],
): SshOptions {
  const values = new Map<string, string>();
  const identities: string[] = [];
  const take = (key: string, value: string) => {
    if (key === 'identityfile') identities.push(value);
    else if (!values.has(key)) values.set(key, value);
  };
  for (const [key, value] of given) take(key.toLowerCase(), value);
  for (const file of files) {
    let active = true;
    for (const line of file.split('\n')) {
      const found = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.+?)\s*$/.exec(line.replace(/^\s*#.*/, ''));
      if (found === null) continue;
      const [, name = '', raw = ''] = found;
      const key = name.toLowerCase();
      const value = raw.replace(/^"(.*)"$/, '$1');
      if (key === 'host') active = hostMatches(value.split(/\s+/), host);
      else if (key === 'match') active = matchApplies(value, host);
      else if (active) take(key, value);
    }
  }
  return { values, identities };
}

function hostMatches(patterns: readonly string[], host: string): boolean {
  if (patterns.some((one) => one.startsWith('!') && matches(one.slice(1), host))) return false;
  return patterns.some((one) => !one.startsWith('!') && matches(one, host));
}

function matchApplies(value: string, host: string): boolean {
  const [criterion = '', patterns = ''] = value.split(/\s+/);
  if (criterion.toLowerCase() === 'all') return true;
  return /^(original)?host$/i.test(criterion) && hostMatches(patterns.split(','), host);
}
