import type { CxPort } from '../../../contract/facts';
import { toFailure, type Failure } from '../../failure';
import type { Session } from '../../ports';
import { lines } from '../../shell/quote';
import { countersOf, countersScript, parseReadings, type NodeCounters } from './counters';
import { endLeftovers, parseLeftovers } from './leftovers';

/** Ending what is left takes four seconds at most; a node that does not answer by then is gone. */
const LIMIT_MS = 15_000;

export interface NodeEnd {
  /** Null when the node did not answer any more. */
  readonly counters: NodeCounters | null;
  /** Processes of the test that could not be ended. */
  readonly stays: readonly string[];
  /** Why nothing is known of the node. */
  readonly gone: Failure | null;
}

/** Ends what a test has left on a node, and reads its counters for the last time. Never rejects, and is never cancelled. */
export async function endOn(session: Session, id: string, ports: readonly CxPort[]): Promise<NodeEnd> {
  const script = lines(endLeftovers(id), countersScript(ports)).text;
  try {
    const { stdout } = await session.exec({ script, root: false }, { timeoutMs: LIMIT_MS });
    const counters = countersOf(session.node, ports, parseReadings(stdout));
    return { counters, stays: parseLeftovers(stdout).stays, gone: null };
  } catch (error) {
    return { counters: null, stays: [], gone: toFailure(error) };
  }
}
