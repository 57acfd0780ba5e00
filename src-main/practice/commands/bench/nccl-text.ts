import type { NcclOffer, NcclOptions, NcclTest } from './nccl-options';
import type { Rank } from './mpi-job';

const version = '# nccl-tests version 2.17.6 nccl-headers=22809 nccl-library=22809\n';

/** What comes before the table. */
export function ncclHeading(
  { name }: NcclTest,
  given: NcclOptions,
  ranks: readonly Rank<NcclOffer>[],
): string {
  const { sizes, factor, iterations, warmup } = given;
  const step = factor > 1 ? `${factor}(factor)` : '1048576(bytes)';
  const devices = ranks.map(
    ({ call: { machine, pid } }, rank) =>
      `#  Rank ${String(rank).padStart(2)} Group  0 Pid ${String(pid).padStart(6)} on ${machine.hostname().padStart(10)} device  0 [000f:01:00] NVIDIA GB10\n`,
  );
  return [
    version,
    `# Collective test starting: ${name}\n`,
    `# nThread 1 nGpus 1 minBytes ${sizes[0] ?? 0} maxBytes ${sizes.at(-1) ?? 0} step: ${step} warmup iters: ${warmup} iters: ${iterations} agg iters: 1 validation: 1 graph: 0\n`,
    '#\n',
    '# Using devices\n',
    ...devices,
    '#\n',
    '#                                                              out-of-place                       in-place          \n',
    '#       size         count      type   redop    root     time   algbw   busbw  #wrong     time   algbw   busbw  #wrong \n',
    '#        (B)    (elements)                               (us)  (GB/s)  (GB/s)             (us)  (GB/s)  (GB/s)         \n',
  ].join('');
}

/** Microseconds, and GB/s of the algorithm and on the links. */
export interface NcclFigure {
  readonly time: number;
  readonly algorithm: number;
  readonly bus: number;
}

export function ncclRow(test: NcclTest, size: number, ranks: number, figures: readonly NcclFigure[]): string {
  const time = (us: number) => us.toFixed(us >= 10_000 ? 0 : us >= 100 ? 1 : 2).padStart(7);
  const part = ({ time: us, algorithm, bus }: NcclFigure) =>
    `  ${time(us)}  ${algorithm.toFixed(2).padStart(6)}  ${bus.toFixed(2).padStart(6)}  ${'0'.padStart(6)}`;
  const head = [size, test.count(size, ranks)].map((value) => String(value).padStart(12)).join('  ');
  return `${head}  ${'float'.padStart(8)}  ${test.operation.padStart(6)}  ${'-1'.padStart(6)}${figures.map(part).join('')}\n`;
}

export function ncclEnding({ name }: NcclTest, average: number): string {
  return `# Out of bounds values : 0 OK\n# Avg bus bandwidth    : ${average.toPrecision(6).replace(/\.?0+$/, '')} \n#\n# Collective test concluded: ${name}\n#\n`;
}

/** Lines of NCCL's own log, when it is asked for. */
export function ncclLog({ call, offer }: Rank<NcclOffer>, rdma: boolean): string {
  const { machine, pid, env } = call;
  if (!['INFO', 'TRACE'].includes(env['NCCL_DEBUG'] ?? '')) return '';
  const { socket } = offer;
  const address =
    socket && machine.network.addresses(socket.port).find(({ family }) => family === 'inet')?.local;
  const out = `${socket?.port.name ?? ''}:${address ?? ''}<0>`;
  const devices = offer.rdma.map(({ port }, index) => `[${index}]${port.cx?.rdma ?? ''}:1/RoCE`).join(' ');
  const lines = [
    `Bootstrap: Using ${out}`,
    'Assigned NET plugin IB to comm',
    ...(rdma
      ? [`NET/IB : Using ${devices} [RO]; OOB ${out}`, 'Using network IB']
      : ['NET/IB : No device found.', `NET/Socket : Using [0]${out}`, 'Using network Socket']),
  ].filter((line) => rdma || !line.startsWith('Assigned'));
  return lines.map((line) => `${machine.hostname()}:${pid}:${pid} [0] NCCL INFO ${line}\n`).join('');
}
