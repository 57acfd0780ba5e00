import type { BenchListed, BenchRecord, BenchStanding } from '../../../api/types';
import { unitOf } from '../charts/bench-series';
import { wholeFigure } from '../charts/compare-graphs';
import { figure, type Sayer } from '../charts/figures';

/** What a record says, in a sentence: the title of its graphs. */
export function verdictTitle(record: BenchRecord, words: Sayer): string {
  const { halves } = record.request;
  const { level } = record.verdict;
  if (record.outcome !== 'done') return words.say(`bench.view.title.${record.outcome}`, { halves });
  const value = wholeFigure(record);
  const packets = record.result?.summary.packets;
  // How long a packet takes says little; that it comes back says all.
  if (packets) return words.say('bench.view.title.packets', { ...packets, halves, level });
  if (value !== null) {
    const said = figure(words, value, unitOf(record));
    return words.say('bench.view.title.figure', { figure: said, halves, level });
  }
  return words.say('bench.view.title.none', { halves });
}

/** How it stands against the pair's own past: "12 % below the median of 8 earlier runs (190 Gb/s)". */
export function standingText({ count, median, change }: BenchStanding, unit: string, words: Sayer): string {
  const percent = new Intl.NumberFormat(words.locale, { style: 'percent', maximumFractionDigits: 1 });
  const near = Math.abs(change) < 0.0005;
  return words.say('bench.view.standing', {
    change: percent.format(Math.abs(change)),
    direction: near ? 'same' : change < 0 ? 'below' : 'above',
    count,
    median: figure(words, median, unit),
  });
}

/** What the files of a measurement are called. */
export function aboutRecord({ request, nodes, id }: Pick<BenchRecord, 'request' | 'nodes' | 'id'>): string[] {
  return [request.tool, request.halves, ...nodes.map(({ name }) => name), id.slice(0, 16)];
}

/** The figure of a line of the history. */
export function listedFigure({ figure: of }: BenchListed, words: Sayer): string {
  return of === null ? '–' : figure(words, of.value, of.unit);
}
