import { Failure } from '../../core/failure';
import { gatherReport } from '../../core/report/gather';
import type { ReportInput, ReportSource } from '../../core/report/input';
import type { Inside } from '../inside';

/** All that a report tells of the open pair. @throws Failure NOT_CONNECTED when none is chosen, HISTORY_WRITE */
export async function reportInput(app: Inside): Promise<ReportInput> {
  const { state, connection, clock, history, engine } = app;
  const pair = state.get('pair');
  if (!pair) throw new Failure('NOT_CONNECTED');
  const { node1, node2, readAt } = state.get('facts');
  const keys = connection.pair?.hostKeys;
  const source = (place: 0 | 1): ReportSource => {
    const { name, host, port, user } = pair.nodes[place];
    return { name, host, port, user, hostKey: keys?.[place] ?? null, facts: [node1, node2][place] ?? null };
  };
  const known = {
    version: state.get('app').version,
    time: clock.now(),
    readAt,
    practice: pair.practice,
    nodes: [source(0), source(1)] as const,
    suite: state.get('bench').suite,
    laptop: { users: [app.localUser], hostnames: [app.localHostname] },
  };
  return gatherReport(known, {
    runs: (connection.engine ?? engine).runs,
    benchmarks: history.kept,
  });
}
