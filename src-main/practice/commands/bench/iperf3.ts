import { liveProgram, pass, type LiveCall } from '../live';
import { fail } from '../support';
import { iperfVersion, jsonFailure, jsonReport, type Connection } from './iperf3-json';
import { iperfOptions, type IperfOptions } from './iperf3-options';
import { IperfTest, total, type Interval } from './iperf3-test';
import { IperfText } from './iperf3-text';
import { Meeting, type Visit } from './meeting';
import { addressOf, ownPort, reach } from './reach';

/** What a server is told of its client. */
interface Offer {
  readonly given: IperfOptions;
  readonly connection: Connection;
}

const meeting = new Meeting<Offer, Interval>();

export const iperf3 = liveProgram('iperf3', async (call) => {
  const given = iperfOptions(call.args);
  if (given.version) {
    await call.print(`${iperfVersion} (cJSON 1.7.15)\nLinux ${call.machine.hostname()} aarch64\n`);
    return 0;
  }
  return given.host === undefined ? serve(call, given) : measure(call, given, given.host);
});

async function measure(call: LiveCall, given: IperfOptions, host: string): Promise<number> {
  const target = addressOf(call, host);
  const found =
    target === undefined
      ? undefined
      : reach(call, target, given.port, { address: given.bind, dev: given.dev });
  const refuse = async (problem: string) => {
    if (!given.json) fail(`iperf3: error - ${problem}`);
    await call.print(jsonFailure(problem));
    return 1;
  };
  const unable =
    'unable to connect to server - server may have stopped running or use a different port, firewall issue, etc.';
  if (target === undefined || found === undefined) return refuse(`${unable}: Name or service not known`);
  if (typeof found === 'string') return refuse(`${unable}: ${found}`);
  const { arrival, source, listening } = found;
  const first = ownPort(call);
  const lanes = given.streams * given.ways.length;
  const connection = { source, target, ports: Array.from({ length: lanes }, (_, n) => first + 2 * n) };
  const visit = meeting.visit(listening, { given, connection });
  if (visit === undefined) return refuse('the server is busy running a test. try again later');
  const ends = {
    here: { machine: call.machine, port: arrival.out },
    there: { machine: arrival.machine, port: arrival.at },
  };
  const test = new IperfTest(call, ends, given);
  let through = false;
  try {
    const code = await run(call, { given, connection }, test, visit);
    through = code === 0;
    return code;
  } finally {
    test.stop();
    visit.leave(through);
  }
}

async function run(
  call: LiveCall,
  { given, connection }: Offer,
  test: IperfTest,
  visit: Visit<Offer, Interval>,
): Promise<number> {
  const text = new IperfText(given, 'client');
  const say = (part: string) => (given.json ? Promise.resolve() : call.print(part));
  const { source, target, ports } = connection;
  await say(`Connecting to host ${given.host ?? ''}, port ${given.port}\n`);
  if (given.ways.length === 1 && given.ways[0] === 'reverse')
    await say(`Reverse mode, remote host ${given.host ?? ''} is sending\n`);
  await say(
    ports
      .map(
        (port, n) =>
          `[${String(text.id(n)).padStart(3)}] local ${source} port ${port} connected to ${target} port ${given.port}\n`,
      )
      .join(''),
  );
  await say(text.heading());
  const intervals: Interval[] = [];
  const both = { ...call, signal: AbortSignal.any([call.signal, visit.serverGone]) };
  let from = 0;
  let stopped: string | undefined;
  for (const to of test.marks) {
    const went = await pass(both, to - from, test.seconds);
    if (!went) {
      stopped = call.signal.aborted
        ? 'interrupt - the client has terminated'
        : 'error - control socket has closed unexpectedly';
      break;
    }
    const interval = test.take(from, to);
    intervals.push(interval);
    visit.tell(interval);
    await say(text.interval(interval));
    from = to;
  }
  if (intervals.length > 0) await say(text.summary(total(intervals)));
  if (given.json) await call.print(jsonReport(call, given, connection, intervals, stopped));
  if (stopped !== undefined) {
    if (!given.json) await call.complain(`iperf3: ${stopped}\n`);
    return 1;
  }
  await say('\niperf Done.\n');
  return 0;
}

async function serve(call: LiveCall, given: IperfOptions): Promise<number> {
  const { machine, pid, caller, signal } = call;
  const { bind: address, port } = given;
  const own = machine.network.interfaces.flatMap((one) => machine.network.addresses(one));
  if (address !== undefined && !own.some(({ local }) => local === address))
    unableToListen('Cannot assign requested address');
  const listening = { address, port, program: 'iperf3', pid, uid: caller.uid };
  const close = machine.sockets.listen(listening) ?? unableToListen('Address already in use');
  const line = '-----------------------------------------------------------\n';
  try {
    for (let number = 1; !signal.aborted; number++) {
      if (!given.json) await call.print(`${line}Server listening on ${port} (test #${number})\n${line}`);
      const visit = await meeting.accept(listening, signal);
      if (visit === undefined) break;
      await attend(call, visit);
      if (given.oneOff) return visit.clientGone ? 1 : 0;
    }
  } finally {
    close();
  }
  await call.complain('iperf3: interrupt - the server has terminated\n');
  return 1;
}

/** Prints what the server sees of one test. */
async function attend(call: LiveCall, visit: Visit<Offer, Interval>): Promise<void> {
  const { given, connection } = visit.offer;
  const { source, target, ports } = connection;
  const text = new IperfText(given, 'server');
  await call.print(`Accepted connection from ${source}, port ${(ports[0] ?? 0) - 2}\n`);
  for (const [n, port] of ports.entries())
    await call.print(
      `[${String(text.id(n)).padStart(3)}] local ${target} port ${given.port} connected to ${source} port ${port}\n`,
    );
  await call.print(text.heading());
  const intervals: Interval[] = [];
  for (;;) {
    const interval = await visit.next(call.signal);
    if (interval === undefined) break;
    intervals.push(interval);
    await call.print(text.interval(interval));
  }
  if (call.signal.aborted) visit.end();
  else if (visit.clientGone) await call.complain('iperf3: error - the client has terminated\n');
  if (intervals.length > 0) await call.print(text.summary(total(intervals)));
}

function unableToListen(reason: string): never {
  return fail(`iperf3: error - unable to start listener for connections: ${reason}`);
}
