import type { BenchPoint, BenchTool } from '../../../contract/benchmark';
import { isDeviceName } from '../../probe/parsed';
import { bandwidth, decimals, whole, type BandwidthUnit } from '../units';
import type { Draft } from './draft';
import { words } from './lines';
import { benchParser, type BenchParser, type LineReader } from './tool';

/** perftest: `ib_write_bw`, `ib_write_lat`, `ib_read_lat`… share their header and three shapes of rows. */
export const perftest: readonly BenchParser[] = (
  [
    ['ib_write_bw', 'write'],
    ['ib_write_lat', 'write'],
    ['ib_read_bw', 'read'],
    ['ib_read_lat', 'read'],
    ['ib_send_bw', 'send'],
    ['ib_send_lat', 'send'],
  ] as const
).map(([tool, operation]) => benchParser(tool, (draft) => reading(draft, tool, operation)));

const TITLE = /^(?:RDMA_)?(Write|Read|Send) (Bidirectional )?(BW|Latency) Test$/;
const FIELD = /^([A-Za-z_][A-Za-z_ *.]{1,24}?)\s*: ?(\S.{0,63}?)(?:\s{2,}.{0,120}|\t.{0,120})?$/;
/** A row says how it is cut: every figure has its decimals. */
const FIXED = (places: number) => new RegExp(`^\\d[\\d,]*[.,]\\d{${places}}$`);
const TWO = FIXED(2);
const SIX = FIXED(6);
const FAILED =
  /^(?:Unable to |Couldn't |Failed to |Failed: |ibv_\w+ |Completion with error|IB device .{0,64} not found|Problems with|mlx5: .{0,64}: got completion with error).{0,200}$/;

type Shape =
  | { kind: 'bandwidth'; unit: BandwidthUnit }
  | { kind: 'latency'; columns: 3 | 7 }
  | { kind: 'latency-duration' };

function reading(draft: Draft, tool: BenchTool, operation: string): LineReader {
  const wantsLatency = tool.endsWith('_lat');
  let shape: Shape | null = null;
  return {
    line: (line, ended) => {
      const text = line.trim();
      const rows = shapeOf(text);
      if (rows !== null) {
        // Another tool's table is not read as this one's.
        shape = (rows.kind === 'bandwidth') === wantsLatency ? null : rows;
        if (shape === null) return;
        draft.recognised = true;
        draft.parameters.operation ??= operation;
        draft.parameters.transport = 'rdma';
        return;
      }
      if (/^\d/.test(text)) {
        if (shape !== null) row(draft, shape, text, ended);
        return;
      }
      if (shape !== null && draft.points > 0 && /^-{40,}$/.test(text)) {
        if (draft.status === 'running') draft.status = 'done';
        return;
      }
      header(draft, text);
    },
  };
}

function shapeOf(line: string): Shape | null {
  if (!line.startsWith('#bytes')) return null;
  if (line.includes('BW average[MB/sec]')) return { kind: 'bandwidth', unit: 'perftest MB/sec' };
  if (line.includes('BW average[Gb/sec]')) return { kind: 'bandwidth', unit: 'Gb/sec' };
  if (line.includes('t_typical[usec]')) {
    // The oldest print only three columns.
    return { kind: 'latency', columns: line.includes('t_avg[usec]') ? 7 : 3 };
  }
  return line.includes('t_avg[usec]') ? { kind: 'latency-duration' } : null;
}

function row(draft: Draft, shape: Shape, line: string, ended: boolean): void {
  const cells = words(line, 12) ?? [];
  const [size = null, iterations = null] = cells.slice(0, 2).map((cell) => whole(cell));
  const point = size === null || iterations === null ? null : figures(shape, cells.slice(2), ended);
  if (point === null || size === null || iterations === null) {
    draft.warn('bench.warning.damaged');
    return;
  }
  draft.add({ id: 'main', axis: 'size' }, { x: size, iterations, ...point });
}

/** The figures of a row; null where one is missing or cut. */
function figures(shape: Shape, cells: string[], ended: boolean): Omit<BenchPoint, 'x'> | null {
  const values = decimals(cells);
  if (values === null) return null;
  const [first = 0, second = 0] = values;
  if (shape.kind === 'bandwidth') {
    // Two ports of one device add four columns.
    const whole = cells.length === 3 || cells.length === 7;
    if (!whole || !fixed(cells.slice(0, 2), TWO) || !SIX.test(cells[2] ?? '')) return null;
    if (!ended && cells.length === 7 && !SIX.test(cells[6] ?? '')) return null;
    const rate = { bandwidth: bandwidth(second, shape.unit), messagesPerSecond: million(values[2] ?? 0) };
    // 0.00 stands for "not measured".
    return first === 0 ? rate : { ...rate, peakBandwidth: bandwidth(first, shape.unit) };
  }
  if (shape.kind === 'latency-duration') {
    if (cells.length !== 2 || !fixed(cells, TWO)) return null;
    return { latency: { averageUs: first } };
  }
  if (cells.length !== shape.columns || !fixed(cells, TWO)) return null;
  const [minUs = 0, maxUs = 0, typicalUs = 0, averageUs, stdevUs, p99, p999] = values;
  if (minUs > maxUs) return null;
  if (averageUs === undefined || stdevUs === undefined || p99 === undefined || p999 === undefined)
    return { latency: { minUs, maxUs, typicalUs } };
  const percentiles = [
    { rank: 99, us: p99 },
    { rank: 99.9, us: p999 },
  ];
  return { latency: { minUs, maxUs, typicalUs, averageUs, stdevUs, percentiles } };
}

function fixed(cells: string[], pattern: RegExp): boolean {
  return cells.every((cell) => pattern.test(cell));
}

function million(rate: number): number {
  return Math.round(rate * 1e6);
}

function header(draft: Draft, text: string): void {
  const { parameters } = draft;
  if (/^\* Waiting for client to connect\.\.\. \*$/.test(text)) {
    draft.recognised = true;
    if (draft.points === 0 && draft.status === 'running') draft.status = 'waiting';
    return;
  }
  const title = TITLE.exec(text);
  if (title !== null) {
    draft.recognised = true;
    if (draft.status === 'waiting') draft.status = 'running';
    parameters.operation = title[1]?.toLowerCase() ?? null;
    parameters.transport = 'rdma';
    parameters.direction = title[2] === undefined ? 'forward' : 'both';
    return;
  }
  if (text.startsWith("WARNING: BW peak won't be measured")) return;
  if (/^(?:Conflicting CPU frequency values detected|WARNING: CPU is not PCIe relaxed)/.test(text)) {
    draft.warn('bench.warning.cpu-frequency');
    return;
  }
  const device = /\bDevice\s{1,20}: (\S{1,64})/.exec(text)?.[1];
  if (device !== undefined && isDeviceName(device)) draft.device(device);
  const [, name = '', value = ''] = FIELD.exec(text) ?? [];
  if (name === 'Number of qps') parameters.streams = whole(value);
  if (name === 'Mtu') parameters.mtu = whole(/^(\d{1,5})\[B\]$/.exec(value)?.[1] ?? '');
  if (FAILED.test(text)) draft.fail(text);
}
