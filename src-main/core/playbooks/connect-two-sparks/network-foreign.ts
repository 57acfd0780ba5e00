import type { Message } from '../../../contract/message';
import type { Blocker } from '../../../contract/plan';
import type { NodeView, Pair, StageContext } from '../../engine/playbook';
import { addressesOn } from './cable-look';
import { blocker, note } from './codes';
import { nameOf, valueOf } from '../pair';
import type { ForeignFile, NetplanPicture, PortDefinition } from './netplan-foreign';
import type { NetworkLink, NetworkPlan, PortLink, Shared } from './shared';
import { format, networkOf, overlaps } from './subnets';

/** What is done about other tools' files. */
export type Dealing =
  | { readonly kind: 'none' }
  | { readonly kind: 'replace' }
  | { readonly kind: 'adopt'; readonly plan: NetworkPlan; readonly notes: readonly Message[] }
  | { readonly kind: 'blocked'; readonly blockers: readonly Blocker[] };

/** `spark-5c2d: /etc/netplan/99-nvidia-sync-cluster.yaml (enp1s0f1np1 192.168.100.1/24)`, one after the other. */
function listFiles(nodes: Pair<NodeView>, pictures: Pair<NetplanPicture>): string {
  return nodes
    .flatMap((view, position) =>
      pictures[position as 0 | 1].foreign.map(({ path, ports }) => {
        const what = ports.map(({ port, addresses, linkLocalIpv4 }) =>
          [port, ...addresses, ...(linkLocalIpv4 ? ['link-local'] : [])].join(' '),
        );
        return `${nameOf(view)}: ${path} (${what.length > 0 ? what.join(', ') : '–'})`;
      }),
    )
    .join('; ');
}

/** Four tools write netplan files for these ports, and netplan merges them all: what becomes of them, their owner says. */
export function dealWithForeign(context: StageContext<Shared>, pictures: Pair<NetplanPicture>): Dealing {
  const { nodes, inputs, shared } = context;
  if (pictures.every(({ foreign }) => foreign.length === 0)) return { kind: 'none' };
  const unread = eachForeign(nodes, pictures, ({ problem }) => problem !== null).map(({ node, file }) =>
    blocker(
      'connect.network.foreign-unreadable',
      { node, path: file.path, detail: file.problem ?? '' },
      { node },
    ),
  );
  if (unread.length > 0) return { kind: 'blocked', blockers: unread };
  const files = listFiles(nodes, pictures);
  switch (inputs['network.foreign']) {
    case 'adopt':
      return adopt(nodes, pictures, shared.links, files);
    case 'replace': {
      const kept = unremovable(nodes, pictures);
      return kept.length > 0 ? { kind: 'blocked', blockers: kept } : { kind: 'replace' };
    }
    case 'stop':
      return { kind: 'blocked', blockers: [blocker('connect.network.foreign-stop', { files })] };
    default: {
      const decide = { input: 'network.foreign', values: ['adopt', 'replace', 'stop'] };
      return { kind: 'blocked', blockers: [blocker('connect.network.foreign-files', { files }, { decide })] };
    }
  }
}

function eachForeign(
  nodes: Pair<NodeView>,
  pictures: Pair<NetplanPicture>,
  which: (file: ForeignFile) => boolean,
): { node: string; file: ForeignFile }[] {
  return nodes.flatMap((view, position) =>
    pictures[position as 0 | 1].foreign.filter(which).map((file) => ({ node: nameOf(view), file })),
  );
}

/** Files that a change cannot take away: those with more in them, and those outside /etc/netplan. */
function unremovable(nodes: Pair<NodeView>, pictures: Pair<NetplanPicture>): Blocker[] {
  const removable = /^\/etc\/netplan\/[A-Za-z0-9][A-Za-z0-9_.-]*\.yaml$/;
  return [
    ...eachForeign(nodes, pictures, ({ others }) => others.length > 0).map(({ node, file }) => {
      const params = { node, path: file.path, others: file.others.join(', ') };
      return blocker('connect.network.foreign-mixed', params, { node });
    }),
    ...eachForeign(nodes, pictures, ({ path }) => !removable.test(path)).map(({ node, file }) =>
      blocker('connect.network.foreign-place', { node, path: file.path }, { node }),
    ),
  ];
}

function definitionsOf({ foreign, own }: NetplanPicture, port: string): PortDefinition[] {
  return [...foreign.flatMap(({ ports }) => ports), ...(own?.ports ?? [])].filter((one) => one.port === port);
}

/** Uses the addresses that the files give, where they make a pair that works. */
function adopt(
  nodes: Pair<NodeView>,
  pictures: Pair<NetplanPicture>,
  links: readonly PortLink[],
  files: string,
): Dealing {
  const found = links.map((link) => adoptLink(nodes, pictures, link));
  const [first] = links;
  if (!first) return { kind: 'blocked', blockers: [blocker('connect.earlier-stage', { stage: 'cable' })] };
  const names = { node1: nameOf(nodes[0]), node2: nameOf(nodes[1]) };
  const usable = found.filter(({ required }) => required);
  if (usable.length === 0) {
    const ends = { port1: first.ports[0].netdev, port2: first.ports[1].netdev, ...names };
    return { kind: 'blocked', blockers: [blocker('connect.network.adopt-no-pair', ends)] };
  }
  const blockers = [...sameSubnet(found), ...notApplied(nodes, found)];
  if (blockers.length > 0) return { kind: 'blocked', blockers };
  const notes = [
    note('connect.network.adopted', { files }),
    ...found
      .filter(({ required }) => !required)
      .map(({ ports }) =>
        note('connect.network.adopted-half', { port1: ports[0].netdev, port2: ports[1].netdev }),
      ),
  ];
  return { kind: 'adopt', plan: { method: 'adopted', mtu: null, links: found }, notes };
}

function adoptLink(nodes: Pair<NodeView>, pictures: Pair<NetplanPicture>, link: PortLink): NetworkLink {
  const defined = link.ports.map((port, end) => definitionsOf(pictures[end as 0 | 1], port.netdev));
  const cidrs = defined.map((definitions) => definitions.flatMap(({ addresses }) => addresses));
  for (const one of cidrs[0] ?? [])
    for (const two of cidrs[1] ?? []) {
      const [a, b] = [networkOf(one), networkOf(two)];
      if (!a || !b || one === two || format(a) !== format(b)) continue;
      const addresses: Pair<string> = [one.split('/')[0] ?? '', two.split('/')[0] ?? ''];
      return { ...link, subnet: format(a), addresses, required: true };
    }
  const linkLocal = defined.every((definitions) => definitions.some((one) => one.linkLocalIpv4));
  const present = link.ports.every((port, end) =>
    addressesOn(nodes[end as 0 | 1], port.netdev).some((cidr) => cidr.startsWith('169.254.')),
  );
  return { ...link, subnet: null, addresses: null, required: linkLocal && present };
}

/** Two links in one network: answers leave by whichever port the kernel likes (ARP flux), and NCCL fails. */
function sameSubnet(links: readonly NetworkLink[]): Blocker[] {
  return links.flatMap((link, index) => {
    const own = link.subnet === null ? undefined : networkOf(link.subnet);
    const other = links.slice(0, index).find(({ subnet }) => {
      const network = subnet === null ? undefined : networkOf(subnet);
      return own && network && overlaps(own, network);
    });
    if (!other) return [];
    const ports = { port1: other.ports[0].netdev, port2: link.ports[0].netdev };
    return [blocker('connect.network.adopt-same-subnet', { subnet: link.subnet ?? '', ...ports })];
  });
}

/** A file that is there but was never applied, or that something else overrules. */
function notApplied(nodes: Pair<NodeView>, links: readonly NetworkLink[]): Blocker[] {
  return links.flatMap(({ ports, addresses }) =>
    (addresses ?? []).flatMap((address, end) => {
      const view = nodes[end as 0 | 1];
      const port = ports[end as 0 | 1].netdev;
      const there = (valueOf(view.facts.addresses) ?? []).some(
        (entry) => entry.interface === port && entry.address === address,
      );
      const node = nameOf(view);
      return there ? [] : [blocker('connect.network.adopt-not-applied', { node, port, address }, { node })];
    }),
  );
}
