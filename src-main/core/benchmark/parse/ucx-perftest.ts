import type { BenchPoint, Latency } from '../../../contract/benchmark';
import { isDeviceName, isInterfaceName, label } from '../../probe/parsed';
import { bandwidth, decimal, decimals, whole } from '../units';
import type { Draft } from './draft';
import { words } from './lines';
import { benchParser, type LineReader } from './tool';

/** ucx_perftest of any version: rows about once a second, then the whole; plain, `-f`, `-v` (CSV) and `-N` (thousands). */
export const ucxPerftest = benchParser('ucx_perftest', reading);

const THREE = /^\d[\d.,]*[.,]\d{3}$/;
const TWO = /^\d[\d.,]*[.,]\d{2}$/;

interface Table {
  /** Rank of the percentile column. */
  rank: number;
  /** The times are latencies; for bandwidth tests they are overheads. */
  latency: boolean;
  csv: boolean;
}

function reading(draft: Draft): LineReader {
  const { parameters } = draft;
  const table: Table = { rank: 50, latency: false, csv: false };
  let headed = false;
  let size: number | null = null;
  let problem: string | null = null;

  const row = (line: string, ended: boolean): void => {
    const [, thread, final, rest = ''] = /^(?:\[thread (\d{1,4})\]|(Final:))?\s*(\d.*)$/.exec(line) ?? [];
    const cells = (table.csv ? rest.split(',', 9) : (words(rest, 8) ?? [])).map((cell) => cell.trim());
    const read = figures(cells, table, ended);
    if (read === null) {
      if (thread !== undefined || final !== undefined) draft.warn('bench.warning.damaged');
      return;
    }
    if (thread !== undefined) {
      const own = thread === '0' ? {} : { stream: thread };
      const id = thread === '0' ? 'progress' : `progress thread ${thread}`;
      draft.add(
        { id, axis: 'sequence', ...own },
        { x: (draft.series(id)?.points.length ?? 0) + 1, ...read.interval },
      );
      return;
    }
    draft.add({ id: 'main', axis: 'size' }, { x: size, ...read.whole });
    if (read.whole.bandwidth !== undefined) draft.summary.bandwidth = read.whole.bandwidth;
    if (read.whole.latency !== undefined) draft.summary.latency = read.whole.latency;
    draft.status = 'done';
  };

  return {
    line: (line, ended) => {
      if (line.includes('ucx_perftest')) {
        parameters.operation ??= /\s-t ?(\w{1,24})\b/.exec(line)?.[1] ?? null;
        size ??= whole(/\s-s ?(\d{1,14})\b/.exec(line)?.[1] ?? '');
        return;
      }
      if (line.startsWith('|')) {
        headed = header(line, table) || headed;
        if (headed) draft.recognised = true;
        const test = /^\| Test:\s{1,20}(\S.{0,60}?)\s*\|$/.exec(line)?.[1];
        if (test !== undefined) parameters.operation = label(test);
        if (test !== undefined) draft.recognised = true;
        size = whole(/^\| Message size:\s{1,8}(\d{1,16})\s*\|$/.exec(line)?.[1] ?? '') ?? size;
        return;
      }
      const csv = /^iterations,(\d{1,3}(?:\.\d)?)_percentile_(lat|ovh|overhead)?/.exec(line);
      if (csv !== null) {
        Object.assign(table, { csv: true, rank: Number(csv[1]), latency: csv[2] === 'lat' });
        headed = true;
        draft.recognised = true;
        return;
      }
      if (line.startsWith('Waiting for connection') && draft.points === 0) {
        draft.recognised = true;
        draft.status = 'waiting';
        return;
      }
      if (line.startsWith('Accepted connection from ')) {
        draft.recognised = true;
        draft.status = 'running';
        return;
      }
      if (/\bUCX {1,4}(?:ERROR|FATAL)\b/.test(line)) problem ??= line;
      else if (/\bUCX {1,4}(?:INFO|DIAG|WARN)\b/.test(line)) path(draft, line);
      else if (headed && /^(?:\[thread|Final:|\s*\d)/.test(line)) row(line, ended);
    },
    end: () => {
      // UCX prints errors of ways that it then does not take.
      if (problem !== null && draft.status !== 'done') draft.fail(problem);
    },
  };
}

/** True for the line that names the columns. */
function header(line: string, table: Table): boolean {
  if (/\blatency \(usec\)/.test(line)) table.latency = true;
  if (/\boverhead \(usec\)/.test(line)) table.latency = false;
  const rank = /# iterations \| +(\d{1,3}(?:[.,]\d{1,3})?)%ile \|/.exec(line)?.[1];
  if (rank !== undefined) table.rank = decimal(rank) ?? 50;
  // Before 1.12 the column was called typical.
  else if (/# iterations \| +typical \|/.test(line)) table.rank = 50;
  else return false;
  return true;
}

/** iterations, percentile, average, overall; bandwidth and message rate, each of the interval and of the whole. */
function figures(
  cells: string[],
  { rank, latency }: Table,
  ended: boolean,
): { interval: Omit<BenchPoint, 'x'>; whole: Omit<BenchPoint, 'x'> } | null {
  if (cells.length !== 8) return null;
  const times = cells.slice(1, 4);
  const rates = cells.slice(4, 6);
  if (!times.every((cell) => THREE.test(cell)) || !rates.every((cell) => TWO.test(cell))) return null;
  const [iterations = null, rateNow = null, rateAll = null] = [0, 6, 7].map((at) => whole(cells[at] ?? ''));
  const values = decimals([...times, ...rates]);
  if (values === null || iterations === null || rateNow === null || rateAll === null) return null;
  const [percentile = 0, average = 0, overall = 0, now = 0, all = 0] = values;
  const measured = (us: number): { latency?: Latency } => {
    if (!latency) return {};
    if (rank === 50) return { latency: { averageUs: us, typicalUs: percentile } };
    return { latency: { averageUs: us, percentiles: [{ rank, us: percentile }] } };
  };
  return {
    interval: {
      iterations,
      bandwidth: bandwidth(now, 'ucx MB/s'),
      messagesPerSecond: rateNow,
      ...measured(average),
    },
    whole: {
      iterations,
      bandwidth: bandwidth(all, 'ucx MB/s'),
      // The last number of a line that is not ended may lack digits.
      ...(ended ? { messagesPerSecond: rateAll } : {}),
      ...measured(overall),
    },
  };
}

/** `cfg#1 rma(rc_mlx5/rocep1s0f1:1 …)`, formerly `ep_cfg[0]: rma_am(tcp/enp1s0f1np1)`: which way to the other process UCX has chosen. */
function path(draft: Draft, line: string): void {
  const lanes =
    /(?:\b|_)cfg(?:#\d{1,4} |\[\d{1,4}\]: ).{0,40}?\b(?:tag|rma|rma_am|am|amo|stream)\(([^)]{1,300})\)/.exec(
      line,
    )?.[1];
  if (lanes === undefined || line.includes(' self cfg#')) return;
  draft.recognised = true;
  const ways = [...lanes.matchAll(/\b(\w{1,24})\/([\w.-]{1,64})(?::\d{1,3})?/g)];
  const { parameters } = draft;
  const rdma = ways.some(([, transport = '']) => /^(?:rc|dc|ud)_/.test(transport));
  if (rdma) parameters.transport = 'rdma';
  else if (ways.some(([, transport]) => transport === 'tcp')) parameters.transport ??= 'tcp';
  for (const [, transport = '', name = ''] of ways) {
    if (/^(?:rc|dc|ud)_/.test(transport) && isDeviceName(name)) draft.device(name);
    if (transport === 'tcp' && !rdma && isInterfaceName(name)) draft.device(name);
  }
}
