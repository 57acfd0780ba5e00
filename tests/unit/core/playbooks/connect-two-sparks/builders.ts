import { readFileSync } from 'node:fs';
import type {
  Account,
  CxPort,
  Fact,
  FileState,
  NetAddress,
  NodeFacts,
} from '../../../../../src-main/contract/facts';
import type { Inputs, StageContext } from '../../../../../src-main/core/engine/playbook';
import { resolveInputs } from '../../../../../src-main/core/engine/inputs';
import { placeOf } from '../../../../../src-main/core/probe/port-map';
import { parseDgxRelease } from '../../../../../src-main/core/probe/dgx-release';
import { parseIbdev2netdev } from '../../../../../src-main/core/probe/ibdev2netdev';
import { connectTwoSparks } from '../../../../../src-main/core/playbooks/connect-two-sparks/playbook';
import { emptyShared, type Shared } from '../../../../../src-main/core/playbooks/connect-two-sparks/shared';
import type { ExecResult } from '../../../../../src-main/core/ports';

export type Value<K extends keyof NodeFacts> = Extract<NodeFacts[K], { known: true }>['value'];
export type Overrides = { [K in keyof NodeFacts]?: Value<K> | Fact<Value<K>> };

export const NOW = Date.UTC(2026, 9, 1);
export const names = ['spark-5c2d', 'spark-bd26'] as const;

export function sample(name: string): string {
  return readFileSync(new URL(`../../../../fixtures/samples/${name}`, import.meta.url), 'utf8');
}

export function unknown(detail = 'no answer'): {
  known: false;
  reason: 'command-failed';
  detail: string;
  source: string;
} {
  return { known: false, reason: 'command-failed', detail, source: 'test' };
}

export function file(content: string, mode = '0600'): FileState {
  return { exists: true, mode, uid: 0, gid: 0, sizeBytes: content.length, sha256: 'x', content };
}

/** Hardware address of a port: the node's number, and the port's place. */
export function macOf(node: 0 | 1, netdev: string): string {
  const { port, half } = placeOf(netdev, null);
  return `30:c5:99:3e:${node === 0 ? '6a' : '7b'}:1${(port ?? 0) + (half === 'b' ? 4 : 0)}`;
}

/** Ports as a printed `ibdev2netdev` shows them. */
export function portsFrom(text: string, node: 0 | 1): CxPort[] {
  const read = parseIbdev2netdev(text);
  if (!read.known) throw new Error(read.detail);
  return read.value.map(({ rdma, netdev, up }) => ({
    rdma,
    netdev,
    up,
    ...placeOf(netdev, rdma),
    mac: macOf(node, netdev),
    mtu: 1500,
    speedMbps: up ? 200_000 : null,
    pcieWidth: 4,
  }));
}

export const port1Up = sample('ibdev2netdev_port1_up_altorder.txt');
export const port0Up = sample('ibdev2netdev_port0_up_spark-5c2d.txt');
export const allUp = sample('ibdev2netdev_all_four_up.txt');

export function address(port: string, cidr: string, over: Partial<NetAddress> = {}): NetAddress {
  const [text = '', prefix = ''] = cidr.split('/');
  const family = text.includes(':') ? 'inet6' : 'inet';
  return {
    interface: port,
    family,
    address: text,
    prefix: Number(prefix),
    scope: 'global',
    dynamic: false,
    ...over,
  };
}

export function account(name: string, over: Partial<Account> = {}): Account {
  return {
    name,
    uid: 1000,
    gid: 1000,
    home: `/home/${name}`,
    shell: '/bin/bash',
    groups: [name, 'sudo', 'docker'],
    ...over,
  };
}

const absent: FileState = { exists: false };

/** A Spark as it comes: DGX OS 7.5.0, a cable in port 1, nothing configured. */
export function facts(node: 0 | 1, over: Overrides = {}): NodeFacts {
  const ports = portsFrom(port1Up, node);
  const release = parseDgxRelease(sample('dgx-release_7.5.0.txt'));
  if (!release.known) throw new Error(release.detail);
  const values: Record<string, unknown> = {
    hostname: names[node],
    release: release.value,
    os: { id: 'ubuntu', version: '24.04', name: 'Ubuntu 24.04.3 LTS' },
    kernel: { release: '6.14.0-1013-nvidia', arch: 'aarch64' },
    uptimeSeconds: 4000,
    clockMs: NOW + node * 40,
    account: account('nvidia'),
    accounts: [account('nvidia')],
    sudo: 'granted',
    memory: { totalBytes: 128 * 1024 ** 3, availableBytes: 120 * 1024 ** 3 },
    disks: [{ mount: '/', sizeBytes: 10 ** 12, availableBytes: 9 * 10 ** 11, readOnly: false }],
    gpus: [],
    cuda: '13.0',
    ports,
    links: [
      { name: 'lo', mac: '00:00:00:00:00:00', mtu: 65536, enabled: true, up: true },
      { name: 'enP7s7', mac: `4c:bb:47:00:00:0${node + 1}`, mtu: 1500, enabled: true, up: true },
      ...ports.map(({ netdev, mac, up }) => ({ name: netdev, mac, mtu: 1500, enabled: true, up })),
    ],
    addresses: [
      address('lo', '127.0.0.1/8', { scope: 'host' }),
      address('enP7s7', `192.168.1.2${node + 1}/24`, { dynamic: true }),
      ...ports
        .filter(({ up }) => up)
        .map(({ netdev }) => address(netdev, `fe80::${node + 1}/64`, { scope: 'link' })),
    ],
    routes: [
      { destination: '0.0.0.0/0', via: '192.168.1.1', interface: 'enP7s7' },
      { destination: '192.168.1.0/24', via: null, interface: 'enP7s7' },
    ],
    netplan: { renderer: null, files: [] },
    firewall: { active: false, rules: [] },
    peers: [],
    ssh: {
      user: 'nvidia',
      home: '/home/nvidia',
      directoryMode: null,
      keys: [],
      authorizedKeys: absent,
      knownHosts: absent,
      config: absent,
      hostKeys: [`ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHost${node}`],
    },
    tools: Object.fromEntries(
      ['netplan', 'ip', 'ping', 'ssh', 'ssh-keygen', 'ethtool', 'iperf3', 'timeout'].map((tool) => [
        tool,
        `/usr/bin/${tool}`,
      ]),
    ),
    ...over,
  };
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      value !== null && typeof value === 'object' && 'known' in value
        ? value
        : { known: true, value, source: 'test' },
    ]),
  ) as unknown as NodeFacts;
}

export interface Looked {
  readonly node: string;
  readonly script: string;
}

export interface Setup {
  readonly nodes?: readonly [Overrides, Overrides];
  readonly inputs?: Inputs;
  readonly laptop?: readonly string[];
  readonly shared?: Partial<Shared>;
  /** What a node prints when it is looked at. */
  readonly answer?: (looked: Looked) => string;
}

/** A context over two Sparks; `looks` records what was run. */
export function setup({
  nodes = [{}, {}],
  inputs = {},
  laptop = [],
  shared = {},
  answer = () => '',
}: Setup = {}) {
  const looks: Looked[] = [];
  const context: StageContext<Shared> = {
    nodes: [
      {
        address: { name: names[0], host: '192.168.1.21', port: 22, user: 'nvidia' },
        facts: facts(0, nodes[0]),
      },
      {
        address: { name: names[1], host: '192.168.1.22', port: 22, user: 'nvidia' },
        facts: facts(1, nodes[1]),
      },
    ],
    inputs: resolveInputs(connectTwoSparks.inputs, inputs),
    chosen: new Set(Object.keys(inputs)),
    laptopNetworks: laptop,
    now: NOW,
    shared: { ...emptyShared(), ...shared },
    look(node, script) {
      looks.push({ node, script: script.text });
      const stdout = answer({ node, script: script.text });
      return Promise.resolve<ExecResult>({ code: 0, signal: null, stdout, stderr: '', durationMs: 1 });
    },
    signal: undefined,
  };
  return { context, looks };
}

/** Neighbour table in which every port with carrier knows its counterpart on the other node. */
export function neighbours(pairs: readonly [string, string][]): (looked: Looked) => string {
  return ({ node }) => {
    const own = node === names[0] ? 0 : 1;
    const rows = pairs.map((pair) => ({
      dst: 'fe80::9',
      dev: pair[own],
      lladdr: macOf(own === 0 ? 1 : 0, pair[own === 0 ? 1 : 0]),
      state: ['STALE'],
    }));
    return JSON.stringify(rows);
  };
}

/** Links of a cable in port 1, as the cable stage leaves them. */
export function port1Links(): Shared['links'] {
  const [first, second] = [portsFrom(port1Up, 0), portsFrom(port1Up, 1)];
  return ['enp1s0f1np1', 'enP2p1s0f1np1'].map((netdev) => {
    const ends = [first, second].map((ports) => ports.find((port) => port.netdev === netdev)!);
    return { half: ends[0]!.half, ports: [ends[0]!, ends[1]!] };
  });
}
