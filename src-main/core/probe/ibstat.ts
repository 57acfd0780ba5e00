import { isDeviceName, known, label, linesOf, malformed, parser } from './parsed';

export interface IbstatDevice {
  readonly rdma: string;
  readonly firmware: string | null;
  readonly state: string | null;
  readonly physicalState: string | null;
  /** Gb/s; a port that is down says 40, which means nothing. */
  readonly rateGbps: number | null;
  readonly linkLayer: string | null;
}

/** `ibstat`: a block per adapter, of which the first port is read; a block may be cut off. */
export const parseIbstat = parser<IbstatDevice[]>((text) => {
  const devices: { -readonly [K in keyof IbstatDevice]: IbstatDevice[K] }[] = [];
  for (const line of linesOf(text)) {
    const rdma = /^CA '(.{0,128})'$/.exec(line)?.[1];
    if (rdma !== undefined) {
      if (!isDeviceName(rdma)) return malformed('a device name is not valid');
      const none = { state: null, physicalState: null, rateGbps: null, linkLayer: null };
      devices.push({ rdma, firmware: null, ...none });
      continue;
    }
    const device = devices.at(-1);
    const [, key, value = ''] = /^\s+([A-Za-z ]{3,24}): (\S.{0,128})$/.exec(line) ?? [];
    if (device === undefined || key === undefined) continue;
    if (key === 'Firmware version') device.firmware ??= label(value, 32);
    if (key === 'State') device.state ??= label(value, 32);
    if (key === 'Physical state') device.physicalState ??= label(value, 32);
    if (key === 'Rate') device.rateGbps ??= /^\d{1,4}$/.test(value) ? Number(value) : null;
    if (key === 'Link layer') device.linkLayer ??= label(value, 32);
  }
  return devices.length === 0 ? malformed('no adapter') : known(devices);
});
