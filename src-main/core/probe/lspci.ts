import { known, label, linesOf, malformed, parser } from './parsed';

export interface PcieLink {
  /** GT/s; 32 is PCIe Gen5. */
  readonly speedGts: number;
  /** Lanes: a ConnectX-7 half of a Spark has 4. */
  readonly width: number;
}

/** `LnkCap:` (what it could) and `LnkSta:` (what it does) of one device in `lspci -vv`, which needs root to see them. */
export const parseLspciLink = parser<{ capable: PcieLink | null; current: PcieLink }>((text) => {
  let capable: PcieLink | null = null;
  let current: PcieLink | null = null;
  for (const line of linesOf(text)) {
    const [, key, speed = '', width = ''] =
      /^\s*(LnkCap|LnkSta):.{0,32}?\sSpeed (\d{1,3}(?:\.\d)?)GT\/s(?: \([a-z]{1,16}\))?, Width x(\d{1,2})\b/.exec(
        line,
      ) ?? [];
    const link = { speedGts: Number(speed), width: Number(width) };
    if (key === 'LnkCap') capable ??= link;
    if (key === 'LnkSta') current ??= link;
  }
  return current === null ? malformed('no LnkSta') : known({ capable, current });
});

export interface PciDevice {
  readonly slot: string;
  readonly type: string;
  readonly name: string;
}

/** The list that `lspci` prints; no output at all is healthy for a ConnectX-7 without a cable. */
export const parseLspciList = parser<PciDevice[]>((text) => {
  const devices = linesOf(text).flatMap((line): PciDevice[] => {
    const [, slot, kind = '', what = ''] =
      /^((?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]) ([^:]{1,96}): (.{1,256})$/.exec(line) ?? [];
    const type = label(kind);
    const name = label(what, 256);
    return slot === undefined || type === null || name === null ? [] : [{ slot, type, name }];
  });
  return devices.length === 0 ? malformed('no PCI device') : known(devices);
});
