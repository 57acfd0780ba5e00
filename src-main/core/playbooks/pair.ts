import type { Fact } from '../../contract/facts';
import type { Message } from '../../contract/message';
import type { Blocker } from '../../contract/plan';
import type { Assessment, NodeView, Pair } from '../engine/playbook';

/** What the stages of every playbook say about a pair. */

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

export function blocked(blockers: readonly Blocker[], notes: readonly Message[] = []): Assessment {
  return { status: 'blocked', notes, blockers };
}
