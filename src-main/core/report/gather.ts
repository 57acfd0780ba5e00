import type { Suite } from '../../contract/bench-record';
import { withStandings } from '../benchmark/history/standing';
import { benchLinks } from '../benchmark/links';
import type { Pair } from '../engine/playbook';
import { summarize, type RunState } from '../engine/run-state';
import { isFailure } from '../failure';
import type { BenchStore } from '../ports';
import { forReport } from './bench-part';
import { pairOf, type ReportInput, type ReportSource } from './input';

/** Where runs and measurements are kept. */
export interface Kept {
  readonly runs: { states(): Promise<RunState[]> };
  readonly benchmarks: Pick<BenchStore, 'list' | 'read'>;
}

export interface Known {
  readonly version: string;
  readonly time: number;
  readonly readAt: number | null;
  readonly practice: boolean;
  readonly nodes: Pair<ReportSource>;
  readonly suite?: Pick<Suite, 'sentence' | 'level'> | null;
  readonly laptop?: NonNullable<ReportInput['laptop']>;
}

/**
 * All that a report is made of: what is known of the nodes, with the runs and measurements of this pair that are kept. A
 * pair is known by its host keys, and by its names where the nodes have not been reached.
 * @throws Failure HISTORY_WRITE when the folder of measurements cannot be read
 */
export async function gatherReport(known: Known, { runs, benchmarks }: Kept): Promise<ReportInput> {
  const { nodes, suite = null } = known;
  const [one, two] = nodes;
  const keys = one.hostKey !== null && two.hostKey !== null ? ([one.hostKey, two.hostKey] as const) : null;
  const pair = pairOf(known);
  const names = nodes.map(({ name }) => name);
  const { entries } = await benchmarks.list();
  const history = withStandings(
    entries.filter((entry) => (pair === null ? same(entry.nodes, names) : entry.pair === pair)),
  );
  const states = (await runs.states()).filter(({ nodes: own }) =>
    keys === null
      ? same(
          own.map(({ name }) => name),
          names,
        )
      : same(
          own.map(({ hostKey }) => hostKey),
          keys,
        ),
  );
  const records = await Promise.all(
    forReport(history).map((id) =>
      benchmarks.read(id).catch((error: unknown) => {
        // What another Twinspark has removed meanwhile is no result any more.
        if (isFailure(error, 'NOT_FOUND')) return null;
        throw error;
      }),
    ),
  );
  return {
    ...known,
    links: one.facts !== null && two.facts !== null ? benchLinks([one.facts, two.facts]) : [],
    runs: states.map(summarize),
    records: records.filter((record) => record !== null),
    history,
    suite,
  };
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join('\n') === other.toSorted().join('\n');
}
