import type { BenchRequest } from '../../contract/bench-request';
import { literal, type Bar, type Block, type Cell } from './document';
import type { Report, ReportBench } from './shape';
import type { Speech } from './speech';
import { failureBlocks, time } from './work-section';

/** Results with verdicts: a table, a picture of the bandwidths, and the details of what is not healthy. */
export function benchSection({ benchmarks, suite }: Report, words: Speech): Block[] {
  const say = (key: string, params = {}) => words.say(`report.doc.${key}`, params);
  const title: Block = { kind: 'heading', level: 2, text: say('benchmarks') };
  if (benchmarks.length === 0) return [title, { kind: 'text', text: say('benchmarks.none') }];
  const bars = benchmarks.flatMap((one) => barOf(one, words));
  return [
    title,
    ...(suite?.sentence
      ? [{ kind: 'text' as const, text: `${level(suite.level, words)}: ${words.message(suite.sentence)}` }]
      : []),
    {
      kind: 'table',
      caption: say('benchmarks'),
      head: ['test', 'when', 'figure', 'healthy', 'verdict', 'past'].map((key) => say(`column.${key}`)),
      rows: benchmarks.map((one): Cell[] => [
        testName(one.request, words),
        time(one.startedAt),
        one.figure === null ? '–' : figure(one.figure, words),
        healthy(one, words),
        outcomeOf(one, words),
        past(one, words),
      ]),
    },
    ...(bars.length === 0 ? [] : [{ kind: 'bars' as const, caption: say('bars'), bars }]),
    ...benchmarks.flatMap((one) => details(one, words)),
  ];
}

/** A test in one line: tool, what it moved, over which halves, which way. */
export function testName(request: BenchRequest, words: Speech): string {
  const say = (key: string, params = {}) => words.say(`report.doc.${key}`, params);
  const parts = [
    ...('operation' in request ? [request.operation] : []),
    say(`halves.${request.halves}`),
    ...('direction' in request && request.direction !== 'forward'
      ? [say(`direction.${request.direction}`)]
      : []),
    ...('streams' in request ? [say('streams', { count: request.streams })] : []),
    ...('sizes' in request ? [request.sizes === 'all' ? say('all-sizes') : words.bytes(request.sizes)] : []),
    ...('size' in request ? [words.bytes(request.size)] : []),
  ];
  return `${request.tool}: ${parts.join(', ')}`;
}

function details(one: ReportBench, words: Speech): Block[] {
  const { verdict, outcome, warnings } = one;
  const troubled = outcome !== 'done' || verdict.level === 'suspicious' || verdict.level === 'bad';
  if (!troubled && one.output.length === 0) return [];
  const items: Cell[] = [
    ...verdict.causes.map(({ cause, remedy }) => `${words.message(cause)} → ${words.message(remedy)}`),
    ...verdict.notes.map((note) => words.message(note)),
    ...warnings.map((warning) => words.message(warning)),
  ];
  return [
    { kind: 'heading', level: 3, text: `${testName(one.request, words)} – ${outcomeOf(one, words)}` },
    ...(items.length === 0 ? [] : [{ kind: 'list' as const, items }]),
    ...failureBlocks(one, words),
    ...(one.commands.length === 0
      ? []
      : [
          {
            kind: 'code' as const,
            title: words.say('report.doc.commands'),
            text: one.commands.map(({ node, script }) => `# ${node}\n${script}`).join('\n\n'),
            folded: true,
          },
        ]),
    ...one.output
      .filter(({ text }) => text.trim() !== '')
      .map(({ node, text }): Block => ({
        kind: 'code',
        title: [words.say('report.doc.output'), ' ', literal(node)],
        text,
        folded: true,
      })),
  ];
}

/** Bandwidths only: of a latency, less is better, and a bar says the opposite. */
function barOf({ request, figure: measured, verdict, outcome }: ReportBench, words: Speech): Bar[] {
  if (outcome !== 'done' || measured === null || !/B\/s|b\/s/.test(measured.unit)) return [];
  const band = verdict.healthy?.unit === measured.unit ? verdict.healthy : null;
  const top = band === null ? measured.value : Math.max(measured.value, band.to ?? band.from);
  return [
    {
      label: testName(request, words),
      value: measured.value,
      text: figure(measured, words),
      max: top * 1.05,
      healthy: band === null ? null : [band.from, band.to ?? top * 1.05],
      level: verdict.level,
      levelText: level(verdict.level, words),
    },
  ];
}

function healthy({ verdict }: ReportBench, words: Speech): string {
  const band = verdict.healthy;
  if (band === null) return '–';
  const from = words.number(band.from);
  return band.to === null ? `≥ ${from} ${band.unit}` : `${from}–${words.number(band.to)} ${band.unit}`;
}

function past({ standing, figure: measured }: ReportBench, words: Speech): string {
  if (standing === null) return words.say('report.doc.past.first');
  const percent = words.number(Math.abs(standing.change) * 100);
  return words.say('report.doc.past', {
    way: standing.fallen ? 'fallen' : standing.change < 0 ? 'less' : 'more',
    percent,
    median: words.number(standing.median),
    unit: measured?.unit ?? '',
    count: standing.count,
  });
}

function figure({ value, unit }: { value: number; unit: string }, words: Speech): string {
  return `${words.number(value)} ${unit}`;
}

function outcomeOf({ outcome, verdict }: ReportBench, words: Speech): string {
  return outcome === 'done' ? level(verdict.level, words) : words.say(`report.doc.outcome.${outcome}`);
}

function level(name: string, words: Speech): string {
  return words.say(`bench.level.${name}`);
}
