import { cxFunctions } from './hardware';
import type { Host } from './host';
import type { Interface } from './interfaces';
import type { Network } from './network';
import { mountRdma } from './sysfs-rdma';

/** /sys/class/net, /sys/class/infiniband and /proc/sys/net for the machine's interfaces. */
export function mountSysfs(host: Host): void {
  // The files outlive a boot, which makes the interfaces anew: each read looks them up by name.
  for (const { name } of host.network.interfaces) mountInterface(host, name);
  for (const { rdma, netdev } of cxFunctions) mountRdma(host, rdma, netdev);
}

function mountInterface(host: Host, name: string): void {
  const { files, network, meters } = host;
  const port = () => network.find(name);
  const tell = (what: (port: Interface) => string | number) => () => {
    const found = port();
    return found === undefined ? '' : `${what(found)}\n`;
  };
  const base = `/sys/class/net/${name}`;
  files.live(
    `${base}/address`,
    tell((one) => one.mac),
  );
  files.live(
    `${base}/ifindex`,
    tell((one) => one.index),
  );
  files.live(
    `${base}/mtu`,
    tell((one) => network.mtu(one)),
    (text) => {
      const found = port();
      if (found && /^\d{2,5}\s*$/.test(text)) network.setMtu(found, Number(text));
    },
  );
  files.live(
    `${base}/carrier`,
    tell((one) => (network.carrier(one) ? 1 : 0)),
  );
  files.live(
    `${base}/operstate`,
    tell((one) => operstate(network, one).toLowerCase()),
  );
  files.live(
    `${base}/speed`,
    tell((one) => speedOf(network, one)),
  );
  const kind = port()?.kind;
  if (kind === 'cx7' || kind === 'rj45') {
    files.live(`${base}/device/vendor`, () => (kind === 'cx7' ? '0x15b3\n' : '0x10ec\n'));
    files.live(`${base}/device/current_link_width`, () =>
      kind === 'cx7' ? `${host.effects.lanes}\n` : '1\n',
    );
    files.live(`${base}/device/max_link_width`, () => (kind === 'cx7' ? '4\n' : '1\n'));
    files.live(`${base}/device/current_link_speed`, () =>
      kind === 'cx7' ? '32.0 GT/s PCIe\n' : '16.0 GT/s PCIe\n',
    );
    files.link(`/sys/bus/pci/drivers/${kind === 'cx7' ? 'mlx5_core' : 'r8127'}`, `${base}/device/driver`);
    files.folder(`/sys/bus/pci/drivers/${kind === 'cx7' ? 'mlx5_core' : 'r8127'}`);
  }
  for (const [file, way] of [
    ['tx_bytes', 'sent'],
    ['rx_bytes', 'received'],
  ] as const)
    files.live(`${base}/statistics/${file}`, () => `${meters.read(name, 'net')[way]}\n`);
  for (const [family, setting] of [
    ['ipv6', 'disable_ipv6'],
    ['ipv6', 'addr_gen_mode'],
    ['ipv6', 'accept_ra'],
    ['ipv4', 'promote_secondaries'],
  ] as const)
    files.live(
      `/proc/sys/net/${family}/conf/${name}/${setting}`,
      tell((one) => one.settings[setting]),
      (text) => {
        const found = port();
        if (!found) return;
        found.settings[setting] = text.trim();
        // Writing it makes the kernel look again, and bring its own address back.
        if (setting !== 'promote_secondaries' && setting !== 'accept_ra') found.withoutLinkLocal = false;
      },
    );
}

/** `UP`, `DOWN`, or `UNKNOWN` for loopback, as `ip` prints it. */
export function operstate(network: Network, port: Interface): string {
  if (port.kind === 'loopback') return 'UNKNOWN';
  return network.carrier(port) ? 'UP' : 'DOWN';
}

/** Mb/s; -1 without carrier. */
export function speedOf(network: Network, port: Interface): number {
  if (!network.carrier(port) || port.kind === 'loopback' || port.kind === 'bridge') return -1;
  return port.kind === 'cx7' ? 200_000 : 10_000;
}
