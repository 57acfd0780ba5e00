import type { CxPort } from '../../../contract/facts';
import type { Pair } from '../../engine/playbook';
import type { PortLink } from './shared';

/** A hardware address that a node met behind one of its ports. */
export interface Sighting {
  /** Which node: the first or the second of the pair. */
  readonly position: 0 | 1;
  readonly port: string;
  readonly mac: string;
}

export interface CableMap {
  /** Port 0 before port 1, the `enp1…` half before the `enP2p1…` half, seen from node 1. */
  readonly links: readonly PortLink[];
  /** Links that could not be asked for, because a port has no address yet, and are taken from the ports' places. */
  readonly assumed: ReadonlySet<PortLink>;
}

/** Fits the halves of one cable together before it fits anything else. */
function likeness(a: CxPort, b: CxPort): number {
  return (a.half === b.half ? 2 : 0) + (a.port === b.port ? 1 : 0);
}

function place({ port, half }: CxPort): number {
  return (port ?? 2) * 2 + (half === 'b' ? 1 : 0);
}

/**
 * Which port reaches which. Both halves of a Spark's port sit on one wire, so a port may well have met both halves of the
 * other end, and through a switch everything meets everything: the likest pairs are taken first, each port once.
 * @param ports the ports with carrier
 * @param blind whether two ports had no way to meet (no address that both can use)
 */
export function mapCables(
  ports: Pair<readonly CxPort[]>,
  sightings: readonly Sighting[],
  blind: (first: CxPort, second: CxPort) => boolean,
): CableMap {
  const saw = (position: 0 | 1, port: CxPort, other: CxPort) =>
    other.mac !== null &&
    sightings.some(
      (seen) =>
        seen.position === position &&
        seen.port === port.netdev &&
        seen.mac.toLowerCase() === other.mac?.toLowerCase(),
    );
  const pairs = ports[0]
    .flatMap((first) => ports[1].map((second) => ({ first, second })))
    .sort(
      (x, y) =>
        likeness(y.first, y.second) - likeness(x.first, x.second) ||
        place(x.first) - place(y.first) ||
        place(x.second) - place(y.second),
    );
  const used = new Set<CxPort>();
  const links: PortLink[] = [];
  const assumed = new Set<PortLink>();
  const take = (first: CxPort, second: CxPort): PortLink | undefined => {
    if (used.has(first) || used.has(second)) return undefined;
    used.add(first).add(second);
    const link: PortLink = { half: first.half, ports: [first, second] };
    links.push(link);
    return link;
  };
  for (const { first, second } of pairs)
    if (saw(0, first, second) || saw(1, second, first)) take(first, second);
  for (const { first, second } of pairs) {
    if (first.half !== second.half || !blind(first, second)) continue;
    const link = take(first, second);
    if (link) assumed.add(link);
  }
  links.sort((a, b) => place(a.ports[0]) - place(b.ports[0]));
  return { links, assumed };
}
