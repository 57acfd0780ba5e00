import type { Message } from '../api/types';
import { halves, type Cable, type CableEnd, type CableMap, type Pair, type PortEnds } from './cable';
import { networkOf, sameNetwork } from './ipv4';

/** What stands in the way of the full speed, and what helps. Its words are `window.cable.advice.ID` and `….remedy`. */
export interface Advice {
  readonly id: AdviceId;
  readonly params: Message['params'];
  /** It works as it is, if not as well as it could. */
  readonly minor: boolean;
  /** “Connect two Sparks” cures it. */
  readonly byPlaybook: boolean;
}

export type AdviceId =
  | 'asleep'
  | 'no-signal'
  | 'one-end'
  | 'unclear'
  | 'half-dead'
  | 'lanes'
  | 'same-half'
  | 'apart'
  | 'one-network'
  | 'no-address'
  | 'mtu'
  | 'slow-cable'
  | 'mixed-ports'
  | 'two-cables';

const playbookCures: ReadonlySet<AdviceId> = new Set([
  'unclear',
  'same-half',
  'apart',
  'one-network',
  'no-address',
  'mtu',
]);
const minors: ReadonlySet<AdviceId> = new Set([
  'unclear',
  'no-address',
  'mtu',
  'slow-cable',
  'mixed-ports',
  'two-cables',
]);

/** What is to be said of the cable, the gravest first; nothing while the ports are not known. */
export function cableAdvice(map: CableMap, names: Pair<string>): readonly Advice[] {
  const [one, two] = map.nodes;
  if (one === null || two === null) return [];
  const nodes = [one, two] as const;
  const asleep = names.filter((_, index) => !ends(nodes[index === 0 ? 0 : 1]).length);
  const found = asleep.map((node) => advice('asleep', { node }));
  if (asleep.length > 0) return found;
  if (map.cables.length === 0) return [advice('no-signal')];
  const told = map.cables.filter((cable) => !isOpen(cable));
  if (told.length < map.cables.length) found.push(advice('unclear'));
  found.push(...told.flatMap((cable) => ofCable(cable, names)), ...ofAll(map));
  for (const [index, ports] of nodes.entries()) {
    const narrow = ends(ports).find(({ up, pcieWidth }) => up && pcieWidth !== null && pcieWidth < 4);
    const node = names[index] ?? '';
    if (narrow) found.push(advice('lanes', { node, netdev: narrow.netdev, lanes: narrow.pcieWidth ?? 0 }));
  }
  return [...found.filter(({ minor }) => !minor), ...found.filter(({ minor }) => minor)];
}

function advice(id: AdviceId, params: Message['params'] = {}): Advice {
  return { id, params, minor: minors.has(id), byPlaybook: playbookCures.has(id) };
}

function ends(ports: Pair<PortEnds>): CableEnd[] {
  return ports.flatMap((port) => halves.map((half) => port[half])).filter((end) => end !== null);
}

function ofCable({ ports, halves: both }: Cable, names: Pair<string>): Advice[] {
  const [p, q] = ports;
  if (p === null || q === null) {
    const [node, other] = p === null ? [names[1], names[0]] : names;
    return [advice('one-end', { node, other, port: p ?? q ?? 0 })];
  }
  const found: Advice[] = [];
  const lit = both.filter(({ state }) => state === 'up' || state === 'bare' || state === 'apart');
  const dark = both.find(({ state }) => state === 'down' || state === 'one-end');
  if (dark && lit.length > 0) found.push(advice('half-dead', { half: dark.half }));
  else if (dark) found.push(advice('one-end', { node: names[0], other: names[1], port: p }));
  const apart = both.find(({ state }) => state === 'apart');
  if (apart) found.push(advice('apart', { half: apart.half }));
  const [a, b] = both.map(({ ends: [end] }) => end?.address ?? null);
  if (a && b && sameNetwork(a, b) && !isLinkLocal(a)) found.push(advice('one-network'));
  if (both.some(({ state }) => state === 'bare')) found.push(advice('no-address'));
  for (const { half, state, ends: of } of both) {
    const [one, two] = of.map((end) => end?.mtu ?? null);
    if (state === 'up' && one && two && one !== two) found.push(advice('mtu', { half, one, two }));
  }
  const speeds = lit
    .flatMap(({ ends: of }) => of.map((end) => end?.speedMbps ?? null))
    .filter((mbps) => mbps !== null);
  const slowest = Math.min(...speeds);
  if (slowest < 200_000) found.push(advice('slow-cable', { gigabits: slowest / 1000 }));
  if (p !== q) found.push(advice('mixed-ports', { one: p, two: q, node1: names[0], node2: names[1] }));
  return found;
}

function ofAll({ cables }: CableMap): Advice[] {
  if (cables.length < 2) return [];
  const joined = cables.flatMap((cable) => cable.halves.filter(({ state }) => state === 'up'));
  const used = new Set(joined.map(({ half }) => half));
  if (joined.length > 1 && used.size === 1) return [advice('same-half', { half: joined[0]?.half ?? '' })];
  return cables.some(({ ports }) => ports.includes(null)) ? [] : [advice('two-cables')];
}

/** One end of it has a signal, and nobody can tell where that leads. */
function isOpen({ ports, halves: both }: Cable): boolean {
  return ports.includes(null) && both.some(({ state }) => state === 'unknown');
}

/** 169.254.0.0/16: the same network at every interface, and meant to be. */
function isLinkLocal(address: { readonly address: string; readonly prefix: number }): boolean {
  return networkOf({ address: address.address, prefix: 16 }) === 169 * 256 ** 3 + 254 * 256 ** 2;
}
