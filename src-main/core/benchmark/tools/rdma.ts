import { message } from '../../../contract/message';
import { Failure } from '../../failure';
import type { Pair } from '../../engine/playbook';
import type { BenchLink } from '../links';
import type { Position } from './tool';

/**
 * The RDMA device at one end of a link.
 * @throws Failure BENCH_NO_LINK where the interface has none
 */
export function deviceOf(link: BenchLink, node: Position, names: Pair<string>): string {
  const device = link.rdma[node];
  if (device !== null) return device;
  const params = { node: names[node], port: link.netdev[node] };
  const cause = {
    cause: message('bench.cause.no-rdma', params),
    remedy: message('bench.remedy.no-rdma', params),
  };
  throw new Failure('BENCH_NO_LINK', { half: link.half ?? 'both' }, { node: names[node], causes: [cause] });
}

/** Devices of several links on one node; null where one has none. */
export function devicesOf(links: readonly BenchLink[], node: Position): string[] | null {
  const devices = links.flatMap(({ rdma }) => rdma[node] ?? []);
  return devices.length === links.length ? devices : null;
}
