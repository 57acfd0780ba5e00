import type { BenchResult, BenchVerdict } from '../../../contract/benchmark';
import { message } from '../../../contract/message';
import type { JudgeContext } from './context';
import { measured } from './measure';
import { bothCarried, recognise, unknownParams, type Finding } from './pathologies';
import { table, type Cause, type Row } from './table';
import { carried } from './traffic';

/** Holds a result against the table and the known pathologies. Pure; `unknown` where nothing fits or figures are missing. */
export function judge(result: BenchResult, context: JudgeContext = {}): BenchVerdict {
  const halves = context.halves ?? halvesOf(result);
  const row = rowFor(result, halves);
  const value = row === null ? null : measured(result, row.metric, row.unit);
  const findings = recognise(result, { ...context, ...(halves === undefined ? {} : { halves }) });
  const byTable = row === null || value === null ? null : levelOf(row, value.value);
  const level = worst(byTable, findings, result);
  const shown =
    level === 'healthy' || level === 'unknown'
      ? findings
      : [...findings, ...rest(row, findings, byTable, context)];
  return {
    level,
    row: value === null ? null : (row?.id ?? null),
    measured: value === null ? null : { value: round(value.value), unit: value.unit },
    sizeBytes: value?.sizeBytes ?? null,
    healthy: value === null || row === null ? null : band(row),
    causes: shown.map(({ cause, params }) => ({
      cause: message(`bench.cause.${cause}`, params),
      remedy: message(`bench.remedy.${cause}`, params),
    })),
    notes: notes(result, row, level),
  };
}

/** The band to draw behind a graph; null where no healthy figures are known for what is measured. */
export function healthyBand(result: BenchResult, halves?: 1 | 2): BenchVerdict['healthy'] {
  const row = rowFor(result, halves ?? halvesOf(result));
  return row === null ? null : band(row);
}

function band({ healthy, unit }: Row): BenchVerdict['healthy'] {
  return healthy === null ? null : { from: healthy[0], to: healthy[1], unit };
}

/** The row of the table for a result; null when none fits. */
export function rowFor(result: BenchResult, halves: 1 | 2 | undefined): Row | null {
  const { parameters } = result;
  // NCCL's figures are those of two processes, and two-way tests share what the table has for one way.
  if (parameters.ranks !== null && parameters.ranks !== 2) return null;
  if (parameters.direction === 'both') return null;
  return (
    table.find((row) => {
      const size = measured(result, row.metric, row.unit)?.sizeBytes ?? null;
      return (
        row.tools.includes(result.tool) &&
        (row.operation === undefined || row.operation === parameters.operation) &&
        fitsHalves(row, result, halves) &&
        (row.memory === undefined || row.memory === parameters.memory) &&
        (row.streams === undefined || within(parameters.streams, row.streams)) &&
        (row.size === undefined || within(size, row.size))
      );
    }) ?? null
  );
}

/** NCCL's figures are those of both halves, unless a row says otherwise. */
function fitsHalves(row: Row, { tool }: BenchResult, halves: 1 | 2 | undefined): boolean {
  return row.halves === undefined ? !(tool === 'nccl' && halves === 1) : row.halves === halves;
}

function within(value: number | null, [from, to]: readonly [number, number]): boolean {
  return value !== null && value >= from && value <= to;
}

/** One device is one half; `all` and several are meant to be both. */
function halvesOf({ tool, parameters: { devices } }: BenchResult): 1 | 2 | undefined {
  if (tool === 'nccl' || devices.length === 0) return undefined;
  return devices.length > 1 || devices[0] === 'all' ? 2 : 1;
}

function levelOf({ metric, suspicious, bad, healthy }: Row, value: number): BenchVerdict['level'] {
  const below = (bound: number | null) =>
    bound !== null && (metric === 'latency' ? value > bound : value < bound);
  if (below(bad)) return 'bad';
  if (below(suspicious)) return 'suspicious';
  // Without a healthy figure of the field, only what is wrong can be told.
  return healthy === null ? 'unknown' : 'healthy';
}

const order = ['unknown', 'healthy', 'suspicious', 'bad'] as const;

function worst(
  byTable: BenchVerdict['level'] | null,
  findings: readonly Finding[],
  result: BenchResult,
): BenchVerdict['level'] {
  if (findings.some(({ level }) => level === 'unknown')) return 'unknown';
  // A ping proves that the way is open, not how good it is.
  const answered = result.tool === 'ping' && (result.summary.packets?.received ?? 0) > 0;
  const levels = [byTable ?? (answered ? 'healthy' : 'unknown'), ...findings.map(({ level }) => level)];
  return levels.reduce((one, other) => (order.indexOf(other) > order.indexOf(one) ? other : one));
}

/** Causes of the row that no finding has named; none when what is wrong is known. */
function rest(
  row: Row | null,
  findings: readonly Finding[],
  byTable: BenchVerdict['level'] | null,
  { mtu, traffic }: JudgeContext,
): Finding[] {
  if (row === null || byTable === 'healthy' || byTable === null) return [];
  if (findings.some(({ certain }) => certain)) return [];
  const out = new Set<Cause>(findings.map(({ cause }) => cause));
  if ((mtu ?? 0) > 1500) out.add('small-mtu');
  if (traffic !== undefined && bothCarried(carried(traffic))) {
    for (const cause of ['half-dead', 'same-half', 'one-half'] as const) out.add(cause);
  }
  return row.causes
    .filter((cause) => !out.has(cause))
    .map((cause) => ({ cause, level: byTable, certain: false, params: unknownParams[cause] ?? {} }));
}

function notes(result: BenchResult, row: Row | null, level: BenchVerdict['level']): BenchVerdict['notes'] {
  const list: BenchVerdict['notes'] = [];
  if (row?.note !== undefined && level === 'healthy') list.push(message(`bench.note.${row.note}`));
  if (result.tool === 'ping' && level === 'healthy') list.push(message('bench.note.idle-ping'));
  const sizes = new Set(
    result.series.flatMap(({ axis, points }) => (axis === 'size' ? points.map(({ x }) => x) : [])),
  );
  if (result.tool === 'nccl' && sizes.size > 1) list.push(message('bench.note.sweep'));
  if (level === 'unknown') list.push(message('bench.note.no-figures'));
  return list;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
