import { raw } from '../shell/quote';
import { known, malformed, parser, wholeNumber } from './parsed';
import { section } from './section';

export interface Memory {
  readonly totalBytes: number;
  readonly availableBytes: number;
}

export const memorySection = section('memory', 'system', '/proc/meminfo', raw('cat /proc/meminfo'), {
  maxBytes: 64 * 1024,
});

/** /proc/meminfo, whose `kB` are KiB. On GB10 this is the GPU's memory as well. */
export const parseMemory = parser<Memory>((text) => {
  const total = kib(text, 'MemTotal');
  const available = kib(text, 'MemAvailable');
  if (total === null || available === null) return malformed('no MemTotal or MemAvailable');
  if (available > total) return malformed('more available than there is');
  return known({ totalBytes: total * 1024, availableBytes: available * 1024 });
});

function kib(text: string, key: string): number | null {
  const found = new RegExp(`^${key}: {1,32}(\\d{1,13}) kB$`, 'm').exec(text);
  return found === null ? null : wholeNumber(found[1] ?? '');
}
