import type { NodeView, Pair } from '../../engine/playbook';
import type { NetworkLink, PortLink } from './shared';
import { format, hostAddress, hostNumbers, nextFree, overlaps, type Subnet, type Taken } from './subnets';
import { nameOf } from '../pair';

/** Which of the networks a link gets: the first cable's halves the first two, a second cable's the next two. */
export function slots(links: readonly PortLink[]): number[] {
  const cables = [...new Set(links.map(({ ports }) => ports[0].port))];
  return links.map(({ half, ports }, index) =>
    half === null ? index : cables.indexOf(ports[0].port) * 2 + (half === 'b' ? 1 : 0),
  );
}

/** How many networks `links` need. */
export function slotCount(links: readonly PortLink[]): number {
  return Math.max(0, ...slots(links)) + 1;
}

export interface Clash {
  readonly subnet: Subnet;
  readonly taken: Taken;
}

/** The first network that something else than the link's own ports uses already. */
export function findClash(
  nodes: Pair<NodeView>,
  links: readonly PortLink[],
  subnets: readonly Subnet[],
  taken: readonly Taken[],
): Clash | undefined {
  const places = slots(links);
  for (const [index, link] of links.entries()) {
    const subnet = subnets[places[index] ?? 0];
    if (!subnet) continue;
    const found = taken.find((entry) => {
      const own = link.ports.some(
        ({ netdev }, end) => entry.node === nameOf(nodes[end as 0 | 1]) && entry.interface === netdev,
      );
      return !own && overlaps(entry.subnet, subnet);
    });
    if (found) return { subnet, taken: found };
  }
  return undefined;
}

/** Free networks, as many as asked for. */
export function freeSubnets(count: number, taken: readonly Taken[]): Subnet[] | undefined {
  // An even number, so that the halves of a cable keep an even and an odd network.
  return nextFree(
    count + (count % 2),
    taken.map(({ subnet }) => subnet),
  );
}

/** NVIDIA's July 2026 edition: a network for each half, node 1 before node 2 in it. */
export function staticLinks(links: readonly PortLink[], subnets: readonly Subnet[]): NetworkLink[] {
  const places = slots(links);
  return links.map((link, index) => {
    const subnet = subnets[places[index] ?? 0];
    if (!subnet) return { ...link, subnet: null, addresses: null, required: true };
    const [one, two] = hostNumbers(subnet);
    const addresses: Pair<string> = [hostAddress(subnet, one), hostAddress(subnet, two)];
    return { ...link, subnet: format(subnet), addresses, required: true };
  });
}

/**
 * NVIDIA's November 2025 edition: one network for each physical port, in which both halves have an address. Node 2's
 * numbers follow node 1's by one.
 */
export function fourAddressHost(port: 0 | 1 | null, half: 'a' | 'b' | null): number {
  return 10 + (port === 1 ? 2 : 0) + (half === 'b' ? 4 : 0);
}

export function fourAddressLinks(links: readonly PortLink[], subnets: readonly Subnet[]): NetworkLink[] {
  return links.map((link) => {
    const [first, second] = link.ports;
    const subnet = subnets[first.port ?? 0];
    if (!subnet) return { ...link, subnet: null, addresses: null, required: false };
    const addresses: Pair<string> = [
      hostAddress(subnet, fourAddressHost(first.port, first.half)),
      hostAddress(subnet, fourAddressHost(second.port, second.half) + 1),
    ];
    // The second half shares the first one's network: its answers may come back on the other half.
    return { ...link, subnet: format(subnet), addresses, required: link.half !== 'b' };
  });
}
