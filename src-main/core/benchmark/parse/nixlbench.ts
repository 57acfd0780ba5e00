import type { BenchPoint } from '../../../contract/benchmark';
import { isDeviceName, label } from '../../probe/parsed';
import { bandwidth, decimal, isBandwidthUnit, whole, type BandwidthUnit } from '../units';
import type { Draft } from './draft';
import { words } from './lines';
import { benchParser, type LineReader } from './tool';

/** nixlbench: the configuration, then a table whose columns have changed over time and are read by their headings. */
export const nixlbench = benchParser('nixlbench', reading);

type Column =
  | { kind: 'size' | 'batch' | 'average' | 'other' }
  | { kind: 'bandwidth'; unit: BandwidthUnit }
  | { kind: 'percentile'; rank: number };

function reading(draft: Draft): LineReader {
  let columns: Column[] | null = null;
  let largest: number | null = null;
  return {
    line: (line, ended) => {
      const text = line.trim();
      if (text.startsWith('Block Size (B)')) {
        columns = headings(text);
        draft.recognised = true;
        return;
      }
      if (/^\d/.test(text)) {
        if (columns !== null) row(draft, columns, text, ended);
        return;
      }
      const [option, value] = setting(draft, text);
      if (option === 'max_block_size') largest = whole(value);
    },
    end: () => {
      // Prints nothing at its end: with the largest size it is done.
      const last = draft.series('main')?.points.at(-1);
      if (draft.status === 'running' && largest !== null && last?.x === largest) draft.status = 'done';
    },
  };
}

function headings(line: string): Column[] {
  return line.split(/\s{2,}|\t/).map((heading): Column => {
    if (heading.startsWith('Block Size')) return { kind: 'size' };
    if (heading.startsWith('Batch Size')) return { kind: 'batch' };
    const unit = /^B\/W \((\w{1,4}\/Sec)\)$/.exec(heading)?.[1];
    if (unit !== undefined && isBandwidthUnit(unit)) return { kind: 'bandwidth', unit };
    if (heading.startsWith('Avg Lat')) return { kind: 'average' };
    const rank = /^P(\d{2,4}) Tx/.exec(heading)?.[1];
    if (rank !== undefined) return { kind: 'percentile', rank: percentile(rank) };
    return { kind: 'other' };
  });
}

/** `99` is 99, `999` is 99.9. */
function percentile(digits: string): number {
  return Number(`${digits.slice(0, 2)}.${digits.slice(2)}0`);
}

function row(draft: Draft, columns: readonly Column[], line: string, ended: boolean): void {
  const cells = words(line, 20) ?? [];
  const values = cells.map((cell) => decimal(cell));
  // A last cell without its decimal, or of a column with as many digits as there are, may be cut.
  const open = columns.at(-1)?.kind === 'bandwidth' || !/[.,]\d+$/.test(cells.at(-1) ?? '');
  const cut = !ended && open;
  if (cells.length !== columns.length || values.includes(null) || cut) {
    draft.warn('bench.warning.damaged');
    return;
  }
  const point: BenchPoint = { x: null };
  const latency: NonNullable<BenchPoint['latency']> = {};
  columns.forEach((column, index) => {
    const value = values[index] ?? 0;
    if (column.kind === 'size') point.x = whole(cells[index] ?? '');
    if (column.kind === 'batch') point.batch = value;
    // Of several units of one figure the last, GB, is in every version.
    if (column.kind === 'bandwidth') point.bandwidth = bandwidth(value, column.unit);
    if (column.kind === 'average') latency.averageUs = value;
    if (column.kind === 'percentile')
      latency.percentiles = [...(latency.percentiles ?? []), { rank: column.rank, us: value }];
  });
  if (point.x === null) {
    draft.warn('bench.warning.damaged');
    return;
  }
  draft.add({ id: 'main', axis: 'size' }, { ...point, latency });
}

/** Notes a line of the configuration; gives its option and value, empty for other lines. */
function setting(draft: Draft, line: string): [option: string, value: string] {
  const { parameters } = draft;
  if (line.startsWith('NIXLBench Configuration')) {
    draft.recognised = true;
    return ['', ''];
  }
  const failed =
    /^(?:Failed to |Error: |ERROR|terminate called|nixlbench: |Rank \d{1,4} (?:failed|timed out)).{0,300}$/.test(
      line,
    ) || /\bUCX {1,4}(?:ERROR|FATAL)\b/.test(line);
  if (failed && !line.includes('failed to get interface index')) {
    draft.fail(line);
    return ['', ''];
  }
  const [, option = '', value = ''] = /\(--([a-z_]{1,32})=[^)]{0,80}\)\s{0,64}: (.{1,200})$/.exec(line) ?? [];
  if (option === '') return ['', ''];
  draft.recognised = true;
  switch (option) {
    case 'op_type':
      parameters.operation = /^(?:READ|WRITE)$/.test(value) ? value.toLowerCase() : null;
      break;
    case 'device_list':
      for (const name of value.split(',')) if (isDeviceName(name)) draft.device(name);
      break;
    case 'initiator_seg_type':
    case 'target_seg_type':
      // Data on a GPU on either side are what is slow.
      if (value === 'VRAM' || (value === 'DRAM' && parameters.memory === null)) parameters.memory = value;
      break;
    case 'num_threads':
      parameters.streams = whole(value);
      break;
    case 'backend':
      parameters.backend = label(value, 32);
      break;
  }
  return [option, value];
}
