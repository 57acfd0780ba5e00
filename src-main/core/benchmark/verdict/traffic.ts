import type { BenchResult, LinkTraffic } from '../../../contract/benchmark';
import type { Half } from '../../../contract/facts';

/** What is always on a link: neighbour discovery, keepalives. Bytes. */
const QUIET = 64 * 1024;
/** A link with less than this part of the whole has not taken part. */
const SHARE = 0.02;

export interface Carried {
  /** Links that took part, by their bytes of the kind that the tool moves. */
  readonly busy: readonly LinkTraffic[];
  readonly halves: ReadonlySet<Half>;
  readonly ports: ReadonlySet<0 | 1>;
  /** The bytes went past the RDMA engine although the tool should have used it. */
  readonly overTcp: boolean;
  /** Counters of links could not be read: silence says nothing. */
  readonly blind: boolean;
}

/** Which links carried a test, by their counters before and after. RDMA does not show in the network counters. */
export function carried(traffic: readonly LinkTraffic[]): Carried {
  const bytes = traffic.map((one) => total(one.rdmaBytes) + total(one.netBytes));
  const all = bytes.reduce((sum, one) => sum + one, 0);
  const busy = traffic.filter((_, index) => (bytes[index] ?? 0) > Math.max(QUIET, all * SHARE));
  const rdma = busy.reduce((sum, one) => sum + total(one.rdmaBytes), 0);
  const net = busy.reduce((sum, one) => sum + total(one.netBytes), 0);
  return {
    busy,
    halves: new Set(busy.flatMap(({ half }) => half ?? [])),
    ports: new Set(busy.flatMap(({ port }) => port ?? [])),
    overTcp: busy.every(({ rdmaBytes }) => rdmaBytes !== null) && net > QUIET && rdma < net * SHARE,
    blind: traffic.length === 0 || traffic.some(({ rdmaBytes, netBytes }) => !rdmaBytes && !netBytes),
  };
}

/**
 * What moved between two readings of the counters, which have the same shape. A link that is missing in one of them, or
 * whose counter has gone back (driver loaded anew), is unknown: null.
 */
export function trafficBetween(before: readonly LinkTraffic[], after: readonly LinkTraffic[]): LinkTraffic[] {
  return after.map((now) => {
    const then = before.find(({ node, netdev }) => node === now.node && netdev === now.netdev);
    return {
      ...now,
      rdmaBytes: moved(then?.rdmaBytes, now.rdmaBytes),
      netBytes: moved(then?.netBytes, now.netBytes),
    };
  });
}

function moved(
  before: LinkTraffic['netBytes'] | undefined,
  after: LinkTraffic['netBytes'],
): LinkTraffic['netBytes'] {
  if (!before || !after) return null;
  const sent = after.sent - before.sent;
  const received = after.received - before.received;
  return sent < 0 || received < 0 ? null : { sent, received };
}

/** Whether a test moves enough for its absence on a link to mean something. */
export function movesMuch({ tool }: BenchResult): boolean {
  return !/^ping$|_lat$/.test(tool);
}

/** Part of the bytes, from 0 to 1, that went over links that are not the right ones. */
export function straying(busy: readonly LinkTraffic[], right: readonly LinkTraffic[]): number {
  const bytes = (links: readonly LinkTraffic[]) =>
    links.reduce((sum, { rdmaBytes, netBytes }) => sum + total(rdmaBytes) + total(netBytes), 0);
  const all = bytes(busy);
  return all === 0 ? 0 : 1 - bytes(right) / all;
}

function total(bytes: LinkTraffic['rdmaBytes']): number {
  return bytes === null ? 0 : bytes.sent + bytes.received;
}
