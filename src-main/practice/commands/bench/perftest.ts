import { latency, messageTime, wobble } from '../../machine/figures';
import { liveProgram, pass, type LiveCall, type LiveProgram } from '../live';
import { fail } from '../support';
import { Meeting, type Visit } from './meeting';
import { rdmaFlow, rdmaMtu, type Ends } from './paths';
import { gidAddress, openDevice, type OpenDevice } from './perftest-device';
import { perftestOptions, type PerftestKind, type PerftestOptions } from './perftest-options';
import {
  bandwidthRow,
  columns,
  header,
  latencyRow,
  rule,
  waiting,
  type Bandwidth,
  type Latency,
  type QueueSide,
} from './perftest-text';
import { addressOf, reach } from './reach';

interface Offer {
  readonly kind: PerftestKind;
  readonly device: OpenDevice;
  readonly side: QueueSide;
}

type Row = Bandwidth | Latency;

interface Meet {
  readonly visit: Visit<Offer, Row>;
  /** The server's own device; undefined where it has not got that far. */
  readonly device: OpenDevice;
}

const meeting = new Meeting<Offer, Row>();
/** What each listening server has opened. */
const opened = new WeakMap<object, { device: OpenDevice; side: QueueSide }>();

const kinds: readonly PerftestKind[] = [
  { name: 'ib_write_bw', verb: 'Write', measures: 'bandwidth' },
  { name: 'ib_read_bw', verb: 'Read', measures: 'bandwidth' },
  { name: 'ib_send_bw', verb: 'Send', measures: 'bandwidth' },
  { name: 'ib_write_lat', verb: 'Write', measures: 'latency' },
  { name: 'ib_read_lat', verb: 'Read', measures: 'latency' },
  { name: 'ib_send_lat', verb: 'Send', measures: 'latency' },
];

export const perftest: readonly LiveProgram[] = kinds.map((kind) =>
  liveProgram(kind.name, (call) => {
    const given = perftestOptions(kind, call.args);
    return given.host === undefined ? serve(call, kind, given) : ask(call, kind, given, given.host);
  }),
);

async function serve(call: LiveCall, kind: PerftestKind, given: PerftestOptions): Promise<number> {
  const { machine, pid, caller, signal } = call;
  const device = openDevice(call, given.device);
  await call.print(waiting);
  const listening = { address: undefined, port: given.port, program: kind.name, pid, uid: caller.uid };
  const close =
    machine.sockets.listen(listening) ??
    fail(`Couldn't bind to port ${given.port}\n Unable to init the socket connection`);
  const side = sideOf(call, device, given);
  opened.set(listening, { device, side });
  const visit = await meeting.accept(listening, signal);
  // perftest takes one client and listens no more.
  close();
  if (visit === undefined) return 1;
  const { device: peer, side: other } = visit.offer;
  const ends = {
    here: { machine, port: device.port },
    there: { machine: machine.wire.other(machine) ?? machine, port: peer.port },
  };
  await call.print(header(kind, given, { device: device.name, mtu: rdmaMtu(ends), own: side, other }));
  await call.print(columns(kind, given));
  for (;;) {
    const row = await visit.next(signal);
    if (row === undefined) break;
    await call.print(rowText(given, row));
  }
  if (signal.aborted) {
    visit.end();
    return 1;
  }
  if (visit.clientGone) fail(' Failed to exchange data between server and clients');
  await call.print(rule);
  return 0;
}

async function ask(
  call: LiveCall,
  kind: PerftestKind,
  given: PerftestOptions,
  host: string,
): Promise<number> {
  const { machine } = call;
  const target = addressOf(call, host);
  const device = openDevice(call, given.manager ? managed(call, target) : given.device);
  const found = target === undefined ? undefined : reach(call, target, given.port);
  const side = sideOf(call, device, given);
  if (found === undefined || typeof found === 'string')
    return fail(
      `Couldn't connect to ${host}:${given.port}\nUnable to open file descriptor for socket connection Unable to init the socket connection`,
    );
  const server = opened.get(found.listening);
  const visit = meeting.visit(found.listening, { kind, device, side });
  if (server === undefined || visit === undefined)
    return fail(' Unable to exchange data: the other side speaks another language');
  const there = { machine: found.arrival.machine, port: server.device.port };
  const ends: Ends = { here: { machine, port: device.port }, there };
  let through = false;
  try {
    const far = machine.wire.farEnd(machine, device.port);
    const own = there.machine === machine && there.port === device.port;
    if (!own && (far?.machine !== there.machine || far.port !== there.port))
      fail(` Failed to modify QP to RTR\n Unable to Connect the HCA's through the link`);
    await call.print(
      header(kind, given, { device: device.name, mtu: rdmaMtu(ends), own: side, other: server.side }),
    );
    await call.print(columns(kind, given));
    const failure = await measure(call, kind, given, ends, { visit, device: server.device });
    if (failure !== undefined) return fail(failure);
    through = !call.signal.aborted;
    if (through) await call.print(rule);
    return through ? 0 : 1;
  } finally {
    visit.leave(through);
  }
}

/** The device that the route to an address leads over. */
function managed({ machine }: LiveCall, target: string | undefined): string {
  const port = target === undefined ? undefined : machine.network.portTo(target);
  return port?.cx?.rdma ?? fail(' Unable to resolve address: no RDMA device leads there');
}

let seeds = 0;

function sideOf(call: LiveCall, device: OpenDevice, { gid }: PerftestOptions): QueueSide {
  seeds = (seeds + 1) % 4096;
  return { address: gidAddress(call, device, gid), seed: seeds };
}

function rowText(given: PerftestOptions, row: Row): string {
  return 'typical' in row ? latencyRow(row) : bandwidthRow(given, row);
}

/** Each size in turn. @returns why it went wrong; undefined for the end, or when the program is to end */
async function measure(
  call: LiveCall,
  kind: PerftestKind,
  given: PerftestOptions,
  ends: Ends,
  meet: Meet,
): Promise<string | undefined> {
  const gone = AbortSignal.any([call.signal, meet.visit.serverGone]);
  const both = { ...call, signal: gone };
  const one = kind.measures === 'latency' ? latencyOf : bandwidthOf;
  for (const [step, size] of given.sizes.entries()) {
    do {
      const row = await one(both, kind, given, ends, size, step);
      if (call.signal.aborted) return undefined;
      if (row === undefined)
        return `Completion with error at client\n Failed status 12: wr_id 0 syndrom 0x81\nscnt=128, ccnt=0\n Failed to complete run_iter_bw function successfully`;
      await call.print(rowText(given, row));
      meet.visit.tell(row);
    } while (given.infinite);
  }
  return undefined;
}

/** What a size of a row takes on this computer where its real time is too short to see: part of a long test's second. */
const ROW_SECONDS = 0.6;
const LONG_TEST = 100;

async function bandwidthOf(
  call: LiveCall,
  _kind: PerftestKind,
  given: PerftestOptions,
  ends: Ends,
  size: number,
): Promise<Bandwidth | undefined> {
  const { seconds, pairs, bothWays } = given;
  const ways = bothWays ? [false, true] : [false];
  const flows = ways.map((reverse) => rdmaFlow(call, ends, { pairs, size, reverse, both: bothWays }));
  try {
    const rates: number[] = [];
    const steps = seconds ?? 1;
    for (let step = 0; step < steps; step++) {
      const went =
        seconds === undefined ? await pass(call, ROW_SECONDS, LONG_TEST) : await pass(call, 1, seconds);
      const rate = flows.reduce((sum, flow) => sum + flow.rate, 0);
      // A queue pair gives up when nothing comes back for a while.
      if (!went || rate === 0) return undefined;
      rates.push(rate);
      for (const flow of flows) flow.next();
    }
    const gbps = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const iterations =
      seconds === undefined ? given.iterations * pairs : Math.round((gbps * 1e9 * steps) / 8 / size);
    return { size, iterations, gbps, peak: seconds === undefined ? gbps * 1.001 : undefined };
  } finally {
    for (const flow of flows) flow.stop();
  }
}

async function latencyOf(
  call: LiveCall,
  { verb }: PerftestKind,
  given: PerftestOptions,
  ends: Ends,
  size: number,
  step: number,
): Promise<Latency | undefined> {
  const { seconds } = given;
  const flow = rdmaFlow(call, ends, { pairs: 1 });
  const { rate } = flow;
  flow.stop();
  if (rate === 0) return undefined;
  const base = verb === 'Read' ? latency.read : latency.write;
  const typical = messageTime(base, size, rate) * wobble(`${verb} latency`, step, 0.01);
  const iterations = seconds === undefined ? given.iterations : Math.round((seconds * 1e6) / typical / 2);
  const went =
    seconds === undefined ? await pass(call, ROW_SECONDS, LONG_TEST) : await pass(call, seconds, seconds);
  if (!went) return undefined;
  countMessages(ends, iterations, size, verb === 'Read');
  return { size, iterations, typical, meanOnly: seconds !== undefined };
}

/** Headers of a small RoCE packet. */
const HEADERS = 58;

/** Back and forth; a read asks with a header alone. */
function countMessages({ here, there }: Ends, count: number, size: number, read: boolean): void {
  const asked = count * (read ? HEADERS : size + HEADERS);
  const answered = count * (size + HEADERS);
  here.machine.meters.count(here.port.name, 'rdma', 'sent', asked);
  there.machine.meters.count(there.port.name, 'rdma', 'received', asked);
  there.machine.meters.count(there.port.name, 'rdma', 'sent', answered);
  here.machine.meters.count(here.port.name, 'rdma', 'received', answered);
}
