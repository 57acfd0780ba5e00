import type { PerftestKind, PerftestOptions } from './perftest-options';

export const rule = `${'-'.repeat(87)}\n`;

export const waiting =
  '\n************************************\n* Waiting for client to connect... *\n************************************\n';

/** One side of a connection of queue pairs. */
export interface QueueSide {
  readonly address: string;
  /** What its numbers are made from: the same in every run. */
  readonly seed: number;
}

export interface Bandwidth {
  readonly size: number;
  readonly iterations: number;
  readonly gbps: number;
  /** Not measured in a run by time. */
  readonly peak: number | undefined;
}

export interface Latency {
  readonly size: number;
  readonly iterations: number;
  /** Microseconds. */
  readonly typical: number;
  /** By time: only the mean is kept. */
  readonly meanOnly: boolean;
}

/** What perftest prints before its table, as version 24.01 does. */
export function header(
  kind: PerftestKind,
  given: PerftestOptions,
  { device, mtu, own, other }: { device: string; mtu: number; own: QueueSide; other: QueueSide },
): string {
  const latency = kind.measures === 'latency';
  const verb = kind.verb === 'Send' ? 'Send' : `RDMA_${kind.verb}`;
  const asks = given.host !== undefined || given.bothWays || latency;
  const numbers = (side: QueueSide, name: string) =>
    Array.from(
      { length: given.pairs },
      (_, n) => `${queue(kind, given, side, name, n)}\n${gid(given, side)}`,
    ).join('');
  return [
    given.seconds === undefined || latency ? '' : " WARNING: BW peak won't be measured in this run.\n",
    rule,
    `                    ${verb} ${given.bothWays ? 'Bidirectional ' : ''}${latency ? 'Latency' : 'BW'} Test\n`,
    ` Dual-port       : OFF\t\tDevice         : ${device}\n`,
    ` Number of qps   : ${given.pairs}\t\tTransport type : IB\n`,
    ' Connection type : RC\t\tUsing SRQ      : OFF\n',
    ` PCIe relax order: ${latency ? 'OFF' : 'ON'}\n`,
    ' ibv_wr* API     : ON\n',
    asks ? ` TX depth        : ${latency ? 1 : 128}\n` : '',
    latency || !asks
      ? ''
      : ` CQ Moderation   : ${given.seconds === undefined && given.iterations >= 100 ? 100 : 1}\n`,
    ` Mtu             : ${mtu}[B]\n`,
    ' Link type       : Ethernet\n',
    ` GID index       : ${given.gid}\n`,
    ` Max inline data : ${latency && kind.verb !== 'Read' ? 220 : 0}[B]\n`,
    ` rdma_cm QPs\t : ${given.manager ? 'ON' : 'OFF'}\n`,
    ` Data ex. method : ${given.manager ? 'rdma_cm' : 'Ethernet'}\n`,
    rule,
    numbers(own, 'local'),
    numbers(other, 'remote'),
    rule,
    given.quiet
      ? ''
      : 'Conflicting CPU frequency values detected: 2808.000000 != 3900.000000. CPU Frequency is not max.\n',
  ].join('');
}

function queue(
  { verb }: PerftestKind,
  given: PerftestOptions,
  { seed }: QueueSide,
  name: string,
  n: number,
): string {
  const hex = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;
  const numbers = `QPN ${hex(0x128 + ((seed + n) % 0x7000), 4)} PSN ${hex((seed * 2_654_435 + n * 40_503) % 0xffffff, 1)}`;
  const memory = ` RKey 0x184300 VAddr ${hex(0xe000_0000_0000 + seed * 0x10_000 + n * 0x20_000, 16).replace('0x00', '0x')}`;
  const read = verb === 'Read' ? ' OUT 0x10' : '';
  return ` ${name} address: LID 0000 ${numbers}${given.manager ? '' : `${read}${verb === 'Send' ? '' : memory}`}`;
}

/** In decimal digits, two at least. */
function gid(given: PerftestOptions, { address }: QueueSide): string {
  const bytes = [...Array<number>(10).fill(0), 255, 255, ...address.split('.').map(Number)];
  return given.manager ? '' : ` GID: ${bytes.map((byte) => String(byte).padStart(2, '0')).join(':')}\n`;
}

export function columns(kind: PerftestKind, given: PerftestOptions): string {
  const unit = given.gbits ? 'Gb/sec' : 'MB/sec';
  if (kind.measures === 'bandwidth')
    return ` #bytes     #iterations    BW peak[${unit}]    BW average[${unit}]   MsgRate[Mpps]\n`;
  if (given.seconds !== undefined) return ' #bytes        #iterations       t_avg[usec]    tps average\n';
  return ' #bytes #iterations    t_min[usec]    t_max[usec]  t_typical[usec]    t_avg[usec]    t_stdev[usec]   99% percentile[usec]   99.9% percentile[usec] \n';
}

export function bandwidthRow(
  { gbits }: PerftestOptions,
  { size, iterations, gbps, peak }: Bandwidth,
): string {
  // perftest's MB are MiB.
  const shown = (rate: number) => (gbits ? rate : (rate * 1e9) / 8 / 1024 ** 2).toFixed(2).padEnd(7);
  const messages = (gbps * 1e9) / 8 / size / 1e6;
  return ` ${String(size).padEnd(7)}    ${String(iterations).padEnd(10)}       ${shown(peak ?? 0)}            ${shown(gbps)}\t\t   ${messages.toFixed(6)}\n`;
}

export function latencyRow({ size, iterations, typical, meanOnly }: Latency): string {
  const cell = (us: number) => us.toFixed(2).padEnd(7);
  const head = ` ${String(size).padEnd(7)} ${iterations}          `;
  if (meanOnly)
    return ` ${String(size).padEnd(7)}       ${iterations}            ${cell(typical)}        ${(1e6 / typical / 2).toFixed(2)}\n`;
  const [least, most, mean, spread, late, latest] = [
    typical * 0.965,
    typical * 1.31 + 1.1,
    typical * 1.004,
    typical * 0.03,
    typical * 1.07,
    typical * 1.24,
  ];
  return `${head}${cell(least)}        ${cell(most)}      ${cell(typical)}  \t       ${cell(mean)}     \t${cell(spread)}\t\t${cell(late)} \t\t${cell(latest)}\n`;
}
