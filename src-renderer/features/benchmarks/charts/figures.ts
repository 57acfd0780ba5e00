import type { Bandwidth, BenchResult, BenchVerdict, Latency } from '../../../api/types';

export type FigureUnit = 'Gb/s' | 'GB/s' | 'µs' | 'ms';

/** The part of the words that figures need. */
export interface Sayer {
  readonly locale: string;
  has(code: string): boolean;
  say(code: string, params?: Readonly<Record<string, string | number>>): string;
  bytes(value: number): string;
}

/** A figure as people read it: four digits that count, never an exponent. */
export function digits(value: number, locale: string): string {
  const decimals = value === 0 ? 0 : Math.min(6, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))));
  return new Intl.NumberFormat(locale, { maximumFractionDigits: decimals }).format(value);
}

/** With its unit, as the language writes it. */
export function figure(words: Sayer, value: number, unit: string): string {
  return words.say('bench.chart.figure', { value: digits(value, words.locale), unit });
}

/** NVIDIA's tools count bytes, those of networks count bits: a graph speaks as its tool does. */
export function rateUnit({ tool }: Pick<BenchResult, 'tool'>): 'Gb/s' | 'GB/s' {
  return /^(?:nccl|nixl|nixlbench|ucx_perftest)$/.test(tool) ? 'GB/s' : 'Gb/s';
}

export function rateIn(unit: 'Gb/s' | 'GB/s', bytesPerSecond: number): number {
  return unit === 'GB/s' ? bytesPerSecond / 1e9 : (bytesPerSecond * 8) / 1e9;
}

export function bandwidthIn(unit: 'Gb/s' | 'GB/s', bandwidth: Bandwidth | undefined): number | null {
  return bandwidth === undefined ? null : rateIn(unit, bandwidth.bytesPerSecond);
}

/** Round trips of a ping are told in milliseconds, everything else in microseconds. */
export function latencyUnit({ tool }: Pick<BenchResult, 'tool'>): 'µs' | 'ms' {
  return tool === 'ping' ? 'ms' : 'µs';
}

export function latencyIn(unit: 'µs' | 'ms', us: number): number {
  return unit === 'ms' ? us / 1000 : us;
}

export function middleOf({ typicalUs, averageUs }: Latency): number | undefined {
  return typicalUs ?? averageUs;
}

/** The healthy band in the unit of a graph; null where it is of another kind. */
export function bandIn(
  words: Sayer,
  unit: FigureUnit,
  healthy: BenchVerdict['healthy'],
  /** Message size in bytes that it is of, where others are shown besides. */
  size: number | null = null,
): { from: number; to: number | null; label: string } | null {
  if (healthy === null) return null;
  const factor = healthy.unit === unit ? 1 : conversions[`${healthy.unit} ${unit}`];
  if (factor === undefined) return null;
  const from = healthy.from * factor;
  const to = healthy.to === null ? null : healthy.to * factor;
  const params = { from: digits(from, words.locale), to: digits(to ?? from, words.locale), unit };
  const range = words.say(`bench.chart.range${to === null ? '.open' : ''}`, params);
  const label =
    size === null
      ? words.say('bench.chart.band', { range })
      : words.say('bench.chart.band.at', { range, size: words.bytes(size) });
  return { from, to, label };
}

const conversions: Readonly<Record<string, number>> = {
  'Gb/s GB/s': 1 / 8,
  'GB/s Gb/s': 8,
  'µs ms': 1 / 1000,
  'ms µs': 1000,
};

const steps = [1, 2, 2.5, 5, 10];

/** The end of an axis that begins at 0: a whole number of equal round steps, five or so, that holds `value`. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const wanted = value * 1.01;
  const rough = wanted / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (steps.find((one) => one * power >= rough) ?? 10) * power;
  return Number((Math.ceil(wanted / step) * step).toPrecision(6));
}
