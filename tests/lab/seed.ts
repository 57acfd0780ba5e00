import { randomBytes } from 'node:crypto';
import { copyFileSync, chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { halves, hostnames, managementPort, netdev, nodeAddress, nodePaths, userOf } from './plan';
import type { LabPlan, Port, Side } from './plan';
import { must } from './process';

const templates = join(dirname(fileURLToPath(import.meta.url)), 'node');

/** What a lab keeps secret: passwords by node. Lives in memory and in the 0600 env file only. */
export type Secrets = Readonly<Record<Side, string>>;

export function newSecrets(): Secrets {
  const word = () => randomBytes(12).toString('base64url');
  return { 1: word(), 2: word() };
}

function put(root: string, path: string, text: string, mode = 0o644): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
}

const avahiSsh = `<?xml version="1.0" standalone='no'?>
<!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group>
  <name replace-wildcards="yes">%h</name>
  <service>
    <type>_ssh._tcp</type>
    <port>22</port>
  </service>
</service-group>
`;

/**
 * NetworkManager makes a "Wired connection N" of lowest priority for each Ethernet port by itself. These stand for them
 * without the endless DHCP tries on a cable that has no server, which would make every difference a matter of luck.
 */
function automaticProfiles(root: string): void {
  const names = [0, 1].flatMap((port) => halves.map((half) => netdev(port as Port, half)));
  names.forEach((name, index) => {
    const uuid = `7c9a1e50-5c2d-4d26-9f00-00000000000${index + 2}`;
    const title = `Wired connection ${index + 2}`;
    put(
      root,
      `etc/NetworkManager/system-connections/${title}.nmconnection`,
      `[connection]\nid=${title}\nuuid=${uuid}\ntype=ethernet\nautoconnect-priority=-999\ninterface-name=${name}\n\n` +
        `[ipv4]\nmethod=disabled\n\n[ipv6]\naddr-gen-mode=eui64\nmethod=link-local\n`,
      0o600,
    );
  });
}

function network(root: string, plan: LabPlan, side: Side): void {
  if (plan.renderer === 'networkd') {
    put(root, 'etc/netplan/01-netcfg.yaml', 'network:\n  version: 2\n  renderer: networkd\n', 0o600);
    put(
      root,
      'etc/systemd/network/05-management.network',
      `[Match]\nName=${managementPort}\n\n[Network]\nAddress=${nodeAddress(plan.instance, side)}/24\nLinkLocalAddressing=ipv6\nIPv6AcceptRA=no\nMulticastDNS=no\n`,
    );
  } else {
    // As on DGX OS: NetworkManager renders, and the node's own file says so.
    put(
      root,
      'etc/netplan/01-network-manager-all.yaml',
      'network:\n  version: 2\n  renderer: NetworkManager\n',
      0o600,
    );
    put(
      root,
      'etc/NetworkManager/conf.d/10-lab.conf',
      `[main]\nno-auto-default=*\n\n[keyfile]\nunmanaged-devices=interface-name:${managementPort}\n`,
    );
    // Stock rules leave veth alone; a real CX-7 port (mlx5) is NetworkManager's.
    put(root, 'etc/udev/rules.d/85-nm-unmanaged.rules', '# CX-7 ports are managed, as on DGX OS\n');
    if (plan.nmPorts === 'automatic') automaticProfiles(root);
  }
}

/**
 * Writes the files a node has of its own (names, users, ssh host keys, renderer, stand-ins) through `root`, an
 * overlay whose upper layer is the node's seed.
 */
export async function writeSeed(root: string, plan: LabPlan, side: Side, password: string): Promise<void> {
  const name = hostnames[side];
  put(root, 'etc/machine-id', `${randomBytes(16).toString('hex')}\n`, 0o444);
  put(root, 'etc/hostname', `${name}\n`);
  put(
    root,
    'etc/hosts',
    `127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n\n::1\tip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n`,
  );
  put(root, 'etc/resolv.conf', 'nameserver 127.0.0.1\n');
  // As on Ubuntu: commands over ssh find the tools of the system folders too.
  put(root, 'etc/environment', 'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n');
  put(root, 'etc/avahi/services/ssh.service', avahiSsh);
  for (const [file, target, mode] of [
    ['ibdev2netdev', 'usr/local/bin/ibdev2netdev', 0o755],
    ['ethtool', 'usr/local/sbin/ethtool', 0o755],
    ['dgx-release', 'etc/dgx-release', 0o644],
  ] as const) {
    copyFileSync(join(templates, file), join(root, target));
    chmodSync(join(root, target), mode);
  }
  network(root, plan, side);
  await accounts(root, plan, side, password);
}

async function accounts(root: string, plan: LabPlan, side: Side, password: string): Promise<void> {
  const user = userOf(plan, side);
  const sudoer = plan.sudo === 'password' ? '-G sudo' : '';
  const off = plan.renderer === 'networkd' ? 'NetworkManager' : 'systemd-networkd';
  const on = plan.renderer === 'networkd' ? 'systemd-networkd' : 'NetworkManager';
  await must(
    'chroot',
    [
      root,
      '/bin/sh',
      '-c',
      `set -eu
    useradd -m -s /bin/bash -u 1000 ${sudoer} ${user}
    chpasswd
    ssh-keygen -q -A
    for key in /etc/ssh/ssh_host_*_key; do
      ssh-keygen -q -c -C root@${hostnames[side]} -f "$key" >/dev/null
    done
    systemctl --quiet disable ${off}.service
    systemctl --quiet enable ${on}.service
    rm -f /var/log/lastlog /var/log/faillog`,
    ],
    { input: `${user}:${password}\n` },
  );
  if (plan.sudo === 'nopasswd') {
    put(root, 'etc/sudoers.d/90-owner', `${user} ALL=(ALL) NOPASSWD:ALL\n`, 0o440);
  }
  if (plan.login === 'key') {
    const folder = join(root, 'home', user, '.ssh');
    mkdirSync(folder, { mode: 0o700 });
    const file = join(folder, 'authorized_keys');
    writeFileSync(file, readFileSync(join(plan.stateDir, 'identity.pub'), 'utf8'), { mode: 0o600 });
    chownSync(folder, 1000, 1000);
    chownSync(file, 1000, 1000);
  }
}

/** Public host keys of a node as `type base64`, ed25519 first. */
export function hostKeys(plan: LabPlan, side: Side): string[] {
  return ['ed25519', 'ecdsa', 'rsa'].map((type) =>
    readFileSync(join(nodePaths(plan, side).seed, `etc/ssh/ssh_host_${type}_key.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ')
      .trim(),
  );
}
