import type { Fact, NodeFacts } from '../../../contract/facts';
import type { Message } from '../../../contract/message';
import type { Blocker } from '../../../contract/plan';
import type { Assessment, NodeView, Pair } from '../../engine/playbook';
import { blocker } from './codes';

/** A fact's value, undefined when it is unknown. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.known ? fact.value : undefined;
}

export function nameOf(view: NodeView): string {
  return view.address.name;
}

/** `work` on both nodes, in order. */
export function both<T, R>(pair: Pair<T>, work: (value: T, position: 0 | 1) => R): Pair<R> {
  return [work(pair[0], 0), work(pair[1], 1)];
}

/** A blocker for each of the facts that a stage cannot do without and that could not be read. */
export function missingFacts(nodes: Pair<NodeView>, needed: readonly (keyof NodeFacts)[]): Blocker[] {
  return nodes.flatMap((view) =>
    needed.flatMap((what) => {
      const fact = view.facts[what];
      if (fact.known) return [];
      const params = { node: nameOf(view), what, detail: fact.detail };
      return [blocker('connect.facts-missing', params, { node: nameOf(view) })];
    }),
  );
}

export function blocked(blockers: readonly Blocker[], notes: readonly Message[] = []): Assessment {
  return { status: 'blocked', notes, blockers };
}
