import type { Arrival, Host } from '../machine/host';
import type { Interface } from '../machine/interfaces';
import { linkLocalOf, parseIp } from '../machine/ip-values';
import { liveProgram, pass, type LiveCall } from './live';
import { fail, options, type Options } from './support';

/** Round trip times of an idle link, ms: as noisy as real ones, and the same in every run. */
const trips = [0.565, 0.444, 0.886, 0.531, 0.702, 0.498, 0.613, 0.927];

interface Target {
  /** As it was given, without the scope. */
  readonly shown: string;
  readonly address: string;
  readonly dev: string | undefined;
}

/** The address to ask, and the port to leave by: `-I`, or the scope behind `%`. */
function targetOf(call: LiveCall, { flags, values, rest }: Options): Target {
  const [given = ''] = rest;
  if (given === '') fail('ping: usage error: Destination address required', 1);
  const [host = '', scope] = given.split('%');
  const address = parseIp(host)?.address ?? call.machine.wire.resolve(call.machine, host);
  if (address === undefined) fail(`ping: ${host}: Name or service not known`, 2);
  const six = address.includes(':');
  if (flags.has('4') && six) fail(`ping: ${host}: Address family for hostname not supported`, 2);
  if (flags.has('6') && !six) fail(`ping: ${host}: Address family for hostname not supported`, 2);
  const own = values.get('I');
  const dev = scope ?? (own !== undefined && parseIp(own) === undefined ? own : undefined);
  if (dev !== undefined && call.machine.network.find(dev) === undefined)
    fail(`ping: unknown iface: ${dev}`, 2);
  return { shown: given, address, dev };
}

/** Of so many packets one is lost on a cable that loses some, and which. */
const LOSSY = { of: 16, which: 7 };

export const ping = liveProgram('ping', async (call) => {
  const given = options('ping', call.args, {
    short: '46nqLbDaAfOvUBRdrc:i:I:W:w:s:M:t:Q:T:l:p:S:',
    long: {},
  });
  const target = targetOf(call, given);
  const { values, flags } = given;
  // Where nobody could end it, it ends by itself.
  const count = values.has('c') ? Number(values.get('c')) : call.watched ? Number.MAX_SAFE_INTEGER : 4;
  const interval = Number(values.get('i') ?? (flags.has('f') ? 0.01 : 1));
  const bytes = Number(values.get('s') ?? 56);
  const { network } = call.machine;
  const out = () => (target.dev === undefined ? network.portTo(target.address) : network.find(target.dev));
  const many = target.address.startsWith('ff02:');
  const ask = () => (many ? multicast(call, target) : unicast(call, target, bytes, values.get('M') === 'do'));
  const first = ask();
  await call.print(`PING ${target.shown}${header(call, target, out(), bytes)}\n`);
  if (first.tooLong === undefined && first.from.length === 0 && out() === undefined)
    fail('ping: connect: Network is unreachable', 2);
  const times: number[] = [];
  let sent = 0;
  for (let n = 0; n < count; n++) {
    const whole = Math.min(count, 1000) * interval;
    if (n > 0 && call.watched && !(await pass(call, interval, whole))) break;
    if (call.signal.aborted) break;
    sent++;
    const replies = n === 0 ? first : ask();
    if (replies.tooLong !== undefined) await call.complain('ping: sendmsg: Message too long\n');
    const [from] = replies.from;
    const fast = out()?.kind === 'cx7';
    const lost = fast && call.machine.effects.lossy && n % LOSSY.of === LOSSY.which;
    if (from === undefined || lost) continue;
    const time = trips[n % trips.length] ?? 0.5;
    times.push(time);
    if (!flags.has('q'))
      await call.print(
        `${bytes + 8} bytes from ${from}: icmp_seq=${n + 1} ttl=64 time=${time.toFixed(3)} ms\n`,
      );
  }
  await call.print(summary(given, sent, times, interval));
  return times.length > 0 ? 0 : 1;
});

interface Replies {
  /** Who answers. */
  readonly from: readonly string[];
  readonly tooLong?: true;
}

function unicast(call: LiveCall, { address, dev }: Target, bytes: number, whole: boolean): Replies {
  const { machine } = call;
  const size = bytes + (address.includes(':') ? 48 : 28);
  const out = dev === undefined ? machine.network.portTo(address) : machine.network.find(dev);
  if (whole && out !== undefined && size > machine.network.mtu(out)) return { from: [], tooLong: true };
  const arrival = machine.wire.deliver(machine, address, {
    ...(dev === undefined ? {} : { dev }),
    ...(whole ? { bytes: size } : {}),
  });
  if (arrival !== undefined) countEcho(machine, arrival, size + 14);
  return {
    from:
      arrival === undefined
        ? []
        : [dev !== undefined && address.includes(':') ? `${address}%${dev}` : address],
  };
}

/** There and back. */
function countEcho(machine: Host, { out, at, machine: there }: Arrival, bytes: number): void {
  for (const way of ['sent', 'received'] as const) {
    machine.meters.count(out.name, 'net', way, bytes);
    there.meters.count(at.name, 'net', way, bytes);
  }
}

function multicast(call: LiveCall, { dev }: Target): Replies {
  const { machine } = call;
  const out = dev === undefined ? undefined : machine.network.find(dev);
  if (out === undefined)
    fail(
      'ping: Warning: IPv6 link-local address on ICMP datagram socket may require ifname or scope-id => use: address%<ifname|scope-id>\nping: connect: Invalid argument',
      2,
    );
  return { from: machine.wire.onLink(machine, out).map(({ address }) => `${address}%${out.name}`) };
}

function header(call: LiveCall, target: Target, out: Interface | undefined, bytes: number): string {
  if (target.address.includes(':')) {
    const from = out === undefined ? '' : ` from ${linkLocalOf(out.mac)}%${out.name} ${out.name}:`;
    return ` (${target.address}%${out?.name ?? ''})${from} ${bytes} data bytes`;
  }
  const source =
    target.dev === undefined || out === undefined
      ? undefined
      : call.machine.wire.source(call.machine, out, target.address);
  const from = source === undefined ? '' : ` from ${source} ${out?.name ?? ''}:`;
  return ` (${target.address})${from} ${bytes}(${bytes + 28}) bytes of data.`;
}

function summary({ rest }: Options, sent: number, times: readonly number[], interval: number): string {
  const took = Math.round(Math.max(0, sent - 1) * interval * 1000);
  const share = Math.round(((sent - times.length) / Math.max(1, sent)) * 100);
  const average = times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length);
  const spread = Math.sqrt(
    times.reduce((sum, time) => sum + (time - average) ** 2, 0) / Math.max(1, times.length),
  );
  const numbers = [Math.min(...times), average, Math.max(...times), spread]
    .map((time) => time.toFixed(3))
    .join('/');
  return [
    '',
    `--- ${rest[0] ?? ''} ping statistics ---`,
    `${sent} packets transmitted, ${times.length} received, ${share}% packet loss, time ${took}ms`,
    times.length > 0 ? `rtt min/avg/max/mdev = ${numbers} ms` : '',
    '',
  ].join('\n');
}
