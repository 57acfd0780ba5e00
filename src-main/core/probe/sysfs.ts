import { raw } from '../shell/quote';
import { isDeviceName, isInterfaceName, known, linesOf, malformed, parser, wholeNumber } from './parsed';
import { section } from './section';

export interface SysfsInterface {
  readonly name: string;
  readonly mac: string | null;
  readonly mtu: number | null;
  readonly up: boolean;
  readonly speedMbps: number | null;
  /** PCI vendor id, `0x15b3`; null for what is no PCI device. */
  readonly vendor: string | null;
  readonly pcieWidth: number | null;
}

export interface SysfsDevice {
  readonly rdma: string;
  readonly rdmaPort: number;
  readonly netdev: string | null;
  /** As the kernel words it: `ACTIVE`, `DOWN`, `INIT`… */
  readonly state: string | null;
  readonly rateGbps: number | null;
}

export interface Sysfs {
  readonly interfaces: readonly SysfsInterface[];
  readonly devices: readonly SysfsDevice[];
}

const FILES = [
  'net/*/address net/*/mtu net/*/operstate net/*/speed net/*/device/vendor net/*/device/current_link_width',
  'infiniband/*/ports/*/state infiniband/*/ports/*/rate infiniband/*/ports/*/gid_attrs/ndevs/0',
  'infiniband/*/device/net/*/operstate',
].join(' ');

/** One process reads them all, a line `path:value` each; a value that the driver refuses (speed without carrier) is left out. */
export const sysfsSection = section(
  'sysfs',
  'ports',
  '/sys/class/infiniband, /sys/class/net',
  raw(`cd /sys/class/net && cd .. || exit 127\ngrep -sH '' ${FILES}\nexit 0`),
);

/** The lines `net/NAME/FILE:VALUE` and `infiniband/NAME/FILE:VALUE` of {@link sysfsSection}. */
export const parseSysfs = parser<Sysfs>((text) => {
  const net = new Map<string, Map<string, string>>();
  const rdma = new Map<string, Map<string, string>>();
  for (const line of linesOf(text)) {
    const [, kind, name = '', file = '', value = ''] =
      /^(net|infiniband)\/([^/]{1,64})\/([^:]{1,128}):(.*)$/.exec(line) ?? [];
    if (kind === undefined) continue;
    const valid = kind === 'net' ? isInterfaceName(name) : isDeviceName(name);
    if (!valid) return malformed('a device name is not valid');
    const group = kind === 'net' ? net : rdma;
    const files = group.get(name) ?? new Map<string, string>();
    group.set(name, files.set(file, value));
  }
  if (net.size === 0) return malformed('no network interface');
  return known({
    interfaces: [...net].map(([name, files]) => sysfsInterface(name, files)),
    devices: [...rdma].flatMap(([name, files]) => sysfsDevices(name, files)),
  });
});

function sysfsInterface(name: string, files: Map<string, string>): SysfsInterface {
  const mac = files.get('address')?.toLowerCase() ?? '';
  const vendor = files.get('device/vendor') ?? '';
  const width = wholeNumber(files.get('device/current_link_width') ?? '');
  return {
    name,
    mac: isMac(mac) ? mac : null,
    mtu: wholeNumber(files.get('mtu') ?? ''),
    up: files.get('operstate') === 'up',
    // A port without carrier says -1.
    speedMbps: wholeNumber(files.get('speed') ?? ''),
    vendor: /^0x[0-9a-f]{4}$/.test(vendor) ? vendor : null,
    pcieWidth: width === 0 || width === null || width > 32 ? null : width,
  };
}

function sysfsDevices(rdma: string, files: Map<string, string>): SysfsDevice[] {
  const ports = new Set([...files.keys()].flatMap((file) => /^ports\/(\d{1,3})\//.exec(file)?.[1] ?? []));
  const below = [...files.keys()].flatMap((file) => /^device\/net\/([^/]+)\//.exec(file)?.[1] ?? []);
  return [...ports].map((port) => {
    const netdev = files.get(`ports/${port}/gid_attrs/ndevs/0`) ?? (ports.size === 1 ? below[0] : undefined);
    return {
      rdma,
      rdmaPort: Number(port),
      netdev: netdev !== undefined && isInterfaceName(netdev) ? netdev : null,
      ...rateAndState(files.get(`ports/${port}/rate`) ?? '', files.get(`ports/${port}/state`) ?? ''),
    };
  });
}

/** Ethernet addresses only: InfiniBand's are longer, and a tunnel's are IP addresses. */
export function isMac(text: string): boolean {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text);
}

function rateAndState(rate: string, state: string): Pick<SysfsDevice, 'rateGbps' | 'state'> {
  const gbps = /^(\d{1,5}(?:\.\d)?) Gb\/sec/.exec(rate)?.[1];
  return {
    rateGbps: gbps === undefined ? null : Number(gbps),
    state: /^\d: ([A-Z_]{1,16})$/.exec(state)?.[1] ?? null,
  };
}

/** `rocep1s0f1 200 Gb/sec (4X HDR) 4: ACTIVE`: name, rate and state pasted into a line, as people print them. */
export const parseRateState = parser<Pick<SysfsDevice, 'rdma' | 'rateGbps' | 'state'>[]>((text) => {
  const devices = linesOf(text).flatMap((line) => {
    const [, rdma = '', rate = '', state = ''] =
      /^(\S{1,64}) +(\d[\d.]{0,7} Gb\/sec(?: \([^)]{1,32}\))?) +(\d: [A-Z_]{1,16})$/.exec(line) ?? [];
    return isDeviceName(rdma) ? [{ rdma, ...rateAndState(rate, state) }] : [];
  });
  return devices.length === 0 ? malformed('no rate and state') : known(devices);
});
