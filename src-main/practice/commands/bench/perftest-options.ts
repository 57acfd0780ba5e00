import { fail, options } from '../support';

/** One program of the perftest suite. */
export interface PerftestKind {
  readonly name: string;
  readonly verb: 'Write' | 'Read' | 'Send';
  readonly measures: 'bandwidth' | 'latency';
}

export interface PerftestOptions {
  /** Whom to connect to; undefined for a server. */
  readonly host: string | undefined;
  readonly device: string | undefined;
  readonly port: number;
  readonly gid: number;
  readonly pairs: number;
  /** Message sizes, bytes. */
  readonly sizes: readonly number[];
  readonly iterations: number;
  /** `-D`, and how often `--run_infinitely` tells. */
  readonly seconds: number | undefined;
  readonly infinite: boolean;
  readonly gbits: boolean;
  readonly bothWays: boolean;
  /** `-R`: the connection manager finds the way, and the device. */
  readonly manager: boolean;
  /** Whether odd CPU frequencies are passed over (`-F`). */
  readonly quiet: boolean;
}

const spec = {
  short: 'd:x:i:p:s:n:q:D:m:t:z:u:S:Q:l:w:r:I:c:FRabNHUeVh',
  long: {
    report_gbits: 'G',
    run_infinitely: '*',
    rdma_cm: 'R',
    all: 'a',
    bidirectional: 'b',
    CPU_freq: 'F',
    'cpu-freq': 'F',
    'ib-dev:': 'd',
    'ib-port:': 'i',
    'gid-index:': 'x',
    'port:': 'p',
    'size:': 's',
    'iters:': 'n',
    'qp:': 'q',
    'duration:': 'D',
    'mtu:': 'm',
    'tx-depth:': 't',
    'cq-mod:': 'Q',
    disable_pcie_relaxed: 'z0',
  },
};

/** Powers of two up to 8 MiB, what `-a` runs through. */
const allSizes = Array.from({ length: 23 }, (_, power) => 2 ** (power + 1));

/** @throws Complaint for what perftest does not take */
export function perftestOptions({ name, measures }: PerftestKind, args: readonly string[]): PerftestOptions {
  const { flags, values, rest } = options(name, args, spec);
  const bandwidth = measures === 'bandwidth';
  const number = (letter: string, usual: number, least: number, most: number) => {
    const value = Number(values.get(letter) ?? usual);
    return Number.isInteger(value) && value >= least && value <= most
      ? value
      : fail(` Invalid value for option -${letter}: ${values.get(letter) ?? ''}`);
  };
  if (flags.has('a') && values.has('D'))
    fail('Duration mode is not supported with running on all sizes (-a)');
  const infinite = flags.has('*');
  const seconds = values.has('D') ? number('D', 5, 1, 100_000) : infinite ? 5 : undefined;
  return {
    host: rest[0],
    device: values.get('d'),
    port: number('p', 18_515, 1, 65_535),
    gid: number('x', 3, 0, 255),
    pairs: bandwidth ? number('q', 1, 1, 16_384) : 1,
    sizes: flags.has('a') ? allSizes : [number('s', bandwidth ? 65_536 : 2, 1, 2 ** 31)],
    iterations: number('n', bandwidth ? 5000 : 1000, 5, 100_000_000),
    seconds,
    infinite,
    gbits: flags.has('G'),
    bothWays: flags.has('b'),
    manager: flags.has('R'),
    quiet: flags.has('F'),
  };
}
