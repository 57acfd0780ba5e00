import type { Host } from '../machine/host';
import type { rates } from '../machine/hardware';
import { parseIp } from '../machine/ip-values';
import { fail, options, program, type Answer, type Call } from './support';

/** Programs that wait for a transfer, on all machines: who listens where, and what tells it that the client has come. */
class Listeners {
  readonly #waiting = new Map<Host, Map<number, { address: string | undefined; served: () => void }>>();

  /** Waits until a client has been served, or the call is ended. */
  wait(
    machine: Host,
    port: number,
    address: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const ports =
      this.#waiting.get(machine) ?? new Map<number, { address: string | undefined; served: () => void }>();
    this.#waiting.set(machine, ports);
    if (ports.has(port)) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = () => {
        ports.delete(port);
        resolve(true);
      };
      ports.set(port, { address, served: done });
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  serve(machine: Host, port: number, address: string): boolean {
    const found = this.#waiting.get(machine)?.get(port);
    if (found === undefined || (found.address !== undefined && found.address !== address)) return false;
    found.served();
    return true;
  }
}

const listeners = new Listeners();

/** Gb/s from this machine to an address, by what lies between. */
function throughput(
  call: Call,
  target: string,
  kind: keyof (typeof rates)['healthy'],
  dev?: string,
): number | undefined {
  const { machine } = call;
  const arrival = machine.wire.deliver(machine, target, dev === undefined ? {} : { dev });
  if (arrival === undefined) return undefined;
  if (arrival.out.kind === 'cx7') return machine.wire.rate(kind);
  return arrival.out.kind === 'loopback' || arrival.machine === machine ? 58.2 : 9.41;
}

const spec = {
  short: 's1JB:p:c:n:P:t:i:RuDVZ46w:l:b:O:f:',
  long: {
    server: 's',
    'one-off': '1',
    json: 'J',
    'bind:': 'B',
    'port:': 'p',
    'client:': 'c',
    'bytes:': 'n',
    'parallel:': 'P',
    'time:': 't',
    'connect-timeout:': 'x',
    reverse: 'R',
    daemon: 'D',
    version: 'v',
  },
};

export const iperf3 = program('iperf3', async (call): Promise<Answer> => {
  const { flags, values } = options('iperf3', call.args, spec);
  const port = Number(values.get('p') ?? 5201);
  if (flags.has('s')) {
    const bound = values.get('B');
    const own = call.machine.network.interfaces.some((one) =>
      call.machine.network.addresses(one).some(({ local }) => local === bound),
    );
    if (bound !== undefined && !own)
      fail('iperf3: error - unable to start listener for connections: Cannot assign requested address');
    for (let again = true; again; again = !flags.has('1') && call.ctx.signal?.aborted === false)
      if (!(await listeners.wait(call.machine, port, bound, call.ctx.signal)))
        fail('iperf3: error - unable to start listener for connections: Address already in use');
    return '';
  }
  const given =
    values.get('c') ?? fail('iperf3: parameter error - must either be a client (-c) or server (-s)');
  const target = parseIp(given)?.address ?? call.machine.wire.resolve(call.machine, given);
  const arrival = target === undefined ? undefined : call.machine.wire.deliver(call.machine, target);
  const admitted = arrival?.machine.firewall.admits({
    port,
    dev: arrival.at.name,
    from: call.machine.wire.source(call.machine, arrival.out, target ?? '') ?? '0.0.0.0',
  });
  const problem =
    arrival === undefined || admitted === false
      ? 'unable to connect to server - server may have stopped running or use a different port, firewall issue, etc.: Connection timed out'
      : listeners.serve(arrival.machine, port, target ?? '')
        ? undefined
        : 'unable to connect to server - server may have stopped running or use a different port, firewall issue, etc.: Connection refused';
  if (problem !== undefined)
    return flags.has('J')
      ? {
          stdout: `${JSON.stringify({ start: { connected: [], version: 'iperf 3.16' }, intervals: [], end: {}, error: problem })}\n`,
          stderr: '',
          exitCode: 1,
        }
      : fail(`iperf3: error - ${problem}`);
  const streams = Number(values.get('P') ?? 1);
  const gbps = throughput(call, target ?? '', streams > 1 ? 'manyStreams' : 'oneStream') ?? 0;
  const bytes = amount(values.get('n'));
  const seconds = bytes === undefined ? Number(values.get('t') ?? 10) : (bytes * 8) / (gbps * 1e9);
  return flags.has('J')
    ? json(target ?? '', { port, streams, gbps, seconds })
    : text(target ?? '', { port, gbps, seconds });
});

function amount(given: string | undefined): number | undefined {
  const [, count, unit = ''] = /^(\d+)([KMGT]?)/i.exec(given ?? '') ?? [];
  if (count === undefined) return undefined;
  return Number(count) * 1024 ** ' KMGT'.indexOf(unit === '' ? ' ' : unit.toUpperCase());
}

interface Run {
  readonly port: number;
  readonly gbps: number;
  readonly seconds: number;
}

function json(host: string, { port, streams, gbps, seconds }: Run & { streams: number }): string {
  const sum = {
    start: 0,
    end: seconds,
    seconds,
    bytes: Math.round((gbps * 1e9 * seconds) / 8),
    bits_per_second: gbps * 1e9,
  };
  const end = {
    streams: [],
    sum_sent: { ...sum, retransmits: 0, sender: true },
    sum_received: { ...sum, sender: true },
  };
  const start = {
    connected: [],
    version: 'iperf 3.16',
    connecting_to: { host, port },
    test_start: { protocol: 'TCP', num_streams: streams, duration: seconds },
  };
  return `${JSON.stringify({ start, intervals: [{ streams: [], sum }], end }, null, '\t')}\n`;
}

function text(host: string, { port, gbps, seconds }: Run): string {
  const gbytes = (gbps * seconds) / 8;
  const row = (who: string) =>
    `[  5]   0.00-${seconds.toFixed(2)}  sec  ${gbytes.toFixed(1)} GBytes  ${gbps.toFixed(1)} Gbits/sec    0             ${who}\n`;
  return `Connecting to host ${host}, port ${port}\n- - - - - - - - - - - - - - - - - - - - - - - - -\n[ ID] Interval           Transfer     Bitrate         Retr\n${row('sender')}${row('receiver')}\niperf Done.\n`;
}

const perftest = {
  short: 'd:x:i:p:s:n:q:D:FRabm:t:z',
  long: { report_gbits: 'g', 'report_gbits:': 'G', 'ib-dev:': 'd', bidirectional: 'b' },
};

/** perftest: the first call waits, the second one (with a host) measures. */
function perf(name: string, row: (call: Call, gbps: number, given: ReturnType<typeof options>) => string) {
  return program(name, async (call): Promise<Answer> => {
    const given = options(name, call.args, perftest);
    const port = Number(given.values.get('p') ?? 18_515);
    const [host] = given.rest;
    const device = given.values.get('d');
    if (host === undefined) {
      if (!(await listeners.wait(call.machine, port, undefined, call.ctx.signal)))
        fail("Couldn't bind to port");
      return '\n************************************\n* Waiting for client to connect... *\n************************************\n';
    }
    const target = parseIp(host)?.address ?? call.machine.wire.resolve(call.machine, host);
    const arrival = target === undefined ? undefined : call.machine.wire.deliver(call.machine, target);
    if (arrival === undefined || !listeners.serve(arrival.machine, port, target ?? ''))
      fail(
        `Couldn't connect to ${host}:${port}\nUnable to open file descriptor for socket connection Unable to init the socket connection`,
      );
    const gbps = throughput(call, target ?? '', 'rdma') ?? 0;
    return `${'-'.repeat(87)}\n Device         : ${device ?? arrival.out.cx?.rdma ?? ''}\n${'-'.repeat(87)}\n${row(call, gbps, given)}${'-'.repeat(87)}\n`;
  });
}

export const ibWriteBw = perf('ib_write_bw', (_call, gbps, { flags, values }) => {
  const gbits = flags.has('g');
  const value = gbits ? gbps : (gbps * 1e9) / 8 / 1024 ** 2;
  const head = ` #bytes     #iterations    BW peak[${gbits ? 'Gb/sec' : 'MB/sec'}]    BW average[${gbits ? 'Gb/sec' : 'MB/sec'}]   MsgRate[Mpps]\n`;
  const size = Number(values.get('s') ?? 65_536);
  return `${head} ${String(size).padEnd(10)} ${(values.get('n') ?? '5000').padEnd(14)} ${value.toFixed(2).padEnd(18)} ${value.toFixed(2).padEnd(20)} ${((gbps * 1e9) / 8 / size / 1e6).toFixed(6)}\n`;
});

export const ibWriteLat = perf('ib_write_lat', (_call, _gbps, { values }) => {
  const head =
    ' #bytes #iterations    t_min[usec]    t_max[usec]  t_typical[usec]    t_avg[usec]    t_stdev[usec]   99% percentile[usec]   99.9% percentile[usec] \n';
  return `${head} ${(values.get('s') ?? '2').padEnd(7)} ${(values.get('n') ?? '1000').padEnd(14)} 1.41           3.52         1.47               1.48            0.05            1.60                    3.52   \n`;
});
