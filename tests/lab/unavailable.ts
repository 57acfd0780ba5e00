import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the lab runs on the host, and the Debian package that brings it. */
const hostTools: readonly [tool: string, pkg: string][] = [
  ['systemd-nspawn', 'systemd-container'],
  ['mmdebstrap', 'mmdebstrap'],
  ['ip', 'iproute2'],
  ['ssh-keygen', 'openssh-client'],
  ['nsenter', 'util-linux'],
  ['mount', 'mount'],
];

function onPath(tool: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, tool)));
}

/**
 * Why the lab cannot run on this machine, or null when it can. Suites print it as "skipped: …".
 * Looks only; starts nothing.
 */
export function labUnavailable(): string | null {
  if (process.platform !== 'linux') return `the lab needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'the lab needs root: it boots two systems and makes bridges';
  const missing = hostTools.filter(([tool]) => !onPath(tool));
  if (missing.length > 0) {
    const names = missing.map(([tool, pkg]) => `${tool} (package ${pkg})`).join(', ');
    return `missing on this machine: ${names}`;
  }
  if (!existsSync('/proc/self/ns/cgroup')) return 'the kernel has no cgroup namespaces';
  return null;
}
