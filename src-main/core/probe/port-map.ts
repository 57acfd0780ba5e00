import type { Half } from '../../contract/facts';

/**
 * The names that a DGX Spark and its OEM twins give the ConnectX-7's four functions: two QSFP ports, each of them two
 * interfaces, one per PCIe Gen5 x4 half. Port 0 is next to the RJ45. (NVIDIA connect-two-sparks playbook, July 2026)
 */
export const portMap: readonly {
  readonly netdev: string;
  readonly rdma: string;
  readonly port: 0 | 1;
  readonly half: Half;
}[] = [
  { netdev: 'enp1s0f0np0', rdma: 'rocep1s0f0', port: 0, half: 'a' },
  { netdev: 'enP2p1s0f0np0', rdma: 'roceP2p1s0f0', port: 0, half: 'b' },
  { netdev: 'enp1s0f1np1', rdma: 'rocep1s0f1', port: 1, half: 'a' },
  { netdev: 'enP2p1s0f1np1', rdma: 'roceP2p1s0f1', port: 1, half: 'b' },
];

/** Where a port sits, by the name of its interface, else (a renamed interface) of its RDMA device. */
export function placeOf(netdev: string, rdma: string | null): { port: 0 | 1 | null; half: Half | null } {
  const found = portMap.find((one) => one.netdev === netdev) ?? portMap.find((one) => one.rdma === rdma);
  return { port: found?.port ?? null, half: found?.half ?? null };
}

/** PCI vendor id of NVIDIA/Mellanox network adapters. */
export const MELLANOX_VENDOR = '0x15b3';
