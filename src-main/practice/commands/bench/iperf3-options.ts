import { fail, options } from '../support';

export type Way = 'forward' | 'reverse';

export interface IperfOptions {
  /** Whom to connect to; undefined for a server. */
  readonly host: string | undefined;
  readonly oneOff: boolean;
  readonly port: number;
  /** `-B ADDRESS[%DEV]`. */
  readonly bind: string | undefined;
  readonly dev: string | undefined;
  readonly streams: number;
  readonly seconds: number;
  /** `-n`: ends when so much has been sent. */
  readonly bytes: number | undefined;
  readonly interval: number;
  /** Forward is from client to server. */
  readonly ways: readonly Way[];
  readonly json: boolean;
  /** `-f`: unit of the rates; undefined for one that fits. */
  readonly unit: string | undefined;
  readonly version: boolean;
}

const spec = {
  short: 's1JB:p:c:n:P:t:i:RuDVvZ46Nw:l:b:O:f:I:M:C:h',
  long: {
    server: 's',
    'one-off': '1',
    json: 'J',
    'bind:': 'B',
    'bind-dev:': 'd',
    'port:': 'p',
    'client:': 'c',
    'bytes:': 'n',
    'parallel:': 'P',
    'time:': 't',
    'interval:': 'i',
    'connect-timeout:': 'x',
    'window:': 'w',
    'length:': 'l',
    'omit:': 'O',
    'format:': 'f',
    'pidfile:': 'I',
    'set-mss:': 'M',
    'congestion:': 'C',
    'no-delay': 'N',
    zerocopy: 'Z',
    reverse: 'R',
    bidir: 'b2',
    forceflush: 'F',
    verbose: 'V',
    daemon: 'D',
    version: 'v',
    udp: 'u',
  },
};

/** @throws Complaint for what iperf3 does not take, and for what the practice machine has not: UDP, daemons */
export function iperfOptions(args: readonly string[]): IperfOptions {
  const { flags, values, rest } = options('iperf3', args, spec);
  if (rest.length > 0) usage('unrecognized option');
  for (const letter of ['u', 'D'])
    if (flags.has(letter)) usage(`option -${letter} is not known to this practice machine`);
  const host = values.get('c');
  if (flags.has('s') === (host !== undefined) && !flags.has('v'))
    usage(
      flags.has('s') ? 'cannot be both server and client' : 'must either be a client (-c) or server (-s)',
    );
  if (flags.has('R') && flags.has('b2')) usage('cannot be both reverse and bidirectional');
  const [bind, dev] = values.get('B')?.split('%') ?? [];
  const number = (letter: string, usual: number, [least, most]: readonly [number, number], what: string) => {
    const value = Number(values.get(letter) ?? usual);
    return value >= least && value <= most ? value : usage(what);
  };
  const bytes = values.get('n');
  return {
    host,
    oneOff: flags.has('1'),
    port: number('p', 5201, [1, 65_535], 'port number out of range'),
    bind,
    dev: dev ?? values.get('d'),
    streams: number('P', 1, [1, 128], 'number of parallel streams too large (maximum = 128)'),
    seconds: number('t', 10, [0, 86_400], 'test duration valid values are 0 to 86400 seconds'),
    bytes: bytes === undefined ? undefined : amount(bytes),
    interval: number('i', 1, [0.1, 60], 'invalid report interval (min = 0.1, max = 60 seconds)'),
    ways: flags.has('b2') ? ['forward', 'reverse'] : flags.has('R') ? ['reverse'] : ['forward'],
    json: flags.has('J'),
    unit: values.get('f'),
    version: flags.has('v'),
  };
}

function usage(problem: string): never {
  return fail(`iperf3: parameter error - ${problem}`);
}

function amount(given: string): number {
  const [, count, unit = ''] = /^(\d+)([KMGT]?)$/i.exec(given) ?? [];
  if (count === undefined) return 0;
  return Number(count) * 1024 ** Math.max(0, ' KMGT'.indexOf(unit.toUpperCase()));
}
