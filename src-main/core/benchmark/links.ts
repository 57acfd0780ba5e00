import ipaddr from 'ipaddr.js';
import type { BenchHalves } from '../../contract/bench-request';
import type { CxPort, Half, NetAddress, NodeFacts } from '../../contract/facts';
import type { FailureInfo } from '../../contract/failure';
import { message } from '../../contract/message';
import type { Pair } from '../engine/playbook';
import { Failure } from '../failure';

/** One half of a cable that a test can go over; members are in the order of the pair's nodes. */
export interface BenchLink {
  /** Null for ports whose names follow another scheme. */
  readonly half: Half | null;
  readonly port: Pair<0 | 1 | null>;
  readonly netdev: Pair<string>;
  readonly rdma: Pair<string | null>;
  /** IPv4, both in one subnet. */
  readonly address: Pair<string>;
  readonly mtu: Pair<number | null>;
}

interface End {
  readonly port: CxPort;
  readonly address: NetAddress;
}

/**
 * Links between two nodes, by facts alone: both ends up, of the same half, with IPv4 addresses in one subnet. Where several
 * ends would fit, the same physical port goes first. In the order of node 1's ports, half a before half b.
 */
export function benchLinks(facts: Pair<NodeFacts>): BenchLink[] {
  const theirs = new Set(ends(facts[1]));
  const links: BenchLink[] = [];
  for (const one of ends(facts[0])) {
    const fitting = [...theirs].filter(
      (other) => one.port.half === other.port.half && sameSubnet(one.address, other.address),
    );
    const other = fitting.find(({ port }) => port.port === one.port.port) ?? fitting[0];
    if (other === undefined) continue;
    // A port with two addresses is one link all the same.
    for (const end of theirs) if (end.port === other.port) theirs.delete(end);
    if (links.some(({ netdev }) => netdev[0] === one.port.netdev)) continue;
    const pair = <T>(of: (end: End) => T): Pair<T> => [of(one), of(other)];
    links.push({
      half: one.port.half,
      port: pair(({ port }) => port.port),
      netdev: pair(({ port }) => port.netdev),
      rdma: pair(({ port }) => port.rdma),
      address: pair(({ address }) => address.address),
      mtu: pair(({ port }) => port.mtu),
    });
  }
  return links;
}

/**
 * The links that a test of these halves goes over, half a first. Both halves are those of one cable: a second cable adds
 * nothing, and two ports of one half share their lanes.
 * @throws Failure BENCH_NO_LINK with what stands in the way, as far as the facts tell
 */
export function chooseLinks(facts: Pair<NodeFacts>, halves: BenchHalves, names: Pair<string>): BenchLink[] {
  const links = benchLinks(facts);
  const wanted: readonly Half[] = halves === 'both' ? ['a', 'b'] : [halves];
  const cables = new Map<string, BenchLink[]>();
  for (const link of links) {
    const cable = link.port.join('-');
    cables.set(cable, [...(cables.get(cable) ?? []), link]);
  }
  let most: BenchLink[] = [];
  for (const cable of cables.values()) {
    const found = wanted.flatMap((half) => cable.find((link) => link.half === half) ?? []);
    if (found.length === wanted.length) return found;
    if (found.length > most.length) most = found;
  }
  const missing = wanted.filter((half) => !most.some((link) => link.half === half));
  const half = missing.length > 1 ? 'both' : (missing[0] ?? 'both');
  const causes = missing.flatMap((one) => whyNone(facts, one, names));
  throw new Failure('BENCH_NO_LINK', { half }, causes.length > 0 ? { causes } : {});
}

/** What keeps a half from being a link: the first thing that is missing, on each node. */
function whyNone(
  facts: Pair<NodeFacts>,
  half: Half,
  names: Pair<string>,
): NonNullable<FailureInfo['causes']> {
  return facts.flatMap((node, position) => {
    if (!node.ports.known || !node.addresses.known) return [];
    const name = names[position] ?? '';
    const ports = node.ports.value;
    const own = ports.filter((port) => port.half === half);
    const up = own.filter((port) => port.up);
    const why = (code: string, port: string) => [
      {
        cause: message(`bench.cause.${code}`, { node: name, port }),
        remedy: message(`bench.remedy.${code}`, { node: name, port }),
      },
    ];
    const [first] = up;
    if (first === undefined) {
      const cabled = own.filter(({ port }) => ports.some((one) => one.up && one.port === port));
      const named = cabled.length > 0 ? cabled : own;
      return why('port-down', named.map(({ netdev }) => netdev).join(', ') || half);
    }
    if (up.every(({ netdev }) => addressesOf(node, netdev).length === 0))
      return why('no-address', first.netdev);
    return [];
  });
}

function ends(facts: NodeFacts): End[] {
  if (!facts.ports.known) return [];
  return facts.ports.value
    .filter(({ up }) => up)
    .toSorted((one, other) => place(one) - place(other))
    .flatMap((port) => addressesOf(facts, port.netdev).map((address) => ({ port, address })));
}

function addressesOf({ addresses }: NodeFacts, netdev: string): NetAddress[] {
  if (!addresses.known) return [];
  return addresses.value.filter((one) => one.interface === netdev && one.family === 'inet');
}

function place({ port, half }: CxPort): number {
  return (port ?? 2) * 2 + (half === 'b' ? 1 : 0);
}

function sameSubnet(one: NetAddress, other: NetAddress): boolean {
  if (one.prefix !== other.prefix || one.address === other.address) return false;
  try {
    return ipaddr.IPv4.parse(one.address).match(ipaddr.IPv4.parse(other.address), one.prefix);
  } catch {
    return false;
  }
}
