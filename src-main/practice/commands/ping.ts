import type { Interface } from '../machine/interfaces';
import { linkLocalOf, parseIp } from '../machine/ip-values';
import { fail, options, program, type Answer, type Call, type Options } from './support';

/** Round trip times of an idle link, ms: as noisy as real ones, and the same in every run. */
const trips = [0.565, 0.444, 0.886, 0.531, 0.702, 0.498, 0.613, 0.927];

interface Target {
  /** As it was given, without the scope. */
  readonly shown: string;
  readonly address: string;
  readonly dev: string | undefined;
}

/** The address to ask, and the port to leave by: `-I`, or the scope behind `%`. */
function targetOf(call: Call, { flags, values, rest }: Options): Target {
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

export const ping = program('ping', async (call): Promise<Answer> => {
  const given = options('ping', call.args, {
    short: '46nqLbDaAfOvUBRdrc:i:I:W:w:s:M:t:Q:T:l:p:S:',
    long: {},
  });
  const target = targetOf(call, given);
  const { values } = given;
  const count = Number(values.get('c') ?? 4);
  const interval = Number(values.get('i') ?? 1);
  const bytes = Number(values.get('s') ?? 56);
  const replies = target.address.startsWith('ff02:')
    ? multicast(call, target)
    : unicast(call, target, bytes, values.get('M') === 'do');
  if (typeof replies !== 'object') return replies;
  const { network } = call.machine;
  const out = target.dev === undefined ? network.portTo(target.address) : network.find(target.dev);
  const head = `PING ${target.shown}${header(call, target, out, bytes)}\n`;
  if (replies.tooLong !== undefined)
    return result(given, head, `ping: sendmsg: Message too long\n`.repeat(count), {
      count,
      lost: count,
      times: [],
      interval,
    });
  // Nobody waits for echoes here, only for the answer that does not come.
  const answered = replies.from.length > 0;
  const times = answered ? Array.from({ length: count }, (_, n) => trips[n % trips.length] ?? 0.5) : [];
  const ttl = target.address.includes(':') ? 64 : 64;
  const lines = times.map(
    (time, n) =>
      `${bytes + 8} bytes from ${replies.from[0] ?? ''}: icmp_seq=${n + 1} ttl=${ttl} time=${time.toFixed(3)} ms\n`,
  );
  if (!answered && out === undefined)
    return { stdout: '', stderr: 'ping: connect: Network is unreachable\n', exitCode: 2 };
  if (!answered) await call.ctx.sleep?.(0);
  return result(given, head + (given.flags.has('q') ? '' : lines.join('')), '', {
    count,
    lost: count - times.length,
    times,
    interval,
  });
});

interface Replies {
  /** Who answers. */
  readonly from: readonly string[];
  readonly tooLong?: true;
}

function unicast(call: Call, { address, dev }: Target, bytes: number, whole: boolean): Replies {
  const { machine } = call;
  const size = bytes + (address.includes(':') ? 48 : 28);
  const out = dev === undefined ? machine.network.portTo(address) : machine.network.find(dev);
  if (whole && out !== undefined && size > machine.network.mtu(out)) return { from: [], tooLong: true };
  const arrival = machine.wire.deliver(machine, address, {
    ...(dev === undefined ? {} : { dev }),
    ...(whole ? { bytes: size } : {}),
  });
  return {
    from:
      arrival === undefined
        ? []
        : [dev !== undefined && address.includes(':') ? `${address}%${dev}` : address],
  };
}

function multicast(call: Call, { dev }: Target): Replies {
  const { machine } = call;
  const out = dev === undefined ? undefined : machine.network.find(dev);
  if (out === undefined)
    fail(
      'ping: Warning: IPv6 link-local address on ICMP datagram socket may require ifname or scope-id => use: address%<ifname|scope-id>\nping: connect: Invalid argument',
      2,
    );
  return { from: machine.wire.onLink(machine, out).map(({ address }) => `${address}%${out.name}`) };
}

function header(call: Call, target: Target, out: Interface | undefined, bytes: number): string {
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

function result(
  { rest }: Options,
  out: string,
  errors: string,
  {
    count,
    lost,
    times,
    interval,
  }: { count: number; lost: number; times: readonly number[]; interval: number },
): Answer {
  const received = count - lost;
  const took = Math.round((count - 1) * interval * 1000);
  const share = Math.round((lost / count) * 100);
  const average = times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length);
  const spread = Math.sqrt(
    times.reduce((sum, time) => sum + (time - average) ** 2, 0) / Math.max(1, times.length),
  );
  const numbers = [Math.min(...times), average, Math.max(...times), spread]
    .map((time) => time.toFixed(3))
    .join('/');
  const summary = [
    '',
    `--- ${rest[0] ?? ''} ping statistics ---`,
    `${count} packets transmitted, ${received} received, ${share}% packet loss, time ${took}ms`,
    times.length > 0 ? `rtt min/avg/max/mdev = ${numbers} ms` : '',
    '',
  ].join('\n');
  return { stdout: out + summary, stderr: errors, exitCode: received > 0 ? 0 : 1 };
}
