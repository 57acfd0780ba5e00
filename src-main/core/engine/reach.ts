import type { EngineEventBody } from '../../contract/events';
import { toFailure } from '../failure';
import type { Session } from '../ports';
import type { Pair } from './playbook';

/** A node that was cut off takes its trial back within 60 s and may have to boot: wait longer than that. */
const RETURN_LIMIT_MS = 120_000;

/**
 * Reconnects the sessions that were lost, both at once.
 * @returns names of the nodes that can be reached now
 */
export async function reachAgain(
  sessions: Pair<Session>,
  emit: (event: EngineEventBody) => void,
  timeoutMs = RETURN_LIMIT_MS,
): Promise<string[]> {
  const reached = await Promise.all(
    sessions.map(async (session) => {
      if (!session.lost.aborted) return session.node;
      emit({ type: 'node', node: session.node, state: 'lost' });
      try {
        await session.reconnect({ timeoutMs });
        emit({ type: 'node', node: session.node, state: 'connected' });
        return session.node;
      } catch (error) {
        emit({ type: 'node', node: session.node, state: 'failed', failure: toFailure(error).info });
        return undefined;
      }
    }),
  );
  return reached.filter((node) => node !== undefined);
}
