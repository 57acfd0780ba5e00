import type { Bandwidth } from '../../contract/benchmark';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Bytes per second of one unit, by the wording of the tools. Decimal unless the tool counts by 1024. */
const units = {
  // perftest and UCX divide by 2^20 and print "MB".
  'perftest MB/sec': { bytes: MIB, wording: 'MB/sec' },
  'ucx MB/s': { bytes: MIB, wording: 'MB/s' },
  'Gb/sec': { bytes: 125_000_000, wording: 'Gb/sec' },
  // iperf3: bits by 1000, bytes by 1024.
  'bits/sec': { bytes: 0.125, wording: 'bits/sec' },
  'Kbits/sec': { bytes: 125, wording: 'Kbits/sec' },
  'Mbits/sec': { bytes: 125_000, wording: 'Mbits/sec' },
  'Gbits/sec': { bytes: 125_000_000, wording: 'Gbits/sec' },
  'Tbits/sec': { bytes: 125_000_000_000, wording: 'Tbits/sec' },
  'Bytes/sec': { bytes: 1, wording: 'Bytes/sec' },
  'KBytes/sec': { bytes: 1024, wording: 'KBytes/sec' },
  'MBytes/sec': { bytes: MIB, wording: 'MBytes/sec' },
  'GBytes/sec': { bytes: GIB, wording: 'GBytes/sec' },
  'TBytes/sec': { bytes: GIB * 1024, wording: 'TBytes/sec' },
  // NCCL, NIXL and its benchmark.
  'GB/s': { bytes: 1e9, wording: 'GB/s' },
  'MB/s': { bytes: 1e6, wording: 'MB/s' },
  'GiB/s': { bytes: GIB, wording: 'GiB/s' },
  'MiB/s': { bytes: MIB, wording: 'MiB/s' },
  'GB/Sec': { bytes: 1e9, wording: 'GB/Sec' },
  'MB/Sec': { bytes: 1e6, wording: 'MB/Sec' },
  'GiB/Sec': { bytes: GIB, wording: 'GiB/Sec' },
  'MiB/Sec': { bytes: MIB, wording: 'MiB/Sec' },
  Gbps: { bytes: 125_000_000, wording: 'Gbps' },
  Mbps: { bytes: 125_000, wording: 'Mbps' },
} as const;

export type BandwidthUnit = keyof typeof units;

export function isBandwidthUnit(text: string): text is BandwidthUnit {
  return Object.hasOwn(units, text);
}

export function bandwidth(value: number, unit: BandwidthUnit): Bandwidth {
  const { bytes, wording } = units[unit];
  return { bytesPerSecond: Math.round(value * bytes), printed: { value, unit: wording } };
}

export function gigabits({ bytesPerSecond }: Bandwidth): number {
  return (bytesPerSecond * 8) / 1e9;
}

export function gigabytes({ bytesPerSecond }: Bandwidth): number {
  return bytesPerSecond / 1e9;
}

/**
 * A number with a fraction as a tool prints it in any locale: `92.57`, `92,57`, `17,987.77`, `1.824,592`, `1.29e+06`. A
 * single separator is the decimal one. Null for anything else, and for what is no finite number of at least zero.
 */
export function decimal(text: string): number | null {
  if (text.length > 40 || !/^\d[\d.,]*(?:[eE][+-]?\d{1,3})?$/.test(text)) return null;
  const [mantissa = '', exponent] = text.split(/[eE]/);
  const at = Math.max(mantissa.lastIndexOf('.'), mantissa.lastIndexOf(','));
  let plain = mantissa;
  if (at >= 0) {
    const whole = mantissa.slice(0, at);
    const fraction = mantissa.slice(at + 1);
    const mark = mantissa.charAt(at);
    const digits = /[.,]/.test(whole) ? ungrouped(whole, mark === '.' ? ',' : '.') : whole;
    if (digits === null || !/^\d+$/.test(fraction)) return null;
    plain = `${digits}.${fraction}`;
  }
  const value = Number(exponent === undefined ? plain : `${plain}e${exponent}`);
  return Number.isFinite(value) && value <= Number.MAX_SAFE_INTEGER ? value : null;
}

/** All of them, or null when one is none. */
export function decimals(texts: readonly string[]): number[] | null {
  const values: number[] = [];
  for (const text of texts) {
    const value = decimal(text);
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

/** A whole number, also with thousands separated (`1,234,567`); null for anything else. */
export function whole(text: string): number | null {
  if (text.length > 24) return null;
  const digits = /^\d+$/.test(text) ? text : (ungrouped(text, ',') ?? ungrouped(text, '.'));
  if (digits === null) return null;
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : null;
}

function ungrouped(text: string, mark: string): string | null {
  const [first = '', ...rest] = text.split(mark);
  const grouped = /^\d{1,3}$/.test(first) && rest.length > 0 && rest.every((part) => /^\d{3}$/.test(part));
  return grouped ? [first, ...rest].join('') : null;
}
