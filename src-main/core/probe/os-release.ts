import { raw } from '../shell/quote';
import { keyValues } from './key-values';
import { known, label, malformed, parser } from './parsed';
import { section } from './section';

export interface OsRelease {
  readonly id: string;
  readonly version: string;
  readonly name: string;
}

export const osReleaseSection = section(
  'os-release',
  'system',
  '/etc/os-release',
  raw('if [ -f /etc/os-release ]; then cat /etc/os-release; else cat /usr/lib/os-release || exit 127; fi'),
  { maxBytes: 64 * 1024 },
);

/** os-release(5). `version` is empty where the system has none (rolling releases). */
export const parseOsRelease = parser<OsRelease>((text) => {
  const values = keyValues(text);
  const id = values.get('ID') ?? null;
  if (id === null || !/^[a-z0-9._-]{1,64}$/.test(id)) return malformed('no ID');
  const version = values.get('VERSION_ID');
  const name = values.get('PRETTY_NAME') ?? values.get('NAME') ?? id;
  const shown = label(name);
  if (version === null || shown === null) return malformed('VERSION_ID or PRETTY_NAME is damaged');
  const number = version === undefined ? '' : label(version, 32);
  return number === null ? malformed('VERSION_ID is damaged') : known({ id, version: number, name: shown });
});
