import type { WordsState } from '../../../state/words.svelte';

/**
 * A rate as it is shown while it changes: always one decimal, in a unit that does not leap about.
 * @param bytesPerSecond whole bytes
 */
export function rateText(words: Pick<WordsState, 'say' | 'locale'>, bytesPerSecond: number): string {
  const bits = bytesPerSecond * 8;
  const [value, unit] =
    bits >= 1e8 ? [bits / 1e9, 'Gb/s'] : bits >= 1e5 ? [bits / 1e6, 'Mb/s'] : [bits / 1e3, 'kb/s'];
  const shown = new Intl.NumberFormat(words.locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return words.say('bench.chart.figure', { value: shown.format(value), unit });
}
