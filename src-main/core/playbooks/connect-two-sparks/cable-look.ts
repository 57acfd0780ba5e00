import type { CxPort } from '../../../contract/facts';
import type { NodeView } from '../../engine/playbook';
import { lines, raw, sh, type Script } from '../../shell/quote';
import { valueOf } from '../pair';
import { networkOf, overlaps } from './subnets';

/** How long a port waits for the other end, s. A direct cable answers within a millisecond. */
const WAIT_S = 0.5;

/** IPv4 addresses of a port, CIDR. */
export function addressesOn({ facts }: NodeView, port: string): string[] {
  return (valueOf(facts.addresses) ?? [])
    .filter((entry) => entry.interface === port && entry.family === 'inet')
    .map((entry) => `${entry.address}/${entry.prefix}`);
}

export function hasLinkLocal({ facts }: NodeView, port: string): boolean {
  return (valueOf(facts.addresses) ?? []).some(
    (entry) => entry.interface === port && entry.family === 'inet6' && entry.address.startsWith('fe80:'),
  );
}

/** The other end's address (without prefix) that a port could ask for by IPv4: one in a network that both are in. */
export function commonAddress(own: readonly string[], other: readonly string[]): string | undefined {
  const networks = own.flatMap((cidr) => networkOf(cidr) ?? []);
  const found = other.find((cidr) => {
    const network = networkOf(cidr);
    return network && !own.includes(cidr) && networks.some((one) => overlaps(one, network));
  });
  return found?.split('/')[0];
}

/**
 * Makes the kernel meet what is behind each port, all ports at once, then prints whom it knows. IPv6 first: every
 * interface has a link-local address unless it was told otherwise, and then it was given an IPv4 one. `-L` keeps ping from
 * hearing itself.
 */
export function neighbourScript(
  view: NodeView,
  up: readonly CxPort[],
  peer: NodeView,
  peerUp: readonly CxPort[],
): Script {
  const asks = up.flatMap(({ netdev }) => {
    const own = addressesOn(view, netdev);
    const targets = peerUp.flatMap((other) => commonAddress(own, addressesOn(peer, other.netdev)) ?? []);
    // Without an address of its own the port would only wait for an answer that cannot come.
    const silent = view.facts.addresses.known && !hasLinkLocal(view, netdev);
    return [
      ...(silent ? [] : [askAll(netdev)]),
      ...[...new Set(targets)].map(
        (target) => sh`ping -4 -n -q -c 1 -W ${WAIT_S} -I ${netdev} ${target} >/dev/null 2>&1 &`,
      ),
    ];
  });
  return lines(...asks, raw('wait'), raw('ip -j neigh show'));
}

/** Calls whoever is on the link. */
function askAll(port: string): Script {
  return sh`ping -6 -n -q -L -c 1 -W ${WAIT_S} ${`ff02::1%${port}`} >/dev/null 2>&1 &`;
}

/** `ip -j neigh`: interface and hardware address of each neighbour that answered at some time; [] for anything else. */
export function parseNeighbours(output: string): { port: string; mac: string }[] {
  let rows: unknown;
  try {
    rows = JSON.parse(output.trim() || '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    if (row === null || typeof row !== 'object') return [];
    const { dev, lladdr, state } = row as { dev?: unknown; lladdr?: unknown; state?: unknown };
    if (typeof dev !== 'string' || typeof lladdr !== 'string') return [];
    if (Array.isArray(state) && state.includes('FAILED')) return [];
    return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(lladdr) ? [{ port: dev, mac: lladdr.toLowerCase() }] : [];
  });
}
