import type { NodeFacts } from '../../contract/facts';
import type { EnvironmentProgram } from '../../contract/report';
import type { Pair } from '../engine/playbook';
import { Failure } from '../failure';
import { network } from '../probe/ip-address';
import type { BenchLink } from './links';

/** As much of a link as programs need to know. */
export type EnvironmentLink = Omit<BenchLink, 'mtu'>;

/** What the links themselves do not tell. */
export interface EnvironmentExtra {
  /** For the length of the links' networks. */
  readonly facts?: Pair<NodeFacts>;
  /** As parseGids gives them for each node: index of the RoCE v2 GID of a link's IPv4 address, by RDMA device. */
  readonly gids?: Pair<Readonly<Record<string, number>>>;
}

/** What one node's programs are told. */
export interface NodeEnvironment {
  /** Interface of the first link: where programs find each other and start. */
  readonly netdev: string;
  /** Its address. */
  readonly address: string;
  /** RDMA devices of all links, in their order; empty when one of them is not known. */
  readonly devices: readonly string[];
  /** One index that is right for all of them; null when it was not looked up or they differ. */
  readonly gidIndex: number | null;
}

export interface PairEnvironment {
  readonly nodes: Pair<NodeEnvironment>;
  /** Both halves of the port are used. */
  readonly bothHalves: boolean;
  /** Network of the first link in CIDR form; null when its length is not known. */
  readonly subnet: string | null;
}

/** Variables of one node by name. */
export type Variables = Readonly<Record<string, string>>;

/**
 * What the programs of this pair need, from facts: the links of one port, each half once. A second cable adds no
 * bandwidth, and two ports of one half share one x4 link, so another port's links are left out.
 * @throws Failure BENCH_NO_LINK
 */
export function pairEnvironment(
  links: readonly EnvironmentLink[],
  extra: EnvironmentExtra = {},
): PairEnvironment {
  const chosen = onePort(links);
  const [first] = chosen;
  if (first === undefined) throw new Failure('BENCH_NO_LINK', { half: 'both' });
  return {
    nodes: [nodeEnvironment(0, first, chosen, extra), nodeEnvironment(1, first, chosen, extra)],
    bothHalves: chosen.length > 1,
    subnet: subnetOf(first, extra.facts),
  };
}

/** The environment of a program on each node. A container gets all, as it may hold any of them. */
export function variables(program: EnvironmentProgram, { nodes, subnet }: PairEnvironment): Pair<Variables> {
  const sameNetdev = nodes[0].netdev === nodes[1].netdev;
  const of = (node: NodeEnvironment): Variables => {
    switch (program) {
      case 'nccl':
        return nccl(node);
      case 'ucx':
        return ucx(node);
      case 'mpi': {
        // mpirun hands its own variables on to both nodes: a network is the same on both where names are not.
        const where = sameNetdev || subnet === null ? node.netdev : subnet;
        return { OMPI_MCA_oob_tcp_if_include: where, OMPI_MCA_btl_tcp_if_include: where };
      }
      case 'vllm':
      case 'docker':
        return {
          VLLM_HOST_IP: node.address,
          GLOO_SOCKET_IFNAME: node.netdev,
          TP_SOCKET_IFNAME: node.netdev,
          ...nccl(node),
          ...ucx(node),
        };
    }
  };
  return [of(nodes[0]), of(nodes[1])];
}

function nccl({ netdev, devices, gidIndex }: NodeEnvironment): Variables {
  return {
    NCCL_SOCKET_IFNAME: netdev,
    ...(devices.length === 0 ? {} : { NCCL_IB_HCA: devices.join(',') }),
    ...(devices.length > 1 ? { NCCL_IB_MERGE_NICS: '1' } : {}),
    ...(gidIndex === null ? {} : { NCCL_IB_GID_INDEX: String(gidIndex) }),
  };
}

function ucx({ devices }: NodeEnvironment): Variables {
  return devices.length === 0 ? {} : { UCX_NET_DEVICES: devices.map((device) => `${device}:1`).join(',') };
}

/** The links of the port with the most halves, the first of them where several have as many; half a stands first. */
function onePort(links: readonly EnvironmentLink[]): EnvironmentLink[] {
  const ports = new Map<string, EnvironmentLink[]>();
  for (const link of links) {
    const port = link.port.join('/');
    const halves = ports.get(port) ?? [];
    if (link.half !== null && halves.some(({ half }) => half === link.half)) continue;
    ports.set(port, [...halves, link]);
  }
  const [best = []] = [...ports.values()].sort((one, other) => other.length - one.length);
  return best.toSorted((one, other) => (one.half ?? '').localeCompare(other.half ?? ''));
}

function nodeEnvironment(
  node: 0 | 1,
  first: EnvironmentLink,
  links: readonly EnvironmentLink[],
  { gids }: EnvironmentExtra,
): NodeEnvironment {
  const devices = links.flatMap(({ rdma }) => rdma[node] ?? []);
  const whole = devices.length === links.length ? devices : [];
  const indexes = new Set(whole.map((device) => gids?.[node][device]));
  const [index] = indexes;
  return {
    netdev: first.netdev[node],
    address: first.address[node],
    devices: whole,
    gidIndex: indexes.size === 1 && index !== undefined ? index : null,
  };
}

function subnetOf({ netdev, address }: EnvironmentLink, facts: Pair<NodeFacts> | undefined): string | null {
  const addresses = facts?.[0].addresses;
  if (addresses?.known !== true) return null;
  const own = addresses.value.find((one) => one.interface === netdev[0] && one.address === address[0]);
  return own === undefined ? null : ipv4Network(own.address, own.prefix);
}

function ipv4Network(address: string, prefix: number): string | null {
  if (network(`${address}/${prefix}`) === null || address.includes(':')) return null;
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  const base = Math.floor(value / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${prefix}`;
}
