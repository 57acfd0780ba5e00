/** Debian packages inside each node, by what needs them. A playbook that needs more adds a set here. */
export const packageSets = {
  system:
    'systemd systemd-sysv udev dbus openssh-server sudo python3 passwd procps iproute2 iputils-ping ca-certificates',
  network: 'netplan.io network-manager ethtool avahi-daemon avahi-utils libnss-mdns ufw iptables nftables',
  benchmarks: 'iperf3 rdma-core ucx-utils perftest',
} as const;

/** Names of all packages of the base root file system, sorted. */
export function packageNames(): string[] {
  return Object.values(packageSets)
    .flatMap((set) => set.split(' '))
    .sort();
}
