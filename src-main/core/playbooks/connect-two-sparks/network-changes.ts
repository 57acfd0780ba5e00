import type { Change } from '../../change/kind';
import type { NodeView } from '../../engine/playbook';
import { note } from './codes';
import { nameOf, valueOf } from '../pair';
import { netplanPath } from './inputs';
import { isInterface } from './names';
import { netplanDocument, type DocumentPort } from './netplan-document';
import type { NetplanPicture } from './netplan-foreign';
import { fourAddressHost } from './network-links';
import type { NetworkLink, NetworkPlan } from './shared';
import { hostAddress, networkOf } from './subnets';

/** How long the node waits for our word before it takes the network change back, s. */
const GUARD_SECONDS = 60;
/** First address range of RFC 3927. */
const LINK_LOCAL = '169.254.0.0/16';

type Position = 0 | 1;

function cidr({ subnet, addresses }: NetworkLink, position: Position): string[] {
  return addresses && subnet ? [`${addresses[position]}/${subnet.split('/')[1] ?? '24'}`] : [];
}

/** The ports of one node as its document has them. */
function documentPorts(view: NodeView, position: Position, plan: NetworkPlan): DocumentPort[] {
  const { mtu, links, method } = plan;
  if (method !== 'four-addresses')
    return links.map((link) => ({
      name: link.ports[position].netdev,
      addresses: method === 'link-local' ? [] : cidr(link, position),
      linkLocal: method === 'link-local' ? 'ipv4' : 'none',
      mtu,
    }));
  const subnets = new Map(links.map(({ ports, subnet }) => [ports[0].port, subnet] as const));
  return (valueOf(view.facts.ports) ?? []).flatMap((port): DocumentPort[] => {
    const network = networkOf(subnets.get(port.port) ?? plan.spareSubnet ?? '');
    if (port.port === null || port.half === null || !network) return [];
    const address = hostAddress(network, fourAddressHost(port.port, port.half) + position);
    return [{ name: port.netdev, addresses: [`${address}/${network.prefix}`], linkLocal: 'none', mtu }];
  });
}

/** The text that the node's file gets; null where the method writes none. */
export function documentOf(view: NodeView, position: Position, plan: NetworkPlan): string | null {
  if (plan.method === 'temporary' || plan.method === 'adopted') return null;
  const renderer = valueOf(view.facts.netplan)?.renderer ?? null;
  return netplanDocument(documentPorts(view, position, plan), renderer);
}

/** Other tools' files that go when ours comes. */
function removals(picture: NetplanPicture, keepPath: boolean): string[] {
  return picture.foreign.map(({ path }) => path).filter((path) => !(keepPath && path === netplanPath));
}

export interface NodeWork {
  readonly view: NodeView;
  readonly position: Position;
  readonly plan: NetworkPlan;
  readonly picture: NetplanPicture;
  /** Whether other tools' files are taken away. */
  readonly replace: boolean;
}

/** What one node has to change, in order. */
export function networkChanges(work: NodeWork): Change[] {
  return [...netplanChange(work), ...addressChanges(work), ...firewallChanges(work)];
}

function netplanChange({ view, position, plan, picture, replace }: NodeWork): Change[] {
  const node = nameOf(view);
  const text = documentOf(view, position, plan);
  const gone = replace ? removals(picture, text !== null) : [];
  const files = [
    ...(text === null ? [] : [{ path: netplanPath, content: text, mode: '0600' }]),
    ...gone.map((path) => ({ path, content: null, mode: '0600' })),
  ];
  if (files.length === 0) return [];
  const interfaces = [
    ...plan.links.map(({ ports }) => ports[position].netdev),
    ...(text === null ? [] : documentPorts(view, position, plan).map(({ name }) => name)),
    ...(picture.own?.ports ?? []).map(({ port }) => port),
    ...(replace ? picture.foreign.flatMap(({ ports }) => ports.map(({ port }) => port)) : []),
  ];
  return [
    {
      id: `network/${node}/netplan`,
      node,
      kind: 'netplan',
      spec: { files, interfaces: [...new Set(interfaces)].filter(isInterface), seconds: GUARD_SECONDS },
      summary:
        text === null
          ? note('connect.change.netplan-remove', { node, files: gone.join(', ') })
          : note('connect.change.netplan', { node, path: netplanPath }),
      step: 0,
    },
  ];
}

function addressChanges({ view, position, plan }: NodeWork): Change[] {
  if (plan.method !== 'temporary') return [];
  const node = nameOf(view);
  return plan.links.map((link) => {
    const port = link.ports[position].netdev;
    const addresses = cidr(link, position);
    return {
      id: `network/${node}/address-${port}`,
      node,
      kind: 'address',
      spec: { interface: port, addresses, mtu: plan.mtu, up: true },
      summary: note('connect.change.address', { node, port, address: addresses.join(', ') }),
      step: 1,
    };
  });
}

function firewallChanges({ view, position, plan }: NodeWork): Change[] {
  const firewall = valueOf(view.facts.firewall);
  if (firewall?.active !== true) return [];
  const node = nameOf(view);
  return plan.links
    .filter(({ required }) => required)
    .map((link) => {
      const port = link.ports[position].netdev;
      const peer = link.addresses?.[position === 0 ? 1 : 0];
      const from = peer === undefined || peer.startsWith('169.254.') ? LINK_LOCAL : peer;
      return {
        id: `network/${node}/firewall-${port}`,
        node,
        kind: 'firewall',
        spec: { interface: port, from, comment: 'twinspark' },
        summary: note('connect.change.firewall', { node, port, peer: from }),
        step: 2,
      };
    });
}

/** Whether the node's files, addresses and firewall already are as planned. */
export function isInPlace(work: NodeWork): boolean {
  const { view, position, plan, picture, replace } = work;
  const text = documentOf(view, position, plan);
  if (text !== null && (picture.own?.text !== text || picture.own.mode !== '0600')) return false;
  if (replace && removals(picture, false).length > 0) return false;
  const ports = plan.links.every((link) => {
    const { netdev, mtu } = link.ports[position];
    if (plan.mtu !== null && mtu !== plan.mtu) return false;
    const present = (valueOf(view.facts.addresses) ?? []).filter((entry) => entry.interface === netdev);
    const wanted = cidr(link, position);
    if (wanted.length === 0)
      return !link.required || present.some(({ address }) => address.startsWith('169.254.'));
    return wanted.every((one) => present.some(({ address, prefix }) => `${address}/${prefix}` === one));
  });
  const rules = valueOf(view.facts.firewall)?.rules ?? [];
  const allowed = firewallChanges(work).every(({ spec }) => {
    const { interface: port, from } = spec as { interface: string; from: string };
    return rules.some(
      (rule) => rule.includes(`on ${port} `) && rule.includes('ALLOW') && rule.includes(from),
    );
  });
  return ports && allowed;
}
