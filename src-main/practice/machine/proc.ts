import { Buffer } from 'node:buffer';
import type { FileTree } from './file-tree';
import type { Inode } from './inode';
import type { RootFiles } from './root-files';
import type { Sockets } from './sockets';

export const kernel = '6.17.0-1008-nvidia';
export const cores = 20;
/** KiB. */
export const memory = { total: 125_513_744, free: 98_210_332, available: 117_402_880 } as const;

interface Times {
  readonly sockets: Sockets;
  readonly now: () => number;
  readonly bootedAt: () => number;
  readonly bootId: () => string;
}

/** What /proc says of the machine as a whole. */
export function mountProc(files: RootFiles, { now, bootedAt, bootId, sockets }: Times): void {
  const uptime = () => (now() - bootedAt()) / 1000;
  files.live('/proc/uptime', () => `${uptime().toFixed(2)} ${(uptime() * cores * 0.97).toFixed(2)}\n`);
  files.live('/proc/loadavg', () => '0.12 0.08 0.03 1/612 4211\n');
  files.live(
    '/proc/meminfo',
    () =>
      `MemTotal:       ${memory.total} kB\nMemFree:        ${memory.free} kB\nMemAvailable:   ${memory.available} kB\n` +
      'Buffers:          412340 kB\nCached:         18220904 kB\nSwapTotal:      16777212 kB\nSwapFree:       16777212 kB\n',
  );
  files.live(
    '/proc/mounts',
    () =>
      '/dev/nvme0n1p2 / ext4 rw,relatime,errors=remount-ro 0 0\ntmpfs /run tmpfs rw,nosuid,nodev,size=12551376k,mode=755 0 0\n' +
      'sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n' +
      '/dev/nvme0n1p1 /boot/efi vfat rw,relatime,fmask=0077,dmask=0077 0 0\n',
  );
  files.live('/proc/net/tcp', () => socketTable(sockets));
  files.live('/proc/version', () => `Linux version ${kernel} (buildd@bos03-arm64) #8-Ubuntu SMP PREEMPT\n`);
  files.live('/proc/sys/kernel/random/boot_id', () => `${bootId()}\n`);
  files.live('/proc/sys/kernel/osrelease', () => `${kernel}\n`);
  files.live('/proc/cpuinfo', () =>
    Array.from(
      { length: cores },
      (_, index) => `processor\t: ${index}\nBogoMIPS\t: 2000.00\nCPU implementer\t: 0x41\n`,
    ).join('\n'),
  );
}

/** Listening sockets as the kernel lists them: address and port in hexadecimal digits, state 0A. */
function socketTable(sockets: Sockets): string {
  const rows = sockets.all().map(({ address, port, uid }, index) => {
    const bytes = (address ?? '0.0.0.0').split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
    const local = `${bytes.reverse().join('').toUpperCase()}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const rest = `00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${40_000 + port} 1 0000000000000000 100 0 0 10 0`;
    return `${String(index).padStart(4)}: ${local} 00000000:0000 0A ${rest}\n`;
  });
  return `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n${rows.join('')}`;
}

/** Bytes of the root file system: what it holds in all, and what its owner's models have taken. */
const DISK = { total: 3_936_818_806_784, used: 412_316_860_416 };

export interface FileSystemUse {
  readonly device: string;
  readonly type: string;
  readonly mount: string;
  readonly total: number;
  readonly used: number;
  readonly available: number;
}

/** What `df` lists, in bytes. */
export function diskUse(tree: FileTree, full: boolean): FileSystemUse[] {
  const written = bytesIn(tree.root);
  const reserve = Math.round(DISK.total * 0.05);
  const most = DISK.total - reserve;
  const used = full ? most : DISK.used + written;
  return [
    { device: '/dev/nvme0n1p2', type: 'ext4', mount: '/', total: DISK.total, used, available: most - used },
    {
      device: 'tmpfs',
      type: 'tmpfs',
      mount: '/run',
      total: 12_852_609_024,
      used: 3_121_152,
      available: 12_849_487_872,
    },
    {
      device: '/dev/nvme0n1p1',
      type: 'vfat',
      mount: '/boot/efi',
      total: 535_805_952,
      used: 6_594_560,
      available: 529_211_392,
    },
  ];
}

function bytesIn(node: Inode): number {
  if (node.type === 'file') return node.content.length;
  if (node.type === 'symlink') return Buffer.byteLength(node.target);
  if (node.type !== 'directory') return 0;
  return [...node.entries.values()].reduce((sum, entry) => sum + bytesIn(entry), 0);
}
