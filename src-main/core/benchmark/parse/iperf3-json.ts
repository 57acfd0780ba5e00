import { z } from 'zod';
import type { BenchSeries } from '../../../contract/benchmark';
import { label } from '../../probe/parsed';
import { bandwidth } from '../units';
import type { Draft } from './draft';
import { lenientJson } from './lenient-json';

const rate = z.object({
  start: z.number().catch(0),
  end: z.number().min(0),
  bits_per_second: z.number().min(0),
  retransmits: z.number().int().min(0).optional().catch(undefined),
  omitted: z.boolean().optional().catch(undefined),
  sender: z.boolean().optional().catch(undefined),
  socket: z.number().optional().catch(undefined),
});
type Rate = z.infer<typeof rate>;
const some = rate.optional().catch(undefined);

const interval = z.object({
  streams: z.array(some).catch([]),
  sum: some,
  sum_bidir_reverse: some,
});
const ending = z.object({
  sum: some,
  sum_sent: some,
  sum_received: some,
  sum_sent_bidir_reverse: some,
  sum_received_bidir_reverse: some,
});
const start = z.object({
  version: z.string().optional().catch(undefined),
  connecting_to: z.object({ host: z.string() }).optional().catch(undefined),
  test_start: z
    .object({
      protocol: z.string().optional().catch(undefined),
      num_streams: z.number().int().positive().optional().catch(undefined),
      reverse: z.number().optional().catch(undefined),
      bidir: z.number().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

type Direction = 'forward' | 'reverse';

/** The JSON of iperf3. One document is read when it has ended, a stream of events at once. */
export class IperfJson {
  readonly #lines: string[] = [];
  #events = false;

  constructor(private readonly draft: Draft) {}

  line(line: string): void {
    if (/^\{ ?"event" ?:/.test(line)) {
      this.#events = true;
      this.#event(lenientJson([line]).value);
    } else if (!this.#events) this.#lines.push(line);
  }

  end(): void {
    if (this.#events) return;
    const { value: document, whole } = lenientJson(this.#lines);
    if (!isRecord(document) || !('start' in document || 'intervals' in document)) return;
    this.#start(document['start']);
    const intervals = document['intervals'];
    for (const one of Array.isArray(intervals) ? (intervals as unknown[]) : []) this.#interval(one);
    this.#end(document['end'], whole);
    this.#error(document['error']);
  }

  #event(event: unknown): void {
    if (!isRecord(event)) return;
    const data = event['data'];
    if (event['event'] === 'start') this.#start(data);
    if (event['event'] === 'interval') this.#interval(data);
    if (event['event'] === 'end') this.#end(data, true);
    if (event['event'] === 'error') this.#error(data);
  }

  #start(value: unknown): void {
    const read = start.safeParse(value);
    if (!read.success) return;
    const { version, connecting_to, test_start } = read.data;
    const { draft } = this;
    const { parameters } = draft;
    draft.recognised = true;
    parameters.version = version === undefined ? null : label(version, 64);
    parameters.peer = connecting_to === undefined ? null : label(connecting_to.host, 253);
    if (test_start === undefined) return;
    parameters.transport = test_start.protocol === 'UDP' ? 'udp' : 'tcp';
    parameters.operation = parameters.transport;
    parameters.streams = test_start.num_streams ?? null;
    parameters.direction = test_start.bidir === 1 ? 'both' : test_start.reverse === 1 ? 'reverse' : 'forward';
  }

  #interval(value: unknown): void {
    const read = interval.safeParse(value);
    if (!read.success) return;
    const { streams, sum, sum_bidir_reverse: back } = read.data;
    // Older ones do not say `bidir` at the start.
    if (back !== undefined) this.draft.parameters.direction = 'both';
    const both = this.draft.parameters.direction === 'both';
    this.#point(sum, null, both ? 'forward' : undefined);
    this.#point(back, null, 'reverse');
    const perDirection = streams.filter((one) => one !== undefined && one.sender === streams[0]?.sender);
    if (perDirection.length < 2) return;
    const own = sum?.sender;
    for (const one of streams) {
      const way = both ? (one?.sender === own ? 'forward' : 'reverse') : undefined;
      if (one?.socket !== undefined) this.#point(one, String(one.socket), way);
    }
  }

  #point(one: Rate | undefined, stream: string | null, direction: Direction | undefined): void {
    if (one === undefined || one.omitted === true || one.end < one.start) return;
    const name = stream === null ? 'main' : `stream ${stream}`;
    const head: Omit<BenchSeries, 'points'> = {
      id: direction === 'reverse' ? `${name} reverse` : name,
      axis: 'time',
      ...(stream === null ? {} : { stream }),
      ...(direction === undefined ? {} : { direction }),
    };
    this.draft.add(head, {
      x: one.end,
      seconds: Math.round((one.end - one.start) * 1e6) / 1e6,
      bandwidth: bandwidth(one.bits_per_second, 'bits/sec'),
      ...(one.retransmits === undefined ? {} : { retransmits: one.retransmits }),
    });
  }

  #end(value: unknown, whole: boolean): void {
    const read = ending.safeParse(value);
    if (!read.success) return;
    const { sum, sum_sent, sum_received, sum_received_bidir_reverse: back } = read.data;
    const { draft } = this;
    const { summary } = draft;
    // Old ones give one sum of UDP for both sides; others have sums of each side behind it.
    const received = sum_received ?? (whole ? sum : undefined);
    if (received !== undefined) {
      summary.bandwidth = bandwidth(received.bits_per_second, 'bits/sec');
      summary.seconds = received.end;
      draft.status = 'done';
    }
    if (sum_sent !== undefined) {
      summary.sentBandwidth = bandwidth(sum_sent.bits_per_second, 'bits/sec');
      if (sum_sent.retransmits !== undefined) summary.retransmits = sum_sent.retransmits;
    }
    if (back !== undefined) summary.reverseBandwidth = bandwidth(back.bits_per_second, 'bits/sec');
  }

  #error(value: unknown): void {
    if (typeof value === 'string' && value !== '') this.draft.fail(value);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
