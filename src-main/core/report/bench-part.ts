import type { BenchListed, BenchRecord } from '../../contract/bench-record';
import { figureOf } from '../benchmark/history/figure';
import { canonicalJson } from '../canonical';
import { shortened } from './clean';
import type { ReportBench } from './shape';

/** The end of an output that a report repeats: that of what went wrong. */
const OUTPUT_LINES = 30;
const OUTPUT_CHARACTERS = 3000;

/**
 * Which of a history a report needs, newest first: the newest of each kind of test, and all of the newest "prove the link".
 */
export function forReport(history: readonly Pick<BenchListed, 'id' | 'suite' | 'request'>[]): string[] {
  const newest = history.toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const suite = newest.find((one) => one.suite !== null)?.suite;
  const seen = new Set<string>();
  return newest
    .filter((one) => {
      const kind = canonicalJson(one.request);
      const first = !seen.has(kind);
      seen.add(kind);
      return first || (suite !== undefined && one.suite === suite);
    })
    .map(({ id }) => id);
}

/** Records as a report tells them, newest first; `history` knows how each stands against the past. */
export function benchPart(
  records: readonly BenchRecord[],
  history: readonly Pick<BenchListed, 'id' | 'standing'>[],
): ReportBench[] {
  const newest = records.toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const suite = newest.find((one) => one.suite !== null)?.suite ?? null;
  return newest.map((record) => {
    const listed = history.find(({ id }) => id === record.id);
    const { verdict, outcome } = record;
    const told = verdict.level === 'healthy' && outcome === 'done' ? [] : record.output;
    return {
      id: record.id,
      inSuite: suite !== null && record.suite === suite,
      startedAt: new Date(record.startedAt).toISOString(),
      request: record.request,
      outcome,
      failure: record.failure,
      figure: figureOf(record),
      verdict,
      standing: listed?.standing ?? null,
      warnings: record.result?.warnings ?? [],
      commands: record.commands,
      output: told.map(({ node, text }) => ({ node, text: tail(text) })),
    };
  });
}

function tail(text: string): string {
  const lines = text.trimEnd().split('\n');
  const kept = lines.slice(-OUTPUT_LINES).join('\n');
  const short = shortened(kept, OUTPUT_CHARACTERS, 'end');
  return lines.length > OUTPUT_LINES && short === kept ? `…\n${kept}` : short;
}
