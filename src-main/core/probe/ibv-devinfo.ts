import { isDeviceName, known, label, linesOf, malformed, parser } from './parsed';

export interface IbvDevice {
  readonly rdma: string;
  readonly firmware: string | null;
  /** `PORT_ACTIVE`, `PORT_DOWN`…; null where the output ends before it. */
  readonly state: string | null;
  /** RDMA MTU in bytes: 1024 under an interface MTU of 1500, 4096 under 9000. */
  readonly activeMtu: number | null;
  readonly maxMtu: number | null;
  readonly linkLayer: string | null;
}

/** `ibv_devinfo`: a block per device, of which the first port is read; a block may be cut off. */
export const parseIbvDevinfo = parser<IbvDevice[]>((text) => {
  const devices: { -readonly [K in keyof IbvDevice]: IbvDevice[K] }[] = [];
  for (const line of linesOf(text)) {
    const [, key, value = ''] = /^\s*([a-z_]{2,24}):\s{0,16}(\S.{0,128})$/.exec(line) ?? [];
    if (key === undefined) continue;
    if (key === 'hca_id') {
      if (!isDeviceName(value)) return malformed('a device name is not valid');
      devices.push({
        rdma: value,
        firmware: null,
        state: null,
        activeMtu: null,
        maxMtu: null,
        linkLayer: null,
      });
      continue;
    }
    const device = devices.at(-1);
    if (device === undefined) continue;
    if (key === 'fw_ver') device.firmware ??= label(value, 32);
    if (key === 'state') device.state ??= /^(PORT_[A-Z_]{1,24}) \(\d\)$/.exec(value)?.[1] ?? null;
    if (key === 'active_mtu') device.activeMtu ??= mtu(value);
    if (key === 'max_mtu') device.maxMtu ??= mtu(value);
    if (key === 'link_layer') device.linkLayer ??= label(value, 32);
  }
  return devices.length === 0 ? malformed('no device') : known(devices);
});

function mtu(value: string): number | null {
  const bytes = /^(\d{3,4}) \(\d\)$/.exec(value)?.[1];
  return bytes === undefined ? null : Number(bytes);
}
