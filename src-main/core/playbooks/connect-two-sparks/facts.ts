import type { NodeFacts } from '../../../contract/facts';
import type { Blocker } from '../../../contract/plan';
import type { NodeView, Pair } from '../../engine/playbook';
import { nameOf } from '../pair';
import { blocker } from './codes';

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
