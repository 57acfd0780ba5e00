import { gidTable, gidText } from './gids';
import { firmware } from './hardware';
import type { Host } from './host';

/** Entries of the GID table that have files; a real port has 255, and what is free cannot be read. */
const GIDS = 16;
const noGid = '0000:0000:0000:0000:0000:0000:0000:0000';

/** /sys/class/infiniband/DEVICE */
export function mountRdma({ files, network, meters }: Host, rdma: string, netdev: string): void {
  const base = `/sys/class/infiniband/${rdma}`;
  const active = () => {
    const port = network.find(netdev);
    return port !== undefined && network.carrier(port);
  };
  const gid = (index: number) => {
    const port = network.find(netdev);
    return port && gidTable(network.addresses(port).map(({ local }) => local))[index];
  };
  files.live(`${base}/fw_ver`, () => `${firmware}\n`);
  files.live(`${base}/ports/1/state`, () => (active() ? '4: ACTIVE\n' : '1: DOWN\n'));
  files.live(`${base}/ports/1/phys_state`, () => (active() ? '5: LinkUp\n' : '3: Disabled\n'));
  files.live(`${base}/ports/1/rate`, () => (active() ? '200 Gb/sec (4X HDR)\n' : '40 Gb/sec (4X QDR)\n'));
  files.live(`${base}/ports/1/link_layer`, () => 'Ethernet\n');
  files.live(`${base}/ports/1/gid_attrs/ndevs/0`, () => `${netdev}\n`);
  for (let index = 0; index < GIDS; index++) {
    files.live(`${base}/ports/1/gids/${index}`, () => {
      const { address } = gid(index) ?? {};
      return `${address === undefined ? noGid : gidText(address)}\n`;
    });
    files.live(`${base}/ports/1/gid_attrs/types/${index}`, () => {
      const { type } = gid(index) ?? {};
      return type === undefined ? '' : `${type}\n`;
    });
  }
  // In units of four bytes.
  for (const [file, way] of [
    ['port_xmit_data', 'sent'],
    ['port_rcv_data', 'received'],
  ] as const)
    files.live(
      `${base}/ports/1/counters/${file}`,
      () => `${Math.floor(meters.read(netdev, 'rdma')[way] / 4)}\n`,
    );
  files.link(`/sys/class/net/${netdev}`, `${base}/device/net/${netdev}`);
}
