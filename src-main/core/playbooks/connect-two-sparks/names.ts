/** What may appear in the files that we write. Everything a node tells of itself passes through here first. */

/** A host name by RFC 1123: labels of letters, digits and inner hyphens. Nothing that ssh_config or known_hosts reads as a pattern. */
export function isHostname(name: string): boolean {
  return (
    name.length <= 253 &&
    name.split('.').every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label))
  );
}

/** A network interface name as the kernel takes it (15 bytes), without the characters that YAML or a shell would read. */
export function isInterface(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/.test(name);
}

/** What useradd accepts on Ubuntu by default. */
export const userPattern = /^[a-z_][a-z0-9_-]{0,31}$/;

/** Names that Ubuntu gives to its own accounts; root is refused with words of its own. */
const systemUsers = new Set(
  (
    'daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody sshd messagebus ' +
    'syslog avahi tss uuidd tcpdump dnsmasq polkitd rtkit kernoops colord pulse gdm usbmux fwupd-refresh ' +
    'systemd-network systemd-resolve systemd-timesync systemd-coredump systemd-oom munge slurm'
  ).split(' '),
);

export function isSystemUser(name: string): boolean {
  return systemUsers.has(name);
}

/** The names of a DGX Spark's four ports, also when the network chip has left the bus and the port is not there. */
export function isCxName(name: string): boolean {
  return /^en(p1|P2p1)s0f([01])np\2$/.test(name);
}
