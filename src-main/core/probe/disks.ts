import type { NodeFacts } from '../../contract/facts';
import { raw } from '../shell/quote';
import { isPath, known, linesOf, malformed, parser, wholeNumber } from './parsed';
import { section } from './section';

export type Disk = Extract<NodeFacts['disks'], { known: true }>['value'][number];

/** /proc/mounts (for read-only), a line `--`, then df. Network mounts are left out: a dead server would hang df. */
export const disksSection = section(
  'disks',
  'system',
  'df -P -B1 -l, /proc/mounts',
  raw('cat /proc/mounts; printf -- "--\\n"; df -P -B1 -l'),
);

/**
 * Mounted local file systems with room in them. A second mount of a listed device (a read-only bind over /etc) is
 * listed too: df leaves it out, and a playbook must know that it cannot write there.
 */
export const parseDisks = parser<Disk[]>((text) => {
  const lines = linesOf(text);
  const split = lines.indexOf('--');
  if (split < 0) return malformed('the list is cut off');
  const rows = lines.slice(split + 1).flatMap(dfRow);
  if (rows.length === 0) return malformed('df listed no file system');
  const mounts = new Map(lines.slice(0, split).flatMap(mountLine));
  const listed = new Set(rows.map((row) => row.mount));
  const again = [...mounts].flatMap(([mount, { device }]) => {
    const same = listed.has(mount) ? undefined : rows.find((row) => row.device === device);
    return same === undefined || !BINDS.test(mount) ? [] : [{ ...same, mount }];
  });
  return known(
    [...rows, ...again].map(({ mount, sizeBytes, availableBytes }) => ({
      mount,
      sizeBytes,
      availableBytes,
      readOnly: mounts.get(mount)?.readOnly ?? false,
    })),
  );
});

/** Where a bind mount matters to a playbook; those of containers and snaps are their own business. */
const BINDS = /^\/(etc|home|root|usr|opt|srv|var)(\/(?!lib\/(docker|containerd|kubelet|snapd)\/)|$)/;

function dfRow(line: string): { device: string; mount: string; sizeBytes: number; availableBytes: number }[] {
  const found = /^(\S.*?) +(\d+) +(\d+) +(\d+) +(?:\d+%|-) (\/.*)$/.exec(line);
  if (found === null) return [];
  const [, device = '', size = '', , available = '', mount = ''] = found;
  const sizeBytes = wholeNumber(size);
  const availableBytes = wholeNumber(available);
  if (sizeBytes === null || availableBytes === null || sizeBytes === 0 || !isPath(mount)) return [];
  return [{ device, mount, sizeBytes, availableBytes }];
}

function mountLine(line: string): [string, { device: string; readOnly: boolean }][] {
  const [device = '', mount = '', , options, ...rest] = line.split(' ');
  if (options === undefined || rest.length < 2) return [];
  return [[unescaped(mount), { device: unescaped(device), readOnly: options.split(',').includes('ro') }]];
}

/** Octal escapes of /proc/mounts (space, tab, newline, backslash). */
function unescaped(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
