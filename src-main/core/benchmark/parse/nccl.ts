import type { BenchPoint } from '../../../contract/benchmark';
import { isDeviceName, isInterfaceName, label } from '../../probe/parsed';
import { bandwidth, decimal, decimals, whole } from '../units';
import type { Draft } from './draft';
import { words } from './lines';
import { benchParser, type LineReader } from './tool';

/** nccl-tests (`all_gather_perf`, `all_reduce_perf`…), and the RESULT lines of runners that print one size a line. */
export const nccl = benchParser('nccl', reading);

const OPERATION =
  /\b((?:all_gather|all_reduce|alltoall|broadcast|gather|hypercube|reduce|reduce_scatter|scatter|sendrecv)(?:v)?)_perf\b/;
const TWO = /^\d[\d,]*[.,]\d{2}$/;
/** What a row ends with after time, algbw and busbw: wrong values (`N/A` unchecked), formerly an error (`7e-07`). */
const CHECK = /^(?:\d{1,18}|N\/A|\d(?:[.,]\d{1,6})?e[+-]\d{1,3})$/;
const NAMES = { out: 'out-of-place', in: 'in-place' } as const;

interface Half {
  readonly point: Omit<BenchPoint, 'x'>;
  readonly rest: string[];
}

function reading(draft: Draft): LineReader {
  const ranks = new Set<string>();
  return {
    line: (line, ended) => {
      if (/^\s*\d/.test(line)) row(draft, line, ended);
      else if (line.startsWith('#')) comment(draft, line.slice(1).trim(), ranks, ended);
      else if (line.startsWith('RESULT')) result(draft, line, ended);
      else log(draft, line);
    },
  };
}

/** size count type [redop [root]] then time algbw busbw check, out of place and mostly in place as well. */
function row(draft: Draft, line: string, ended: boolean): void {
  const cells = words(line, 16) ?? [];
  const size = whole(cells[0] ?? '');
  const count = whole(cells[1] ?? '');
  const type = cells[2] ?? '';
  if (
    size === null ||
    count === null ||
    !/^(?:u?int\d{1,2}|float\d{0,2}|double|half|bfloat16|f8e\dm\d|f8\w{2,6})$/.test(type)
  )
    return;
  let rest = cells.slice(3);
  if (/^(?:none|sum|prod|max|min|avg|mulsum|all)$/.test(rest[0] ?? '')) rest = rest.slice(1);
  // The new layout has the root as well: then five or nine cells are left, and four or eight without it.
  if (rest.length % 4 === 1 && /^-?\d{1,4}$/.test(rest[0] ?? '')) rest = rest.slice(1);
  const out = half(rest, ended || rest.length > 4);
  if (out === null || (out.rest.length !== 0 && out.rest.length !== 4)) {
    draft.warn('bench.warning.damaged');
    return;
  }
  // Cut before its second half, a row looks like one of an older tool that prints only one.
  const cut = !ended && out.rest.length === 0;
  if (cut) return;
  draft.add({ id: NAMES.out, axis: 'size', inPlace: false }, { x: size, ...out.point });
  const inside = half(out.rest, ended);
  if (inside !== null) draft.add({ id: NAMES.in, axis: 'size', inPlace: true }, { x: size, ...inside.point });
  else if (out.rest.length > 0) draft.warn('bench.warning.damaged');
}

/** `ended`: the last cell is whole. */
function half(cells: string[], ended: boolean): Half | null {
  const [time = '', algbw = '', busbw = '', check = ''] = cells;
  const us = decimal(time);
  const algorithm = decimal(algbw);
  const bus = decimal(busbw);
  if (us === null || algorithm === null || bus === null) return null;
  if (!TWO.test(algbw) || !TWO.test(busbw) || !CHECK.test(check)) return null;
  const wrong = whole(check);
  return {
    point: {
      bandwidth: bandwidth(algorithm, 'GB/s'),
      busBandwidth: bandwidth(bus, 'GB/s'),
      latency: { averageUs: us },
      ...(wrong === null || !ended ? {} : { wrong }),
    },
    rest: cells.slice(4),
  };
}

function comment(draft: Draft, text: string, ranks: Set<string>, ended: boolean): void {
  const { parameters, summary } = draft;
  const operation = OPERATION.exec(text)?.[1];
  if (operation !== undefined) {
    draft.recognised = true;
    parameters.operation ??= operation;
  }
  const version = /^nccl-tests version (\S{1,32})/.exec(text)?.[1];
  if (version !== undefined) {
    draft.recognised = true;
    parameters.version = label(version, 32);
  }
  const rank = /^Rank +(\d{1,6}) (?:Group +\d{1,6} )?Pid/.exec(text)?.[1];
  if (rank !== undefined) {
    draft.recognised = true;
    if (ranks.size < 4096) ranks.add(rank);
    parameters.ranks = ranks.size;
  }
  if (/^size +count +type\b/.test(text)) draft.recognised = true;
  const [, outOfBounds = '', verdict] =
    /^Out of bounds values : (\d{1,18})(?: (OK|FAILED))?/.exec(text) ?? [];
  if (verdict !== undefined) {
    draft.recognised = true;
    summary.wrong = whole(outOfBounds) ?? 0;
    if (verdict === 'FAILED' || summary.wrong > 0)
      draft.warn('bench.warning.wrong-values', { count: summary.wrong });
  }
  const average = /^Avg bus bandwidth +: (\d[\d.,]{0,20})$/.exec(text)?.[1];
  const value = decimal(average ?? '');
  // Printed with as many digits as there are: only what follows shows that none is missing.
  if (average !== undefined && value !== null && ended) {
    summary.averageBusBandwidth = bandwidth(value, 'GB/s');
    draft.recognised = true;
    if (draft.status !== 'failed') draft.status = 'done';
  }
}

const RESULT =
  /^RESULT size_bytes=(\d{1,16}) time_us=(\d{1,12}[.,]\d{3}) algbw_gbs=(\d{1,8}[.,]\d{4}) busbw_gbs=(\d{1,8}[.,]\d{4})$/;

function result(draft: Draft, line: string, ended: boolean): void {
  const wrong = /^RESULT_WRONG (\d{1,16})$/.exec(line)?.[1];
  if (wrong !== undefined && ended) {
    draft.summary.wrong = Number(wrong);
    if (draft.summary.wrong > 0) draft.warn('bench.warning.wrong-values', { count: draft.summary.wrong });
    if (draft.status !== 'failed') draft.status = 'done';
    return;
  }
  const [, size = '', ...figures] = RESULT.exec(line) ?? [];
  const [us = 0, algorithm = 0, bus = 0] = decimals(figures) ?? [];
  const x = whole(size);
  if (x === null || decimals(figures)?.length !== 3) return;
  draft.add(
    { id: 'main', axis: 'size' },
    {
      x,
      latency: { averageUs: us },
      bandwidth: bandwidth(algorithm, 'GB/s'),
      busBandwidth: bandwidth(bus, 'GB/s'),
    },
  );
}

/** NCCL's own log (`NCCL_DEBUG=INFO`) tells which way the data go. */
function log(draft: Draft, line: string): void {
  const { parameters } = draft;
  const runner = /^nccl_pair: rank \d{1,4} of (\d{1,4}) /.exec(line)?.[1];
  if (runner !== undefined) {
    draft.recognised = true;
    parameters.ranks = Number(runner);
  }
  // A cable may be found and not be used: sockets said once are what counts.
  if (/\bUsing network Socket\b/.test(line)) parameters.transport = 'tcp';
  const socket = /\bNET\/Socket ?: Using /.exec(line);
  if (socket !== null) {
    parameters.transport = 'tcp';
    for (const [, name = ''] of line.matchAll(/\[\d{1,2}\](\S{1,15}):/g))
      if (isInterfaceName(name)) draft.device(name);
  }
  if (/\bNET\/IB ?: Using |^ {8,}\[\d/.test(line) && /:\d{1,2}\/(?:RoCE|IB)\b/.test(line)) {
    draft.recognised = true;
    parameters.transport ??= 'rdma';
    for (const [, name = ''] of line.matchAll(/\[\d{1,2}\]([\w.-]{1,64}):\d{1,2}\/(?:RoCE|IB)/g))
      if (isDeviceName(name)) draft.device(name);
  }
  const failed =
    /^.{0,120}(?:Test NCCL failure|Test CUDA failure|NCCL WARN .{0,40}(?:failed|error|no socket)|mpirun was unable|ORTE was unable|cannot find a corresponding process entry).{0,200}$/i.test(
      line,
    );
  if (failed) draft.fail(line);
}
