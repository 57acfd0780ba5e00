import ipaddr from 'ipaddr.js';
import type { NodeView, Pair } from '../../engine/playbook';
import { nameOf, valueOf } from '../pair';

/** An IPv4 network; `base` is its first address as a 32-bit number. */
export interface Subnet {
  readonly base: number;
  readonly prefix: number;
}

/** A network that somebody uses already. */
export interface Taken {
  readonly subnet: Subnet;
  /** How the person knows it: `192.168.100.7/24 on wlP9s9`, `route 10.0.0.0/8`. */
  readonly what: string;
  /** Node's name; null for this computer. */
  readonly node: string | null;
  /** Interface on that node, where it is known. */
  readonly interface: string | null;
}

function toNumber(address: ipaddr.IPv4): number {
  return address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function size(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** The IPv4 network that `cidr` lies in; undefined for anything that is none, IPv6 included. */
export function networkOf(cidr: string): Subnet | undefined {
  const [address = '', prefix = '', ...more] = cidr.split('/');
  if (more.length > 0 || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32) return undefined;
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined;
  const value = toNumber(ipaddr.IPv4.parse(address));
  return { base: value - (value % size(Number(prefix))), prefix: Number(prefix) };
}

export function format({ base, prefix }: Subnet): string {
  return `${toText(base)}/${prefix}`;
}

export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.base < b.base + size(b.prefix) && b.base < a.base + size(a.prefix);
}

/** The address `host` places after the network's first one. */
export function hostAddress({ base }: Subnet, host: number): string {
  return toText(base + host);
}

/** Host numbers of node 1 and node 2: .10 and .11 as in NVIDIA's playbook, .1 and .2 where the network is too small. */
export function hostNumbers({ prefix }: Subnet): Pair<number> {
  return prefix <= 28 ? [10, 11] : [1, 2];
}

/** Why a list of networks is refused; the words are in the catalogue. */
export type SubnetFault = 'empty' | 'unreadable' | 'unaligned' | 'public' | 'size' | 'overlap' | 'few';

/** The networks of a comma separated list, each private (RFC 1918), with room for two hosts, none in another. */
export function parseSubnets(text: string): Subnet[] | SubnetFault {
  const parts = text.split(',').map((part) => part.trim());
  const found: Subnet[] = [];
  for (const part of parts) {
    if (part === '') return 'empty';
    const subnet = networkOf(part);
    if (!subnet) return 'unreadable';
    if (format(subnet) !== part) return 'unaligned';
    if (subnet.prefix < 8 || subnet.prefix > 30) return 'size';
    if (ipaddr.IPv4.parse(toText(subnet.base)).range() !== 'private') return 'public';
    if (found.some((other) => overlaps(other, subnet))) return 'overlap';
    found.push(subnet);
  }
  return found;
}

/**
 * Every network that the nodes and this computer use. Routes that a port has because of its own address are left out:
 * the address says the same.
 */
export function takenNetworks(nodes: Pair<NodeView>, laptop: readonly string[]): Taken[] {
  const own = nodes.flatMap((view): Taken[] => {
    const node = nameOf(view);
    const addresses = (valueOf(view.facts.addresses) ?? []).flatMap((entry): Taken[] => {
      const subnet = entry.family === 'inet' ? networkOf(`${entry.address}/${entry.prefix}`) : undefined;
      if (!subnet || entry.scope === 'host') return [];
      const what = `${entry.address}/${entry.prefix} (${entry.interface})`;
      return [{ subnet, what, node, interface: entry.interface }];
    });
    const routes = (valueOf(view.facts.routes) ?? []).flatMap((route): Taken[] => {
      const subnet = networkOf(route.destination);
      if (!subnet || subnet.prefix === 0) return [];
      const direct = addresses.some(
        (entry) =>
          route.via === null && entry.interface === route.interface && overlaps(entry.subnet, subnet),
      );
      if (direct) return [];
      const what = `${route.destination}${route.via === null ? '' : ` via ${route.via}`} (${route.interface ?? '?'})`;
      return [{ subnet, what, node, interface: route.interface }];
    });
    return [...addresses, ...routes];
  });
  const here = laptop.flatMap((cidr): Taken[] => {
    const subnet = networkOf(cidr);
    return subnet && subnet.prefix > 0 ? [{ subnet, what: cidr, node: null, interface: null }] : [];
  });
  return [...own, ...here];
}

/** Where free networks are looked for: 192.168.100…254, then two corners that home networks and Docker leave alone. */
const searched = ['192.168.', '10.100.', '172.31.'] as const;

/** The first `count` consecutive /24 networks that overlap none of `taken`; undefined when there are none. */
export function nextFree(count: number, taken: readonly Subnet[]): Subnet[] | undefined {
  for (const start of searched) {
    for (let third = 100; third + count <= 256; third += 2) {
      const run = Array.from({ length: count }, (_, place) => networkOf(`${start}${third + place}.0/24`));
      const free = run.filter(
        (subnet): subnet is Subnet => !!subnet && !taken.some((other) => overlaps(other, subnet)),
      );
      if (free.length === count) return free;
    }
  }
  return undefined;
}
