import type { Message } from '../../../contract/message';
import type { Blocker } from '../../../contract/plan';
import type { Pair, StageContext } from '../../engine/playbook';
import { blocker, note } from './codes';
import { nameOf } from '../pair';
import { defaultSubnets } from './inputs';
import {
  findClash,
  fourAddressLinks,
  freeSubnets,
  slotCount,
  staticLinks,
  type Clash,
} from './network-links';
import type { NetplanPicture } from './netplan-foreign';
import type { Method, NetworkLink, NetworkPlan, PortLink, Shared } from './shared';
import { format, overlaps, parseSubnets, takenNetworks, type Subnet, type Taken } from './subnets';

export type Planned =
  | { readonly plan: NetworkPlan; readonly notes: readonly Message[] }
  | { readonly blockers: readonly Blocker[] };

/** The networks of NVIDIA's November 2025 edition: one for each physical port. */
const fourAddressSubnets = '192.168.100.0/24,192.168.200.0/24';

/** Stands for the computer that Twinspark runs on where a message names a node; its text has a word for it. */
export const thisComputer = '_';

/** Which addresses the links get by the chosen method. */
export function planNetwork(context: StageContext<Shared>, pictures: Pair<NetplanPicture>): Planned {
  const { inputs, shared } = context;
  const method = inputs['network.method'] as Method;
  const mtu = inputs['network.mtu'] === '9000' ? 9000 : null;
  if (method === 'link-local') return linkLocal(shared.links, mtu);
  const four = method === 'four-addresses';
  const mixed = four ? shared.links.find(({ ports }) => ports[0].port !== ports[1].port) : undefined;
  if (mixed) return { blockers: [fourMixed(context, mixed)] };
  // A network for each physical port, else for each half.
  const count = four ? 2 : slotCount(shared.links);
  const chosen = chooseSubnets(context, pictures, four ? fourAddressSubnets : defaultSubnets, count, four);
  if ('blockers' in chosen) return chosen;
  const links = (four ? fourAddressLinks : staticLinks)(shared.links, chosen.subnets);
  const notes = [...chosen.notes];
  if (method === 'four-addresses') notes.push(note('connect.network.four-addresses', {}));
  if (method === 'temporary') notes.push(note('connect.network.temporary', {}));
  const spare = chosen.subnets.map(format).find((subnet) => !links.some((link) => link.subnet === subnet));
  return {
    plan: { method, mtu, links, ...(four && spare !== undefined ? { spareSubnet: spare } : {}) },
    notes,
  };
}

function fourMixed({ nodes }: StageContext<Shared>, { ports }: PortLink): Blocker {
  const names = { node1: nameOf(nodes[0]), node2: nameOf(nodes[1]) };
  return blocker('connect.network.four-addresses-mixed', {
    port1: ports[0].netdev,
    port2: ports[1].netdev,
    ...names,
  });
}

/** NVIDIA's first edition: the first half alone, addresses of the ports' own making. */
function linkLocal(links: readonly PortLink[], mtu: number | null): Planned {
  const [only, second] = links.filter(({ half }) => half !== 'b');
  if (!only) return { blockers: [blocker('connect.network.link-local-half', {})] };
  const link: NetworkLink = { ...only, subnet: '169.254.0.0/16', addresses: null, required: true };
  return {
    plan: { method: 'link-local', mtu, links: [link] },
    // All link-local addresses are in one network: two ports in it would answer for each other.
    notes: [
      note('connect.network.link-local', {}),
      ...(second ? [note('connect.network.link-local-one-cable', { port: only.ports[0].netdev })] : []),
    ],
  };
}

type Chosen =
  | { readonly subnets: readonly Subnet[]; readonly notes: readonly Message[] }
  | { readonly blockers: readonly Blocker[] };

function chooseSubnets(
  context: StageContext<Shared>,
  pictures: Pair<NetplanPicture>,
  standard: string,
  count: number,
  byPort: boolean,
): Chosen {
  const { nodes, inputs, chosen, laptopNetworks, shared } = context;
  const byPerson = chosen.has('network.subnets');
  const text = byPerson ? (inputs['network.subnets'] ?? '') : standard;
  const wanted = parseSubnets(text);
  if (typeof wanted === 'string')
    return { blockers: [blocker('connect.network.bad-subnets', { subnets: text, reason: wanted })] };
  const taken = released(takenNetworks(nodes, laptopNetworks), context, pictures);
  const clashOf = (subnets: readonly Subnet[]) =>
    byPort ? clashByPort(context, subnets, taken) : findClash(nodes, shared.links, subnets, taken);
  if (wanted.length < count && byPerson)
    return { blockers: [blocker('connect.network.bad-subnets', { subnets: text, reason: 'few' })] };
  // What the ports of the links already have may be what this playbook gave them: asked for first.
  const elsewhere = taken.filter((entry) => !onLinkPort(entry, context));
  const full =
    wanted.length < count
      ? [elsewhere, taken]
          .map((others) => extended(wanted, count, others))
          .find((found) => found && !clashOf(found))
      : wanted;
  const clash = full && clashOf(full);
  if (full && !clash) return { subnets: full, notes: [] };
  if (byPerson && clash) return { blockers: [clashBlocker(clash)] };
  const free = [elsewhere, taken]
    .map((others) => freeSubnets(count, others))
    .find((found) => found && !clashOf(found));
  if (!free) return { blockers: [blocker('connect.network.no-free-subnet', {})] };
  const params = {
    wanted: text.replaceAll(',', ', '),
    subnets: free.slice(0, count).map(format).join(', '),
    what: clash?.taken.what ?? '',
    node: clash?.taken.node ?? thisComputer,
  };
  return { subnets: free, notes: [note('connect.network.subnets-moved', params)] };
}

function onLinkPort(entry: Taken, { nodes, shared }: StageContext<Shared>): boolean {
  const end = nodes.findIndex((view) => nameOf(view) === entry.node);
  return end >= 0 && shared.links.some(({ ports }) => ports[end as 0 | 1].netdev === entry.interface);
}

/** A second cable's networks follow the standard ones. */
function extended(subnets: readonly Subnet[], count: number, taken: readonly Taken[]): Subnet[] | undefined {
  const used = subnets.map((subnet): Taken => ({ subnet, what: '', node: null, interface: null }));
  const more = freeSubnets(count - subnets.length, [...taken, ...used]);
  return more && [...subnets, ...more];
}

/** All four ports have an address then, so that what is on any of them is replaced or sits beside it. */
function clashByPort(
  { nodes }: StageContext<Shared>,
  subnets: readonly Subnet[],
  taken: readonly Taken[],
): Clash | undefined {
  const elsewhere = taken.filter(({ node, interface: port }) => {
    const view = nodes.find((one) => nameOf(one) === node);
    return !(view?.facts.ports.known && view.facts.ports.value.some(({ netdev }) => netdev === port));
  });
  for (const subnet of subnets) {
    const found = elsewhere.find((entry) => overlaps(entry.subnet, subnet));
    if (found) return { subnet, taken: found };
  }
  return undefined;
}

/** Without the addresses that our own file, or one that is being replaced, gives to a CX-7 port: they go when it goes. */
function released(
  taken: readonly Taken[],
  { nodes, inputs }: StageContext<Shared>,
  pictures: Pair<NetplanPicture>,
): Taken[] {
  const replacing = inputs['network.foreign'] === 'replace';
  return taken.filter((entry) => {
    const position = nodes.findIndex((view) => nameOf(view) === entry.node);
    const picture = pictures[position as 0 | 1] as NetplanPicture | undefined;
    if (!picture) return true;
    const definitions = [
      ...(picture.own?.ports ?? []),
      ...(replacing ? picture.foreign.flatMap(({ ports }) => ports) : []),
    ];
    return !definitions.some(
      ({ port, addresses }) =>
        port === entry.interface && addresses.some((address) => entry.what.startsWith(`${address} `)),
    );
  });
}

function clashBlocker({ subnet, taken }: Clash): Blocker {
  const params = { subnet: format(subnet), what: taken.what, node: taken.node ?? thisComputer };
  return blocker('connect.network.subnet-clash', params);
}
