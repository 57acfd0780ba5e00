import type { CxPort } from '../../../contract/facts';
import type { Message } from '../../../contract/message';
import type { Blocker } from '../../../contract/plan';
import type { NodeView, Pair, Stage, StageContext } from '../../engine/playbook';
import { sh } from '../../shell/quote';
import { addressesOn, commonAddress, hasLinkLocal, neighbourScript, parseNeighbours } from './cable-look';
import { mapCables, type CableMap, type Sighting } from './cable-map';
import { blocker, note } from './codes';
import { blocked, both, nameOf, valueOf } from '../pair';
import { missingFacts } from './facts';
import { isInterface } from './names';
import type { PortLink, Shared } from './shared';

/** What a healthy port says of itself: 200 Gb/s, over four PCIe lanes for each half. */
const FULL_SPEED_MBPS = 200_000;
const FULL_LANES = 4;

/** Which ports have a cable, and which port of one node reaches which of the other. Changes nothing. */
export const cable: Stage<Shared> = {
  id: 'cable',
  needs: [],
  async assess(context) {
    const { nodes, inputs, shared } = context;
    const missing = missingFacts(nodes, ['ports']);
    if (missing.length > 0) return blocked(missing);
    const all = both(nodes, ({ facts }) => valueOf(facts.ports) ?? []);
    const strange = nodes.flatMap((view, position) => strangePorts(view, all[position as 0 | 1]));
    if (strange.length > 0) return blocked(strange);
    const up = both(all, (ports) => ports.filter((port) => port.up));
    const dark = darkNodes(nodes, all, up);
    if (dark.length > 0) return blocked(dark);

    const seen = await meet(context, up);
    const map = mapCables(up, seen, (first, second) => isBlind(nodes, first, second));
    shared.links = map.links;
    const found = [...describe(nodes, map), ...strangers(nodes, all, seen)];
    const fault = wrongHalves(nodes, up, map.links, inputs['cable.one-half'] === 'accept');
    if (fault) return blocked([fault], found);
    shared.settled.add('cable');
    const [only, ...others] = new Set(map.links.map(({ half }) => half));
    if (only !== null && only !== undefined && others.length === 0)
      found.push(note('connect.cable.one-half-accepted', { half: only }));
    return { status: 'satisfied', notes: found };
  },
};

function strangePorts(view: NodeView, ports: readonly CxPort[]): Blocker[] {
  const node = nameOf(view);
  return ports
    .filter(({ netdev }) => !isInterface(netdev))
    .map(({ netdev }) => blocker('connect.bad-interface', { node, port: netdev }, { node }));
}

/** Nodes none of whose ports has carrier, each with the likeliest reason. */
function darkNodes(nodes: Pair<NodeView>, all: Pair<CxPort[]>, up: Pair<CxPort[]>): Blocker[] {
  const dark = ([0, 1] as const).filter((position) => up[position].length === 0);
  const reasons = dark.flatMap((position) => {
    const view = nodes[position];
    const node = nameOf(view);
    if (all[position].length === 0) return [blocker('connect.cable.no-nic', { node }, { node })];
    const off = all[position].filter(({ netdev }) =>
      (valueOf(view.facts.links) ?? []).some((link) => link.name === netdev && !link.enabled),
    );
    if (off.length < all[position].length) return [];
    const command = off.map(({ netdev }) => sh`sudo ip link set ${netdev} up`.text).join('; ');
    const ports = off.map(({ netdev }) => netdev).join(', ');
    return [blocker('connect.cable.ports-off', { node, ports, command }, { node })];
  });
  if (reasons.length > 0 || dark.length === 0) return reasons;
  if (dark.length === 2)
    return [blocker('connect.cable.no-carrier-both', { node1: nameOf(nodes[0]), node2: nameOf(nodes[1]) })];
  return dark.map((position) => {
    const node = nameOf(nodes[position]);
    return blocker('connect.cable.no-carrier', { node }, { node });
  });
}

/** Both nodes ask at once, so that each also hears the other's question. */
async function meet(context: StageContext<Shared>, up: Pair<CxPort[]>): Promise<Sighting[]> {
  const { nodes } = context;
  const answers = await Promise.all(
    ([0, 1] as const).map(async (position) => {
      const other = position === 0 ? 1 : 0;
      const script = neighbourScript(nodes[position], up[position], nodes[other], up[other]);
      const { stdout } = await context.look(nameOf(nodes[position]), script, {
        root: true,
        timeoutMs: 10_000,
      });
      return parseNeighbours(stdout)
        .filter(({ port }) => up[position].some(({ netdev }) => netdev === port))
        .map((seen): Sighting => ({ position, ...seen }));
    }),
  );
  return answers.flat();
}

/** Whether two ports have no kind of address over which one could have met the other. */
function isBlind(nodes: Pair<NodeView>, first: CxPort, second: CxPort): boolean {
  if (hasLinkLocal(nodes[0], first.netdev) && hasLinkLocal(nodes[1], second.netdev)) return false;
  const own = addressesOn(nodes[0], first.netdev);
  return commonAddress(own, addressesOn(nodes[1], second.netdev)) === undefined;
}

function describe(nodes: Pair<NodeView>, { links, assumed }: CableMap): Message[] {
  const names = { node1: nameOf(nodes[0]), node2: nameOf(nodes[1]) };
  const found = links.flatMap((link): Message[] => {
    const [first, second] = link.ports;
    const ends = { port1: first.netdev, port2: second.netdev, ...names };
    const said = [note('connect.cable.link', { half: link.half ?? '?', ...ends })];
    if (assumed.has(link)) said.push(note('connect.cable.assumed', ends));
    if (first.half !== second.half) said.push(note('connect.cable.crossed-halves', ends));
    else if (first.port !== second.port) said.push(note('connect.cable.mixed-ports', ends));
    return said;
  });
  if (new Set(links.map(({ ports }) => ports[0].port)).size > 1)
    found.push(note('connect.cable.two-cables', {}));
  for (const { ports } of links)
    ports.forEach(({ netdev, speedMbps, pcieWidth }, position) => {
      const end = { node: position === 0 ? names.node1 : names.node2, port: netdev };
      if (speedMbps !== null && speedMbps < FULL_SPEED_MBPS)
        found.push(note('connect.cable.slow', { ...end, speed: speedMbps }));
      if (pcieWidth !== null && pcieWidth < FULL_LANES)
        found.push(note('connect.cable.lanes', { ...end, lanes: pcieWidth }));
    });
  return found;
}

/** Hardware addresses that belong to neither node: a third machine, or a switch that speaks. */
function strangers(nodes: Pair<NodeView>, all: Pair<CxPort[]>, seen: readonly Sighting[]): Message[] {
  const known = new Set([
    ...all.flat().flatMap(({ mac }) => mac?.toLowerCase() ?? []),
    ...nodes.flatMap(({ facts }) =>
      (valueOf(facts.links) ?? []).flatMap(({ mac }) => mac?.toLowerCase() ?? []),
    ),
  ]);
  const met = new Map(
    seen.filter(({ mac }) => !known.has(mac)).map((one) => [`${one.position} ${one.port} ${one.mac}`, one]),
  );
  return [...met.values()].map(({ position, port, mac }) =>
    note('connect.cable.third-machine', { node: nameOf(nodes[position]), port, mac }),
  );
}

function wrongHalves(
  nodes: Pair<NodeView>,
  up: Pair<CxPort[]>,
  links: readonly PortLink[],
  acceptOne: boolean,
): Blocker | undefined {
  const names = { node1: nameOf(nodes[0]), node2: nameOf(nodes[1]) };
  const [first] = links;
  if (!first) {
    const ports = both(up, (list) => list.map(({ netdev }) => netdev).join(', '));
    return blocker('connect.cable.no-answer', { ports1: ports[0], ports2: ports[1], ...names });
  }
  // On each node for itself: what counts is that both of its PCIe halves carry something.
  const single = ([0, 1] as const).filter(
    (end) => new Set(links.map(({ ports }) => ports[end].half)).size === 1 && first.ports[end].half !== null,
  );
  const [end] = single;
  if (end === undefined) return undefined;
  const half = first.ports[end].half ?? '?';
  if (links.length > 1) {
    const devices = links.map(({ ports }) => ports[end].rdma ?? ports[end].netdev).join(' + ');
    return blocker('connect.cable.same-half', { devices });
  }
  if (acceptOne) return undefined;
  const missing = nodes
    .map((view, position) => {
      const own = first.ports[position as 0 | 1];
      const twin = (valueOf(view.facts.ports) ?? []).find(
        (port) => port.port === own.port && port.half !== own.half,
      );
      return `${twin?.netdev ?? (own.half === 'a' ? 'enP2p1…' : 'enp1…')} (${nameOf(view)})`;
    })
    .join(', ');
  const decide = { input: 'cable.one-half', values: ['accept'] };
  return blocker('connect.cable.one-half', { half, missing }, { decide });
}
