import type { Message } from '../../../contract/message';
import type { Pair, Stage, StageContext } from '../../engine/playbook';
import { addressesOn } from './cable-look';
import { blocker, note } from './codes';
import { blocked, both, nameOf, valueOf } from '../pair';
import { missingFacts } from './facts';
import { netplanPicture, type NetplanPicture } from './netplan-foreign';
import { isInPlace, networkChanges, type NodeWork } from './network-changes';
import { dealWithForeign } from './network-foreign';
import { planNetwork } from './network-plan';
import { verifyNetwork } from './network-verify';
import type { NetworkPlan, Shared } from './shared';

/** An address for each half on each node, in a network of its own. */
export const network: Stage<Shared> = {
  id: 'network',
  needs: [],
  assess(context) {
    return Promise.resolve(assess(context));
  },
  verify: verifyNetwork,
};

function assess(context: StageContext<Shared>) {
  const { nodes, shared } = context;
  const missing = missingFacts(nodes, ['ports', 'links', 'addresses', 'routes', 'netplan']);
  if (missing.length > 0) return blocked(missing);
  if (shared.links.length === 0) return blocked([blocker('connect.earlier-stage', { stage: 'cable' })]);
  const pictures = both(nodes, ({ facts }) =>
    netplanPicture(valueOf(facts.netplan)?.files ?? [], {
      ports: valueOf(facts.ports) ?? [],
      interfaces: valueOf(facts.links) ?? [],
    }),
  );
  const dealing = dealWithForeign(context, pictures);
  if (dealing.kind === 'blocked') return blocked(dealing.blockers);
  const planned =
    dealing.kind === 'adopt' ? { plan: dealing.plan, notes: dealing.notes } : planNetwork(context, pictures);
  if ('blockers' in planned) return blocked(planned.blockers);

  const plan = withOwnAddresses(context, planned.plan);
  shared.network = plan;
  const replace = dealing.kind === 'replace';
  const work = both(nodes, (view, position): NodeWork => ({
    view,
    position,
    plan,
    picture: pictures[position],
    replace,
  }));
  const notes = [
    ...planned.notes,
    ...(replace ? replaced(context, pictures) : []),
    ...describe(context, plan),
    ...firewalls(context),
  ];
  if (work.every(isInPlace)) {
    shared.settled.add('network');
    return { status: 'satisfied' as const, notes };
  }
  return { status: 'needed' as const, notes, changes: work.flatMap(networkChanges) };
}

/** The addresses that link-local ports have right now, for whoever measures before anything has to change. */
function withOwnAddresses({ nodes }: StageContext<Shared>, plan: NetworkPlan): NetworkPlan {
  const links = plan.links.map((link) => {
    if (link.addresses || !link.required) return link;
    const [first, second] = both(nodes, (view, position) =>
      addressesOn(view, link.ports[position].netdev).find((cidr) => cidr.startsWith('169.254.')),
    ).map((cidr) => cidr?.split('/')[0]);
    const found: Pair<string> | null = first !== undefined && second !== undefined ? [first, second] : null;
    return { ...link, addresses: found };
  });
  return { ...plan, links };
}

function replaced({ nodes }: StageContext<Shared>, pictures: Pair<NetplanPicture>): Message[] {
  return nodes.flatMap((view, position) => {
    const { foreign } = pictures[position as 0 | 1];
    const files = foreign.map(({ path }) => path).join(', ');
    return foreign.length === 0 ? [] : [note('connect.network.replaced', { node: nameOf(view), files })];
  });
}

function describe({ nodes }: StageContext<Shared>, { links, mtu }: NetworkPlan): Message[] {
  const names = { node1: nameOf(nodes[0]), node2: nameOf(nodes[1]) };
  const found = links.flatMap(({ half, ports, addresses }) => {
    if (!addresses) return [];
    const [address1, address2] = addresses;
    const ends = { port1: ports[0].netdev, address1, port2: ports[1].netdev, address2 };
    return [note('connect.network.link', { half: half ?? '?', ...ends, ...names })];
  });
  return mtu === null ? found : [...found, note('connect.network.mtu', { mtu })];
}

function firewalls({ nodes }: StageContext<Shared>): Message[] {
  return nodes.flatMap((view) => {
    const { firewall } = view.facts;
    const node = nameOf(view);
    if (!firewall.known) return [note('connect.network.firewall-unknown', { node })];
    return firewall.value.active ? [note('connect.network.firewall-open', { node })] : [];
  });
}
