import type { NodeFacts } from '../../contract/facts';
import type { OpenPair } from '../engine/open-pair';
import type { Pair } from '../engine/playbook';
import { Failure } from '../failure';

/** What both nodes are like before something is measured on them. @throws Failure CONNECTION_LOST naming the node */
export async function readFacts(
  pair: Pick<OpenPair, 'sessions' | 'facts'>,
  signal?: AbortSignal,
): Promise<Pair<NodeFacts>> {
  const facts = await pair.facts({ peers: false, ...(signal ? { signal } : {}) });
  // Of a node that went away meanwhile nothing is known: that is no pair without a link.
  const gone = pair.sessions.find((session) => session.lost.aborted);
  if (gone) throw new Failure('CONNECTION_LOST', {}, { node: gone.node });
  return facts;
}
