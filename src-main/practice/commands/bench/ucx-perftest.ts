import { latency, wobble } from '../../machine/figures';
import type { FarEnd, Flow } from '../../machine/host';
import { liveProgram, pass, type LiveCall } from '../live';
import { fail, options } from '../support';
import { Meeting } from './meeting';
import { rdmaFlow, tcpFlow, type Ends } from './paths';
import { railsBetween, usableDevices } from './rails';
import { addressOf, ownPort, reach } from './reach';
import { ucxBox, ucxHeading, ucxLog, ucxRow, ucxTests, type UcxTest } from './ucx-text';

interface Given {
  readonly host: string | undefined;
  readonly port: number;
  readonly test: UcxTest;
  readonly size: number;
  readonly iterations: number;
  /** Messages that are asked for at once. */
  readonly outstanding: number;
}

interface Offer {
  readonly given: Given;
  readonly from: string;
}

const meeting = new Meeting<Offer, never>();
/** Ends that each listening server may use. */
const offered = new WeakMap<object, Chosen>();

/** What `UCX_NET_DEVICES` leaves of a machine's ports. */
interface Chosen {
  readonly rdma: readonly FarEnd[];
  readonly tcp: readonly FarEnd[];
  /** Names that mean nothing here. */
  readonly missing: readonly string[];
}

export const ucxPerftest = liveProgram('ucx_perftest', (call) => {
  const given = read(call.args);
  return given.host === undefined ? serve(call, given) : ask(call, given, given.host);
});

function read(args: readonly string[]): Given {
  const { values, rest } = options('ucx_perftest', args, {
    short: 't:s:n:w:p:O:c:m:d:x:D:T:i:H:E:l:o:R:b:M:A:r:u:e:fvNChqzyIk',
    long: {},
  });
  const name = values.get('t') ?? 'ucp_put_bw';
  const test =
    ucxTests.find((one) => one.name === name) ??
    fail(
      `perftest_params.c:0    UCX  ERROR  ${name} is no test of this practice machine: ${ucxTests.map((one) => one.name).join(', ')}`,
      255,
    );
  return {
    host: rest[0],
    port: Number(values.get('p') ?? 13_337),
    test,
    size: Number(values.get('s') ?? 8),
    iterations: Number(values.get('n') ?? 1_000_000),
    outstanding: Number(values.get('O') ?? 1),
  };
}

function choose({ machine, env }: LiveCall): Chosen {
  const devices = usableDevices(machine);
  const named = env['UCX_NET_DEVICES'] ?? 'all';
  if (named === 'all') return { rdma: [...devices.values()], tcp: [], missing: [] };
  const names = named.split(',').map((name) => name.replace(/:1$/, ''));
  const ports = new Map(machine.network.interfaces.map((port) => [port.name, { machine, port }]));
  return {
    rdma: names.flatMap((name) => devices.get(name) ?? []),
    tcp: names.flatMap((name) => ports.get(name) ?? []),
    missing: names.filter((name) => !devices.has(name) && !ports.has(name)),
  };
}

async function serve(call: LiveCall, given: Given): Promise<number> {
  const { machine, pid, caller, signal } = call;
  const listening = { address: undefined, port: given.port, program: 'ucx_perftest', pid, uid: caller.uid };
  const close =
    machine.sockets.listen(listening) ??
    fail(
      ucxLog(
        machine,
        pid,
        'perftest.c:341 ',
        'ERROR',
        'server failed. bind() failed: Address already in use',
      ),
      255,
    );
  offered.set(listening, choose(call));
  await call.print('Waiting for connection...\n');
  const visit = await meeting.accept(listening, signal);
  close();
  if (visit === undefined) return 1;
  const { from, given: theirs } = visit.offer;
  await call.print(`Accepted connection from ${from}\n${ucxBox(theirs.test, theirs.size)}`);
  await visit.next(signal);
  if (!signal.aborted && !visit.clientGone) return 0;
  visit.end();
  return 1;
}

async function ask(call: LiveCall, given: Given, host: string): Promise<number> {
  const { machine, pid, env } = call;
  const problem = (where: string, text: string): never =>
    fail(ucxLog(machine, pid, where, 'ERROR', text), 255);
  const target = addressOf(call, host);
  const found = target === undefined ? undefined : reach(call, target, given.port);
  if (target === undefined || found === undefined)
    return problem('perftest.c:387 ', `getaddrinfo() failed: Name or service not known`);
  if (typeof found === 'string')
    return problem('perftest.c:405 ', `client failed. connect() failed: ${found}`);
  const other = offered.get(found.listening);
  const visit = meeting.visit(found.listening, { given, from: `${found.source}:${ownPort(call)}` });
  if (other === undefined || visit === undefined)
    return problem('perftest.c:405 ', 'client failed. connect() failed: Connection refused');
  let through = false;
  try {
    const own = choose(call);
    for (const name of own.missing)
      await call.print(
        ucxLog(
          machine,
          pid,
          'ucp_context.c:1084',
          'WARN',
          `network device '${name}:1' is not available, please use one or more of: ${ways(call)}`,
        ),
      );
    const rails = railsBetween(own.rdma, other.rdma).slice(0, Number(env['UCX_MAX_RMA_RAILS'] ?? 1));
    const wires = rails.length > 0 ? [] : railsBetween(own.tcp, other.tcp).slice(0, 1);
    if (rails.length + wires.length === 0)
      return problem(
        'select.c:627 ',
        `no remote registered memory access transport to ${host}: self/memory - Destination is unreachable, sysv/memory - Destination is unreachable`,
      );
    if (env['UCX_LOG_LEVEL'] === 'info') await call.print(lanes(call, rails, wires));
    await call.print(ucxHeading(given.test));
    through = await measure(
      { ...call, signal: AbortSignal.any([call.signal, visit.serverGone]) },
      given,
      rails,
      wires,
    );
    return through ? 0 : 1;
  } finally {
    visit.leave(through);
  }
}

function ways({ machine }: LiveCall): string {
  const named = machine.network.interfaces.filter((port) => machine.network.carrier(port));
  return named.map(({ name }) => `'${name}'(tcp)`).join(', ');
}

/** What UCX says of the lanes that it has chosen. */
function lanes({ machine, pid }: LiveCall, rails: readonly Ends[], wires: readonly Ends[]): string {
  const rma = [
    ...rails.map(({ here }) => `rc_mlx5/${here.port.cx?.rdma ?? ''}:1`),
    ...wires.map(({ here }) => `tcp/${here.port.name}`),
  ];
  return (
    ucxLog(
      machine,
      pid,
      'ucp_context.c:2190',
      'INFO',
      'Version 1.16.0 (loaded from /lib/aarch64-linux-gnu/libucp.so.0)',
    ) + ucxLog(machine, pid, 'ucp_worker.c:1888', 'INFO', `  perftest inter-node cfg#1 rma(${rma.join(' ')})`)
  );
}

/** @returns false when it was ended before it was through */
async function measure(
  call: LiveCall,
  given: Given,
  rails: readonly Ends[],
  wires: readonly Ends[],
): Promise<boolean> {
  const { test, size, iterations } = given;
  const reverse = test.kind === 'get';
  // Who waits for each message leaves the link idle most of the time.
  const most = test.waits ? (size * 8 * given.outstanding) / (latency[test.kind] * 1000) : undefined;
  const flows = [
    ...rails.map((ends) => rdmaFlow(call, ends, { pairs: 1, size, reverse, most })),
    ...wires.map((ends) => tcpFlow(call, ends, { streams: 1, reverse, both: false })),
  ];
  try {
    const whole = (iterations * timeOf(given, flows, rails.length > 0, 0)) / 1e6;
    let [done, spent] = [0, 0];
    for (let step = 0; done < iterations; step++) {
      const each = timeOf(given, flows, rails.length > 0, step);
      if (!Number.isFinite(each)) return false;
      const count = Math.min(iterations - done, Math.max(1, Math.round(1e6 / each)));
      const seconds = (count * each) / 1e6;
      if (!(await pass(call, seconds, whole))) return false;
      [done, spent] = [done + count, spent + seconds];
      const rates = [count / seconds, done / spent] as const;
      const row = {
        iterations: done,
        median: test.waits ? each / given.outstanding : 0.214,
        average: each,
        overall: (spent * 1e6) / done,
        bytesPerSecond: [rates[0] * size, rates[1] * size] as const,
        messagesPerSecond: rates,
      };
      const final = done >= iterations;
      await call.print(ucxRow(row, final));
      for (const flow of flows) flow.next();
    }
    return true;
  } finally {
    for (const flow of flows) flow.stop();
  }
}

/** Microseconds of a message; infinite where nothing gets through. */
function timeOf(
  { test, size, outstanding }: Given,
  flows: readonly Flow[],
  rdma: boolean,
  step: number,
): number {
  const rate = flows.reduce((sum, flow) => sum + flow.rate, 0);
  if (rate === 0) return Number.POSITIVE_INFINITY;
  const onLink = (size * 8) / (rate * 1000);
  if (!test.waits) return onLink;
  const alone = rdma ? latency[test.kind] : latency.tcp;
  return Math.max(onLink, (alone + onLink) / outstanding) * wobble(test.name, step, 0.01);
}
