import { raw } from '../shell/quote';
import { keyValues } from './key-values';
import { known, label, malformed, parser } from './parsed';
import { section } from './section';

export interface DgxRelease {
  readonly name: string;
  readonly version: string;
  readonly build: string | null;
  readonly platform: string | null;
}

export const dgxReleaseSection = section(
  'dgx-release',
  'system',
  '/etc/dgx-release',
  raw('[ -f /etc/dgx-release ] || exit 127\ncat /etc/dgx-release'),
  { maxBytes: 64 * 1024 },
);

/**
 * `/etc/dgx-release`: KEY="value" lines, appended to by each update, so that keys repeat. The current release is the
 * LAST `DGX_OTA_VERSION`, else `DGX_SWBUILD_VERSION`. Some OEM images leave the values unquoted.
 */
export const parseDgxRelease = parser<DgxRelease>((text) => {
  const values = keyValues(text);
  const version = values.get('DGX_OTA_VERSION') ?? values.get('DGX_SWBUILD_VERSION');
  if (version === undefined) return malformed('no DGX_OTA_VERSION and no DGX_SWBUILD_VERSION');
  if (version === null || !isVersion(version)) return malformed('the version is damaged');
  const name = values.get('DGX_PRETTY_NAME') ?? values.get('DGX_NAME') ?? 'DGX';
  const build = values.get('DGX_SWBUILD_VERSION') ?? null;
  const platform = values.get('DGX_PLATFORM') ?? null;
  const shown = label(name);
  if (shown === null) return malformed('the product name is damaged');
  return known({
    name: shown,
    version,
    build: build !== null && isVersion(build) ? build : null,
    platform: platform === null ? null : label(platform),
  });
});

function isVersion(text: string): boolean {
  return /^\d{1,6}(?:\.\d{1,6}){0,5}(?:[-+~][A-Za-z0-9.]{1,32})?$/.test(text);
}
