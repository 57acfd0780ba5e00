import type { FarEnd } from '../../machine/host';
import type { LiveCall } from '../live';
import { fail, options } from '../support';
import { usableDevices } from './rails';

export interface NcclTest {
  readonly name: string;
  /** Elements of four bytes that a message of so many bytes counts, by ranks. */
  readonly count: (bytes: number, ranks: number) => number;
  /** Bus bandwidth by algorithm bandwidth. */
  readonly bus: (ranks: number) => number;
  readonly operation: string;
}

export const ncclTests: readonly NcclTest[] = [
  {
    name: 'all_gather_perf',
    count: (bytes, ranks) => Math.floor(bytes / 4 / ranks),
    bus: (ranks) => (ranks - 1) / ranks,
    operation: 'none',
  },
  {
    name: 'all_reduce_perf',
    count: (bytes) => Math.floor(bytes / 4),
    bus: (ranks) => (2 * (ranks - 1)) / ranks,
    operation: 'sum',
  },
];

export interface NcclOptions {
  readonly sizes: readonly number[];
  readonly factor: number;
  readonly iterations: number;
  readonly warmup: number;
}

/** @throws Complaint for what the tests do not take */
export function ncclOptions(name: string, args: readonly string[]): NcclOptions {
  const { values } = options(name, args, {
    short: 't:g:b:e:i:f:n:m:w:p:c:o:d:r:z:y:T:h:G:C:a:R:',
    long: {
      'nthreads:': 't',
      'ngpus:': 'g',
      'minbytes:': 'b',
      'maxbytes:': 'e',
      'stepbytes:': 'i',
      'stepfactor:': 'f',
      'iters:': 'n',
      'warmup_iters:': 'w',
      'check:': 'c',
    },
  });
  const least = bytes(values.get('b'), 32 * 1024 ** 2);
  const most = Math.max(least, bytes(values.get('e'), 32 * 1024 ** 2));
  const factor = Number(values.get('f') ?? 1);
  const step = bytes(values.get('i'), 1024 ** 2);
  const sizes: number[] = [];
  for (let size = least; size <= most && sizes.length < 1000; size = factor > 1 ? size * factor : size + step)
    sizes.push(size);
  return {
    sizes,
    factor,
    iterations: Number(values.get('n') ?? 20),
    warmup: Number(values.get('w') ?? 1),
  };
}

function bytes(given: string | undefined, usual: number): number {
  if (given === undefined) return usual;
  const [, count, unit = ''] = /^(\d+)([KMG]?)B?$/i.exec(given) ?? fail(`invalid size specified '${given}'`);
  return Number(count) * 1024 ** Math.max(0, ' KMG'.indexOf(unit.toUpperCase()));
}

/** What NCCL finds in a process's environment and machine. */
export interface NcclOffer {
  readonly rdma: readonly FarEnd[];
  /** Where processes find each other, and what carries the data where RDMA does not. */
  readonly socket: FarEnd | undefined;
}

export function ncclOffer({ machine, env }: LiveCall): NcclOffer {
  const named = (env['NCCL_IB_HCA'] ?? '').replace(/^=/, '').split(',').filter(Boolean);
  const devices = [...usableDevices(machine)];
  const chosen = devices.filter(
    ([name]) => named.length === 0 || named.some((one) => name.startsWith(one.split(':')[0] ?? '')),
  );
  const wanted = (env['NCCL_SOCKET_IFNAME'] ?? '').replace(/^=/, '').split(',').filter(Boolean);
  const port = machine.network.interfaces.find(
    (one) =>
      one.kind !== 'loopback' &&
      one.kind !== 'bridge' &&
      machine.network.carrier(one) &&
      machine.network.addresses(one).some(({ family }) => family === 'inet') &&
      (wanted.length === 0 || wanted.some((name) => one.name.startsWith(name))),
  );
  return {
    rdma: env['NCCL_IB_DISABLE'] === '1' ? [] : chosen.map(([, end]) => end),
    socket: port && { machine, port },
  };
}
