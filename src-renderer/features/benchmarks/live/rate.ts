import type { WordsState } from '../../../state/words.svelte';

type Sayer = Pick<WordsState, 'say' | 'locale'>;

/**
 * A rate as it is shown while it changes: always one decimal.
 * @param bytesPerSecond whole bytes
 * @param beside the rate that stands beside it: the larger of both chooses the unit, so that they can be compared
 */
export function rateText(words: Sayer, bytesPerSecond: number, beside = 0): string {
  const [unit, size] = unitOf(8 * Math.max(bytesPerSecond, beside));
  const shown = new Intl.NumberFormat(words.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return words.say('bench.chart.figure', { value: shown.format((8 * bytesPerSecond) / size), unit });
}

function unitOf(bits: number): [unit: string, size: number] {
  if (bits >= 1e8) return ['Gb/s', 1e9];
  return bits >= 1e5 ? ['Mb/s', 1e6] : ['kb/s', 1e3];
}

/** How long something is expected to take: nobody counts seconds in minutes. */
export function expectedTime(words: Sayer, seconds: number): string {
  if (seconds < 100) return words.say('window.bench.seconds', { count: Math.max(1, Math.round(seconds)) });
  return words.say('window.bench.minutes', { count: Math.round(seconds / 60) });
}
