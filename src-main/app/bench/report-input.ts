import type { BenchRecord } from '../../contract/bench-record';
import { benchLinks } from '../../core/benchmark/links';
import { summarize } from '../../core/engine/run-state';
import { Failure, isFailure } from '../../core/failure';
import { forReport } from '../../core/report/bench-part';
import type { ReportInput, ReportSource } from '../../core/report/input';
import type { Inside } from '../handlers';

/** All that a report tells of the open pair. @throws Failure NOT_CONNECTED when none is chosen */
export async function reportInput(app: Inside): Promise<ReportInput> {
  const { state, connection, clock } = app;
  const pair = state.get('pair');
  if (!pair) throw new Failure('NOT_CONNECTED');
  const { node1, node2, readAt } = state.get('facts');
  const keys = connection.pair?.hostKeys;
  const source = (place: 0 | 1): ReportSource => {
    const { name, host, port, user } = pair.nodes[place];
    return { name, host, port, user, hostKey: keys?.[place] ?? null, facts: [node1, node2][place] ?? null };
  };
  return {
    version: state.get('app').version,
    time: clock.now(),
    readAt,
    practice: pair.practice,
    nodes: [source(0), source(1)],
    links: node1 && node2 ? benchLinks([node1, node2]) : [],
    runs: await runsOf(app, keys),
    records: await recordsOf(app),
    history: state.get('history'),
    suite: state.get('bench').suite,
    laptop: { users: [app.localUser], hostnames: [app.localHostname] },
  };
}

/** Runs on these machines; none before they are known. */
async function runsOf({ connection, engine }: Inside, keys: readonly string[] | undefined) {
  if (!keys) return [];
  const states = await (connection.engine ?? engine).runs.states();
  return states.filter(({ nodes }) => nodes.every(({ hostKey }) => keys.includes(hostKey))).map(summarize);
}

/** What was measured on this pair; of no pair, when it is not connected. */
async function recordsOf({ state, history, connection }: Inside): Promise<BenchRecord[]> {
  if (!connection.pair) return [];
  const found = await Promise.all(
    forReport(state.get('history')).map((id) =>
      history.read(id).catch((error: unknown) => {
        // Removed since it was listed.
        if (isFailure(error, 'NOT_FOUND')) return null;
        throw error;
      }),
    ),
  );
  return found.filter((record) => record !== null);
}
