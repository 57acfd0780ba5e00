import type { CxPort, Half, NodeFacts, Slices } from '../api/types';
import { sameNetwork, type Cidr } from './ipv4';

/** One half of a port, as its node tells it. */
export interface CableEnd {
  readonly netdev: string;
  readonly rdma: string | null;
  readonly up: boolean;
  /** The first IPv4 address; null where it has none, undefined where none could be read. */
  readonly address: Cidr | null | undefined;
  readonly mtu: number | null;
  readonly speedMbps: number | null;
  readonly pcieWidth: number | null;
}

/**
 * `up`: a signal at both ends and addresses that meet; `bare`: a signal, and no address at one end or both; `apart`: addresses
 * of different networks; `one-end`: a signal at one end only; `down`: at neither; `unknown`: not everything could be read, or nobody can tell
 * where it leads.
 */
export type HalfState = 'up' | 'bare' | 'apart' | 'one-end' | 'down' | 'unknown';
export type PortNumber = 0 | 1;
export type Pair<T> = readonly [T, T];
export const halves = ['a', 'b'] as const satisfies readonly Half[];

export interface CableHalf {
  readonly half: Half;
  readonly state: HalfState;
  readonly ends: Pair<CableEnd | null>;
}

export interface Cable {
  /** Of node 1 and node 2; null for an end that nobody can tell. */
  readonly ports: Pair<PortNumber | null>;
  /** Both ends know each other by address; otherwise they are only the ones with a signal. */
  readonly sure: boolean;
  readonly halves: Pair<CableHalf>;
}

/** Halves of one port by name; null where the node has no such half. */
export type PortEnds = Readonly<Record<Half, CableEnd | null>>;
/** Ports 0 and 1 of one node; null while they are not known. */
export type NodePorts = Pair<PortEnds> | null;

export interface CableMap {
  readonly nodes: Pair<NodePorts>;
  readonly cables: readonly Cable[];
}

/** Which port reaches which, from what both nodes say: signal, addresses, and whom they hear on the link. */
export function cableMap(facts: Slices['facts']): CableMap {
  const nodes = [portsOf(facts.node1), portsOf(facts.node2)] as const;
  const [one, two] = nodes;
  if (one === null || two === null) return { nodes, cables: [] };
  const cables: Cable[] = [];
  const left: [Set<PortNumber>, Set<PortNumber>] = [lit(one), lit(two)];
  const join = (ports: Pair<PortNumber | null>, sure: boolean) => {
    cables.push(cableOf(one, two, ports, sure));
    left[0].delete(ports[0] ?? 0);
    left[1].delete(ports[1] ?? 0);
  };
  const pairs = ([0, 1] as const).flatMap((p) => ([0, 1] as const).map((q) => [p, q] as const));
  const proofs = pairs
    .map((ports) => ({ ports, proof: proofOf(one[ports[0]], two[ports[1]], facts) }))
    .filter(({ proof }) => proof > 0)
    .sort((x, y) => y.proof - x.proof);
  for (const { ports } of proofs) if (left[0].has(ports[0]) && left[1].has(ports[1])) join(ports, true);
  if (left[0].size === 1 && left[1].size === 1) join([only(left[0]), only(left[1])], false);
  // With a signal left at both sides, which of them belong together is open.
  const open = left[0].size > 0 && left[1].size > 0;
  for (const port of left[0]) cables.push(cableOf(one, two, [port, null], false, open));
  for (const port of left[1]) cables.push(cableOf(one, two, [null, port], false, open));
  cables.sort((x, y) => (x.ports[0] ?? 2) - (y.ports[0] ?? 2));
  return { nodes, cables };
}

/** The halves over which something can be measured now: a signal and addresses that meet. */
export function joinedHalves(map: CableMap): readonly Half[] {
  const found = map.cables.flatMap((cable) => cable.halves.filter(({ state }) => state === 'up'));
  return halves.filter((half) => found.some((one) => one.half === half));
}

function portsOf(facts: NodeFacts | null): NodePorts {
  if (!facts?.ports.known) return null;
  const ports = facts.ports.value;
  // Under other names than a Spark's nobody can tell which port is which.
  if (ports.length > 0 && ports.every(({ port, half }) => port === null || half === null)) return null;
  const end = (port: PortNumber, half: Half): CableEnd | null => {
    const found = ports.find((one) => one.port === port && one.half === half);
    return found ? endOf(found, facts) : null;
  };
  const of = (port: PortNumber): PortEnds => ({ a: end(port, 'a'), b: end(port, 'b') });
  return [of(0), of(1)];
}

function endOf({ netdev, rdma, up, mtu, speedMbps, pcieWidth }: CxPort, facts: NodeFacts): CableEnd {
  const address = facts.addresses.known
    ? (facts.addresses.value.find((one) => one.interface === netdev && one.family === 'inet') ?? null)
    : undefined;
  return { netdev, rdma, up, mtu, speedMbps, pcieWidth, address };
}

/** Ports with a signal. */
function lit(ports: Pair<PortEnds>): Set<PortNumber> {
  return new Set(([0, 1] as const).filter((port) => halves.some((half) => ports[port][half]?.up)));
}

function only(ports: ReadonlySet<PortNumber>): PortNumber {
  return ports.has(0) ? 0 : 1;
}

/** How much speaks for a cable between these two ports; hearing each other counts more than a network in common. */
function proofOf(one: PortEnds, two: PortEnds, { node1, node2 }: Slices['facts']): number {
  return halves.reduce((sum, half) => {
    const [here, there] = [one[half], two[half]];
    if (!here?.up || !there?.up) return sum;
    const meet = here.address && there.address && sameNetwork(here.address, there.address) ? 1 : 0;
    return sum + meet + (hears(node1, here, there) || hears(node2, there, here) ? 2 : 0);
  }, 0);
}

function hears(facts: NodeFacts | null, here: CableEnd, there: CableEnd): boolean {
  if (!facts?.peers.known || !there.address) return false;
  const { address } = there.address;
  return facts.peers.value.some((peer) => peer.interface === here.netdev && peer.address === address);
}

function cableOf(
  one: Pair<PortEnds>,
  two: Pair<PortEnds>,
  ports: Pair<PortNumber | null>,
  sure: boolean,
  open = false,
): Cable {
  const [p, q] = ports;
  const of = (half: Half): CableHalf => {
    const ends = [p === null ? null : one[p][half], q === null ? null : two[q][half]] as const;
    return { half, ends, state: p === null || q === null ? looseState(ends, open) : stateOf(ends) };
  };
  return { ports, sure, halves: [of('a'), of('b')] };
}

function looseState([one, two]: Pair<CableEnd | null>, open: boolean): HalfState {
  if ((one ?? two)?.up !== true) return 'down';
  return open ? 'unknown' : 'one-end';
}

function stateOf([one, two]: Pair<CableEnd | null>): HalfState {
  if (!one || !two) return 'unknown';
  if (one.up !== two.up) return 'one-end';
  if (!one.up) return 'down';
  if (one.address === undefined || two.address === undefined) return 'unknown';
  if (!one.address || !two.address) return 'bare';
  return sameNetwork(one.address, two.address) ? 'up' : 'apart';
}
