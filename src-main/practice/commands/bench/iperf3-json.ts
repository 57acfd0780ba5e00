import type { LiveCall } from '../live';
import type { IperfOptions } from './iperf3-options';
import { sum, total, type Interval, type Lane, type Streamed } from './iperf3-test';

export interface Connection {
  readonly source: string;
  readonly target: string;
  /** The client's ports, a stream each. */
  readonly ports: readonly number[];
}

export const iperfVersion = 'iperf 3.16';

/** What `iperf3 -J` prints when it could not even begin. */
export function jsonFailure(problem: string): string {
  const document = {
    start: { connected: [], version: iperfVersion },
    intervals: [],
    end: {},
    error: problem,
  };
  return text(document);
}

/** The client's whole document. */
export function jsonReport(
  { machine }: LiveCall,
  given: IperfOptions,
  { source, target, ports }: Connection,
  intervals: readonly Interval[],
  error?: string,
): string {
  const { seconds, streams, bytes, ways, host, port } = given;
  const start = {
    connected: ports.map((own, n) => ({
      socket: socket(n),
      local_host: source,
      local_port: own,
      remote_host: target,
      remote_port: port,
    })),
    version: iperfVersion,
    system_info: `Linux ${machine.hostname()} 6.17.0-1008-nvidia aarch64`,
    timestamp: {
      time: new Date(machine.now()).toUTCString(),
      timesecs: Math.floor(machine.now() / 1000),
    },
    connecting_to: { host: host ?? '', port },
    tcp_mss_default: 1448,
    target_bitrate: 0,
    test_start: {
      protocol: 'TCP',
      num_streams: streams,
      blksize: 131_072,
      omit: 0,
      duration: bytes === undefined ? seconds : 0,
      bytes: bytes ?? 0,
      blocks: 0,
      reverse: ways.length === 1 && ways[0] === 'reverse' ? 1 : 0,
      tos: 0,
      target_bitrate: 0,
      bidir: ways.length > 1 ? 1 : 0,
      fqrate: 0,
    },
  };
  const whole = total(intervals);
  return text({
    start,
    intervals: intervals.map((one) => interval(one, streams)),
    end: error === undefined || intervals.length > 0 ? end(whole, streams) : {},
    ...(error === undefined ? {} : { error }),
  });
}

function text(document: unknown): string {
  return `${JSON.stringify(document, null, '\t')}\n`;
}

function socket(index: number): number {
  return 5 + 2 * index;
}

function figures(one: Streamed, from: number, to: number, sender: boolean) {
  const seconds = to - from;
  return {
    start: from,
    end: to,
    seconds,
    bytes: one.bytes,
    bits_per_second: seconds > 0 ? (one.bytes * 8) / seconds : 0,
    ...(sender ? { retransmits: one.retransmits } : {}),
  };
}

function interval({ from, to, lanes }: Interval, streams: number) {
  const each = lanes.flatMap((lane, at) =>
    lane.streams.map((one, n) => ({
      socket: socket(at * streams + n),
      ...figures(one, from, to, lane.way === 'forward'),
      omitted: false,
      sender: lane.way === 'forward',
    })),
  );
  const sums = lanes.map((lane) => {
    const sender = lane.way === 'forward';
    return { ...figures(sum(lane.streams), from, to, sender), omitted: false, sender };
  });
  const [first, second] = sums;
  return { streams: each, sum: first, ...(second === undefined ? {} : { sum_bidir_reverse: second }) };
}

function end({ to, lanes }: Interval, streams: number) {
  const ends = (lane: Lane, one: Streamed) => {
    const sender = lane.way === 'forward';
    return {
      sender: { ...figures(one, 0, to, true), sender },
      receiver: { ...figures(one, 0, to, false), sender },
    };
  };
  const sums = lanes.map((lane) => ends(lane, sum(lane.streams)));
  const [first, second] = sums;
  return {
    streams: lanes.flatMap((lane, at) =>
      lane.streams.map((one, n) => {
        const both = ends(lane, one);
        const id = { socket: socket(at * streams + n) };
        return { sender: { ...id, ...both.sender }, receiver: { ...id, ...both.receiver } };
      }),
    ),
    sum_sent: first?.sender,
    sum_received: first?.receiver,
    ...(second === undefined
      ? {}
      : { sum_sent_bidir_reverse: second.sender, sum_received_bidir_reverse: second.receiver }),
    cpu_utilization_percent: {
      host_total: 38.2,
      host_user: 0.6,
      host_system: 37.6,
      remote_total: 44.1,
      remote_user: 1.3,
      remote_system: 42.8,
    },
    sender_tcp_congestion: 'cubic',
    receiver_tcp_congestion: 'cubic',
  };
}
