import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { netplan } from '../../src-main/core/change/netplan';
import {
  netplanSpecSchema,
  type NetplanSpec,
  type NetplanState,
} from '../../src-main/core/change/netplan-spec';
import { Lab } from './lab';
import { Driver } from './netplan-driver';
import type { Renderer } from './plan';
import { until } from './process';

export const A = 'enp1s0f1np1';
export const B = 'enP2p1s0f1np1';
export const path = '/etc/netplan/40-cx7.yaml';

export function content(mtu?: number, last = 10): string {
  const port = (name: string, net: number) =>
    `    ${name}:\n      optional: true\n      dhcp4: no\n      dhcp6: no\n      link-local: []\n${mtu === undefined ? '' : `      mtu: ${mtu}\n`}      addresses: [192.168.${net}.${last}/24]\n`;
  return `network:\n  version: 2\n  ethernets:\n${port(A, 100)}${port(B, 101)}`;
}

export function specOf(text: string | null = content(), more: Partial<NetplanSpec> = {}): NetplanSpec {
  return netplanSpecSchema.parse({
    files: [{ path, content: text, mode: '0600' }],
    interfaces: [A, B],
    ...more,
  });
}

export const sync = '/etc/netplan/99-nvidia-sync-cluster.yaml';
export const four = `# NVIDIA Sync
network:
  version: 2
  ethernets:
    enp1s0f0np0: {dhcp4: false, addresses: [192.168.100.10/24], optional: true}
    enp1s0f1np1: {dhcp4: false, addresses: [192.168.200.12/24], optional: true}
    enP2p1s0f0np0: {dhcp4: false, addresses: [192.168.100.14/24], optional: true}
    enP2p1s0f1np1: {dhcp4: false, addresses: [192.168.200.16/24], optional: true}
`;
export const ports = ['enp1s0f0np0', A, 'enP2p1s0f0np0', B];

/** Everything of the network that is compared byte by byte where the lab's own difference has another base. */
export const fingerprint = `for f in $(find /etc/netplan /run/netplan /run/systemd/network /run/NetworkManager/system-connections /run/udev/rules.d -name '*netplan*' -type f -o -path '*netplan/*' -type f 2>/dev/null | sort); do
  echo "$f $(stat -c '%a %u %g' "$f") $(sha256sum <"$f")"
done
ip -o addr show | grep -v ': lo' | sed 's/ *valid_lft.*//; s/^[0-9]*: //; s/ tentative//' | grep -v dynamic | sort`;

/** The same network in two files, so that something can happen between them. */
export function twoFiles(): NetplanSpec {
  const port = (name: string, net: number) =>
    `network: {version: 2, ethernets: {${name}: {optional: true, link-local: [], addresses: [192.168.${net}.10/24]}}}\n`;
  const files = [
    { path, content: port(A, 100), mode: '0600' as const },
    { path: '/etc/netplan/41-cx7.yaml', content: port(B, 101), mode: '0600' as const },
  ];
  return specOf(null, { files });
}

/** A pair for a suite, and what its tests do with node 1. A failed test leaves a fresh pair to the next. */
export function netplanLab(renderer: Renderer) {
  let up: Lab | undefined;
  const lab = () => up!;
  beforeAll(async () => {
    up = await Lab.up({ renderer });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await lab().reset();
  });
  afterAll(async () => {
    await up?.down();
  });
  const drive = (spec: NetplanSpec) => new Driver(lab(), 1, netplan, spec);

  /** Expects that nothing is different from a fresh node, but for what others keep (the reasons beside each). */
  const fresh = async () => {
    let left: string[] = [];
    // NetworkManager takes up its own connections again after `netplan apply` has ended.
    await until('the node to be as it was', 20_000, async () => {
      const { text } = await lab().diff(1);
      left = text.split('\n').filter((line) => !asideHere.some((pattern) => pattern.test(line)));
      return left.length === 0;
    }).catch(() => expect(left).toEqual([]));
  };

  /** Arms the guard and makes the trial. */
  const trial = async (driver: Driver<NetplanSpec, NetplanState>, prior: NetplanState) => {
    const { guard } = driver.forward(prior);
    await driver.must('arm', guard!.arm);
    for (const command of guard!.trial) await driver.must('trial', command);
    return guard!;
  };
  return { lab, drive, fresh, trial };
}

const asideHere = [
  /^no difference$/,
  // systemd makes this folder for the first transient unit and keeps it.
  /^added \/run\/systemd\/transient \(absent -> folder/,
  // Beside NetworkManager, netplan makes it for a .link file (an MTU) and leaves it empty.
  /^added \/run\/systemd\/network \(absent -> folder/,
  // Made 0700 by netplan when it generates at boot, and 0755 by NetworkManager when that comes first.
  /^changed \/run\/NetworkManager\/system-connections \(folder 0755 0:0 -> folder 0700 0:0\)/,
];
