import type { CxPort, NodeFacts } from '../../../../src-main/contract/facts';
import { portMap } from '../../../../src-main/core/probe/port-map';
import { unknownFacts } from '../../../../src-main/core/probe/unreachable';

export const names = ['spark-a', 'spark-b'] as const;
export type Addresses = Readonly<Record<string, string>>;

/** Interfaces of port 1 on a node as Connect Two Sparks leaves them. */
export const usual = (node: 1 | 2): Addresses => ({
  enp1s0f1np1: `192.168.100.${9 + node}/24`,
  enP2p1s0f1np1: `192.168.101.${9 + node}/24`,
});

/** A node whose ports with an address are up, and others where `up` names them. */
export function nodeFacts(addresses: Addresses, over: Partial<CxPort> = {}, up: string[] = []): NodeFacts {
  const ports = portMap.map(({ netdev, rdma, port, half }): CxPort => ({
    rdma,
    netdev,
    port,
    half,
    up: netdev in addresses || up.includes(netdev),
    mac: null,
    mtu: 1500,
    speedMbps: 200_000,
    pcieWidth: 4,
    ...over,
  }));
  return {
    ...unknownFacts('command-failed', 'not read'),
    hostname: { known: true, value: 'spark-5c2d', source: 'test' },
    ports: { known: true, value: ports, source: 'test' },
    addresses: {
      known: true,
      source: 'test',
      value: Object.entries(addresses).map(([netdev, cidr]) => {
        const [address = '', prefix = ''] = cidr.split('/');
        return {
          interface: netdev,
          family: 'inet' as const,
          address,
          prefix: Number(prefix),
          scope: 'global',
          dynamic: false,
        };
      }),
    },
  };
}

/** Both halves of port 1, joined. */
export const pairFacts = (): [NodeFacts, NodeFacts] => [nodeFacts(usual(1)), nodeFacts(usual(2))];
