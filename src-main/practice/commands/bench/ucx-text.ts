import type { Host } from '../../machine/host';

export interface UcxTest {
  readonly name: string;
  /** In the box that a server prints. */
  readonly title: string;
  readonly kind: 'put' | 'get';
  /** Latency tests wait for each message; a get is a test of latency that may ask many at once. */
  readonly waits: boolean;
}

/** Tests of UCX's protocol layer, as `-t` names them. */
export const ucxTests: readonly UcxTest[] = [
  { name: 'ucp_put_bw', title: 'put bandwidth', kind: 'put', waits: false },
  { name: 'ucp_put_lat', title: 'put latency', kind: 'put', waits: true },
  { name: 'ucp_get', title: 'get latency / bandwidth / message rate', kind: 'get', waits: true },
];

const rule =
  '+--------------+--------------+------------------------------+---------------------+-----------------------+\n';

export function ucxHeading({ waits }: UcxTest): string {
  const times = waits ? '        latency (usec)        ' : '       overhead (usec)        ';
  return (
    rule +
    `|              |              |${times}|   bandwidth (MB/s)  |  message rate (msg/s) |\n` +
    '+--------------+--------------+----------+---------+---------+----------+----------+-----------+-----------+\n' +
    '|    Stage     | # iterations | 50.0%ile | average | overall |  average |  overall |  average  |  overall  |\n' +
    '+--------------+--------------+----------+---------+---------+----------+----------+-----------+-----------+\n'
  );
}

/** What has happened in an interval, and since the beginning. */
export interface UcxRow {
  readonly iterations: number;
  /** Microseconds. */
  readonly median: number;
  readonly average: number;
  readonly overall: number;
  readonly bytesPerSecond: readonly [now: number, overall: number];
  readonly messagesPerSecond: readonly [now: number, overall: number];
}

export function ucxRow(row: UcxRow, final: boolean): string {
  const cell = (value: number, digits: number, width: number) => value.toFixed(digits).padStart(width);
  const [now, overall] = row.bytesPerSecond.map((rate) => rate / 1024 ** 2);
  const cells = [
    cell(row.median, 3, 11),
    cell(row.average, 3, 10),
    cell(row.overall, 3, 10),
    cell(now ?? 0, 2, 12),
    cell(overall ?? 0, 2, 11),
    cell(row.messagesPerSecond[0], 0, 12),
    cell(row.messagesPerSecond[1], 0, 12),
  ];
  const name = final ? 'Final:' : '[thread 0]';
  return `${name}${String(row.iterations).padStart(28 - name.length)}${cells.join('')}\n`;
}

export function ucxBox({ title }: UcxTest, size: number): string {
  const line = `+${'-'.repeat(106)}+\n`;
  const rows = [
    'API:          protocol layer',
    `Test:         ${title}`,
    'Data layout:  (automatic)',
    'Send memory:  host',
    'Recv memory:  host',
    `Message size: ${size}`,
  ];
  return line + rows.map((row) => `| ${row.padEnd(105)}|\n`).join('') + line;
}

/** `[1795187583.753892] [spark-a1f0:2004:0]        perftest.c:405  UCX  ERROR client failed` */
export function ucxLog(machine: Host, pid: number, where: string, level: string, text: string): string {
  const time = (machine.now() / 1000).toFixed(6);
  return `[${time}] [${machine.hostname()}:${pid}:0] ${where.padStart(24)} UCX  ${level.padEnd(5)} ${text}\n`;
}
