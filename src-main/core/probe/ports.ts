import type { CxPort, Fact, NetLink } from '../../contract/facts';
import type { EthtoolPort } from './ethtool';
import type { RdmaLine } from './ibdev2netdev';
import { MELLANOX_VENDOR, placeOf, portMap } from './port-map';
import type { Sysfs } from './sysfs';

/** The facts that the ports are joined from. */
export interface PortSources {
  readonly ibdev2netdev: Fact<RdmaLine[]>;
  readonly sysfs: Fact<Sysfs>;
  readonly links: Fact<NetLink[]>;
  readonly ethtool: Fact<EthtoolPort[]>;
}

type Row = { rdma: string | null; netdev: string; up: boolean | null };

/**
 * The ConnectX-7's interfaces, port 0 first and its `a` half first: from ibdev2netdev, else from the RDMA devices in
 * sysfs, else (no RDMA at all) from the interfaces by vendor or name. An empty list is an answer: without a cable the
 * adapter leaves the PCI bus.
 */
export function joinPorts(sources: PortSources): Fact<CxPort[]> {
  const { ibdev2netdev, sysfs, links, ethtool } = sources;
  const found = rowsOf(sources);
  if (found === null) {
    const { source } = sysfs;
    return ibdev2netdev.known ? { known: true, value: [], source } : { ...ibdev2netdev, source };
  }
  const interfaces = sysfs.known ? sysfs.value.interfaces : [];
  const ports = found.rows.map(({ rdma, netdev, up }): CxPort => {
    const link = links.known ? links.value.find((one) => one.name === netdev) : undefined;
    const entry = interfaces.find((one) => one.name === netdev);
    const isUp = up ?? link?.up ?? entry?.up ?? false;
    const asked = ethtool.known ? ethtool.value.find((one) => one.interface === netdev) : undefined;
    return {
      rdma,
      netdev,
      up: isUp,
      ...placeOf(netdev, rdma),
      mac: link?.mac ?? entry?.mac ?? null,
      mtu: link?.mtu ?? entry?.mtu ?? null,
      speedMbps: isUp ? (asked?.speedMbps ?? entry?.speedMbps ?? null) : null,
      pcieWidth: entry?.pcieWidth ?? null,
    };
  });
  return { known: true, value: ports.sort(byPlace), source: found.source };
}

function rowsOf({ ibdev2netdev, sysfs, links }: PortSources): { rows: Row[]; source: string } | null {
  if (ibdev2netdev.known && ibdev2netdev.value.length > 0) {
    const rows = ibdev2netdev.value.map(({ rdma, netdev, up }) => ({ rdma, netdev, up }));
    return { rows, source: ibdev2netdev.source };
  }
  if (sysfs.known) {
    const devices = sysfs.value.devices.flatMap(({ rdma, netdev }): Row[] =>
      netdev === null ? [] : [{ rdma, netdev, up: null }],
    );
    const byName = sysfs.value.interfaces
      .filter((one) => one.vendor === MELLANOX_VENDOR || isNamed(one.name))
      .map((one): Row => ({ rdma: null, netdev: one.name, up: null }));
    return { rows: devices.length > 0 ? devices : byName, source: sysfs.source };
  }
  if (!links.known) return null;
  const rows = links.value
    .filter((link) => isNamed(link.name))
    .map((link): Row => ({ rdma: null, netdev: link.name, up: null }));
  return { rows, source: links.source };
}

function isNamed(netdev: string): boolean {
  return portMap.some((one) => one.netdev === netdev);
}

function byPlace(a: CxPort, b: CxPort): number {
  const rank = ({ port, half }: CxPort) => (port ?? 2) * 2 + (half === 'b' ? 1 : 0);
  return rank(a) - rank(b) || (a.netdev < b.netdev ? -1 : 1);
}
