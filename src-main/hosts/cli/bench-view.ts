import type { Bandwidth, BenchPoint, BenchResult, BenchVerdict } from '../../contract/benchmark';
import { plain } from '../../words/plain';
import type { Words } from '../../words/words';
import type { Paint } from './paint';
import { table } from './table';

/** Rows shown of one series; `--json` gives all. */
const ROWS = 40;

/** A result and its verdict for people. */
export function benchText(result: BenchResult, verdict: BenchVerdict, words: Words, paint: Paint): string[] {
  const { series, summary, parameters, warnings } = result;
  const head = [
    `${paint.bold(result.tool)}  ${words.say(`bench.status.${result.status}`)}`,
    ...parameterLines(parameters),
    ...(result.error === null ? [] : [paint.red(plain(result.error))]),
  ];
  const shown = series.filter(({ stream }) => stream === undefined);
  const tables = (shown.length > 0 ? shown : series).flatMap((one) => [
    '',
    paint.bold(one.id),
    ...pointTable(one.points, words, words.say(`bench.axis.${one.axis}`)),
  ]);
  const totals = pointTable(
    [
      {
        x: null,
        ...summary,
        ...(summary.averageBusBandwidth ? { busBandwidth: summary.averageBusBandwidth } : {}),
      },
    ],
    words,
    '',
  );
  const packets = summary.packets;
  return [
    ...head,
    ...tables,
    ...(totals.length > 0 ? ['', paint.bold(words.say('bench.total')), ...totals] : []),
    ...(packets ? [words.say('bench.packets', packets)] : []),
    ...warnings.map((one) => paint.yellow(words.message(one))),
    '',
    ...verdictText(verdict, words, paint),
  ];
}

function verdictText(verdict: BenchVerdict, words: Words, paint: Paint): string[] {
  const { measured, healthy } = verdict;
  const figure = measured === null ? '' : `  ${words.number(measured.value)} ${measured.unit}`;
  const band =
    healthy === null
      ? ''
      : `  ${words.say('bench.healthy-band', { from: words.number(healthy.from), to: healthy.to === null ? '' : words.number(healthy.to), unit: healthy.unit })}`;
  return [
    `${levelText(verdict.level, words, paint)}${figure}${paint.dim(band)}`,
    ...causeLines(verdict.causes, words, paint),
    ...verdict.notes.map((note) => `  ${words.message(note)}`),
  ];
}

/** The level of a verdict in its colour. */
export function levelText(level: BenchVerdict['level'], words: Words, paint: Paint): string {
  const name = words.say(`bench.level.${level}`);
  return {
    healthy: paint.green(name),
    suspicious: paint.yellow(name),
    bad: paint.red(name),
    unknown: paint.dim(name),
  }[level];
}

/** Likely causes, each with its remedy. */
export function causeLines(causes: BenchVerdict['causes'], words: Words, paint: Paint): string[] {
  return causes.flatMap(({ cause, remedy }) => [
    `  • ${words.message(cause)}`,
    `    ${paint.cyan('→')} ${words.message(remedy)}`,
  ]);
}

function parameterLines({ devices, ...rest }: BenchResult['parameters']): string[] {
  const told = Object.entries(rest).flatMap(([key, value]) =>
    value === null ? [] : [`${key} ${plain(String(value))}`],
  );
  const all = devices.length === 0 ? told : [...told, devices.map(plain).join(', ')];
  return all.length === 0 ? [] : [all.join(' · ')];
}

type Column = [name: string, cell: (point: BenchPoint) => string | undefined];

function pointTable(points: readonly BenchPoint[], words: Words, axis: string): string[] {
  const number = (value: number | undefined) => (value === undefined ? undefined : words.number(value));
  const rate = (value: Bandwidth | undefined) =>
    value === undefined ? undefined : `${value.printed.value} ${value.printed.unit}`;
  const columns: Column[] = [
    [axis, ({ x }) => (x === null ? undefined : String(x))],
    [words.say('bench.column.bandwidth'), ({ bandwidth }) => rate(bandwidth)],
    [words.say('bench.column.bus'), ({ busBandwidth }) => rate(busBandwidth)],
    [words.say('bench.column.latency'), ({ latency }) => number(latency?.typicalUs ?? latency?.averageUs)],
    [words.say('bench.column.retransmits'), ({ retransmits }) => number(retransmits)],
  ];
  const last = points.slice(-ROWS);
  const used = columns.filter(([, cell]) => last.some((point) => cell(point) !== undefined));
  if (used.length === 0) return [];
  const rows = last.map((point) => used.map(([, cell]) => cell(point) ?? '–'));
  const more = points.length > ROWS ? [words.say('bench.more', { count: points.length - ROWS })] : [];
  return [...more, ...table([used.map(([name]) => name), ...rows])];
}
