import type { TrafficRate } from '../../../contract/bench-record';
import type { LinkTraffic } from '../../../contract/benchmark';
import type { CxPort } from '../../../contract/facts';
import { sh, type Script } from '../../shell/quote';

/** Lines `PATH:VALUE` of files under /proc and /sys, by path. One process reads them all; what cannot be read is left out. */
export type Readings = ReadonlyMap<string, string>;

export function parseReadings(output: string): Readings {
  const readings = new Map<string, string>();
  for (const line of output.split('\n')) {
    const colon = line.indexOf(':');
    if (!line.startsWith('/') || colon < 0) continue;
    readings.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return readings;
}

const UPTIME = '/proc/uptime';

/** Reads the counters of all ports of a node, with the node's own time. */
export function countersScript(ports: readonly CxPort[]): Script {
  const files = ports.flatMap((port) => {
    const { sent, received, carrier } = netFiles(port.netdev);
    const rdma = port.rdma === null ? [] : Object.values(rdmaFiles(port.rdma));
    return [sent, received, carrier, ...rdma];
  });
  return sh`grep -sH . ${[UPTIME, ...files]} || :`;
}

/** One look at a node. */
export interface NodeCounters {
  /** Seconds of the node's own clock; null where it did not say. */
  readonly atSeconds: number | null;
  readonly links: readonly LinkTraffic[];
  /** Interfaces whose carrier is gone. */
  readonly down: readonly string[];
}

export function countersOf(node: string, ports: readonly CxPort[], readings: Readings): NodeCounters {
  const uptime = Number.parseFloat(readings.get(UPTIME) ?? '');
  const bytes = (files: { sent: string; received: string }, unit: number): LinkTraffic['netBytes'] => {
    const [sent, received] = [files.sent, files.received].map((path) => count(readings.get(path)));
    if (typeof sent !== 'number' || typeof received !== 'number') return null;
    return { sent: sent * unit, received: received * unit };
  };
  return {
    atSeconds: Number.isFinite(uptime) ? uptime : null,
    links: ports.map(({ netdev, rdma, port, half }) => ({
      node,
      netdev,
      rdma,
      port,
      half,
      // The unit of InfiniBand's data counters is four bytes (IBTA, PortCounters).
      rdmaBytes: rdma === null ? null : bytes(rdmaFiles(rdma), 4),
      netBytes: bytes(netFiles(netdev), 1),
    })),
    down: ports
      .map(({ netdev }) => netdev)
      .filter((netdev) => readings.get(netFiles(netdev).carrier) === '0'),
  };
}

/** Bytes per second between two looks at a node; links without a counter in both are left out. */
export function ratesBetween(
  before: readonly LinkTraffic[],
  after: readonly LinkTraffic[],
  seconds: number,
): TrafficRate[] {
  if (seconds <= 0) return [];
  return after.flatMap((now): TrafficRate[] => {
    const then = before.find(({ netdev }) => netdev === now.netdev);
    const rdma = moved(then?.rdmaBytes, now.rdmaBytes);
    const net = moved(then?.netBytes, now.netBytes);
    if (rdma === null && net === null) return [];
    const { node, netdev, port, half } = now;
    const rate = (way: 'sent' | 'received') => Math.round(((rdma?.[way] ?? 0) + (net?.[way] ?? 0)) / seconds);
    return [
      {
        node,
        netdev,
        port,
        half,
        sentPerSecond: rate('sent'),
        receivedPerSecond: rate('received'),
        rdma: rdma !== null && rdma.sent + rdma.received > 0,
      },
    ];
  });
}

function moved(
  before: LinkTraffic['netBytes'] | undefined,
  after: LinkTraffic['netBytes'],
): LinkTraffic['netBytes'] {
  if (!before || !after) return null;
  // A driver that was loaded anew begins from zero.
  return {
    sent: Math.max(0, after.sent - before.sent),
    received: Math.max(0, after.received - before.received),
  };
}

function netFiles(netdev: string) {
  const folder = `/sys/class/net/${netdev}`;
  return {
    sent: `${folder}/statistics/tx_bytes`,
    received: `${folder}/statistics/rx_bytes`,
    carrier: `${folder}/carrier`,
  };
}

function rdmaFiles(device: string) {
  const folder = `/sys/class/infiniband/${device}/ports/1/counters`;
  return { sent: `${folder}/port_xmit_data`, received: `${folder}/port_rcv_data` };
}

function count(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : null;
}
