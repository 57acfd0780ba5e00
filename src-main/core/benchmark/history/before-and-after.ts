import type { BenchConditions, BenchRecord } from '../../../contract/bench-record';
import { message, type Message } from '../../../contract/message';
import { figureOf, isLatency, type Figure } from './figure';
import { kindOf } from './kind';

export interface BeforeAndAfter {
  /** Same machines, same test: the figures can be held against each other. */
  readonly comparable: boolean;
  /** Null where one of them has none, or they are of different units. */
  readonly figure: {
    readonly before: Figure;
    readonly after: Figure;
    /** The later one less the earlier, as a part of the earlier. */
    readonly change: number;
    readonly better: boolean;
  } | null;
  /** `bench.changed.*`, of the first machine first. What could not be read either time is not told as a change. */
  readonly conditions: readonly Message[];
}

/** What was different when `after` was measured, and what became of the figure. */
export function beforeAndAfter(before: BenchRecord, after: BenchRecord): BeforeAndAfter {
  return {
    comparable: kindOf(before) === kindOf(after),
    figure: figures(before, after),
    conditions: after.nodes.flatMap((node, place) => {
      const then = counterpart(node, before.nodes, place);
      return then === undefined ? [] : changes(then, node);
    }),
  };
}

function figures(before: BenchRecord, after: BenchRecord): BeforeAndAfter['figure'] {
  const [then, now] = [figureOf(before), figureOf(after)];
  if (then === null || now?.unit !== then.unit || then.value <= 0) return null;
  const change = (now.value - then.value) / then.value;
  return {
    before: then,
    after: now,
    change: Math.round(change * 10_000) / 10_000,
    better: isLatency(after.request) ? change < 0 : change > 0,
  };
}

/** The same machine: by its own name, else by the person's, else by its place. */
function counterpart(node: BenchConditions, then: BenchRecord['nodes'], place: number) {
  return (
    then.find(({ hostname }) => hostname !== null && hostname === node.hostname) ??
    then.find(({ name }) => name === node.name) ??
    then[place]
  );
}

const plainFacts = ['release', 'kernel', 'driver', 'cuda', 'firmware'] as const;

function changes(before: BenchConditions, after: BenchConditions): Message[] {
  const node = after.name;
  const told = plainFacts.flatMap((fact) => {
    const [was, is] = [before[fact], after[fact]];
    return was === null || is === null || was === is
      ? []
      : [message('bench.changed.fact', { node, fact, before: was, after: is })];
  });
  return [...told, ...cables(before, after), ...ports(before, after)];
}

/** The cable was put into the other port: one sentence says it, not eight about what is up now. */
function cables(before: BenchConditions, after: BenchConditions): Message[] {
  const [was, is] = [cabled(before), cabled(after)];
  if (was === is || was === '' || is === '') return [];
  return [message('bench.changed.cable', { node: after.name, before: was, after: is })];
}

function cabled({ ports: all }: BenchConditions): string {
  const connected = all.flatMap(({ up, port }) => (up && port !== null ? [port] : []));
  return [...new Set(connected)].sort().join(', ');
}

function ports(before: BenchConditions, after: BenchConditions): Message[] {
  const moved = cables(before, after).length > 0;
  return after.ports.flatMap((port) => {
    const then = before.ports.find(({ netdev }) => netdev === port.netdev);
    if (then === undefined) return [];
    const place = { node: after.name, netdev: port.netdev };
    const list: Message[] = [];
    if (then.up !== port.up && !moved) list.push(message(`bench.changed.${port.up ? 'up' : 'down'}`, place));
    if (!then.up || !port.up) return list;
    for (const measure of ['mtu', 'pcieWidth', 'speedMbps'] as const) {
      const [was, is] = [then[measure], port[measure]];
      if (was !== null && is !== null && was !== is)
        list.push(message(`bench.changed.${words[measure]}`, { ...place, before: was, after: is }));
    }
    return list;
  });
}

const words = { mtu: 'mtu', pcieWidth: 'lanes', speedMbps: 'speed' } as const;
