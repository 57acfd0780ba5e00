import type { BenchListed, BenchRecord } from '../../contract/bench-record';
import { withStandings } from '../../core/benchmark/history/standing';
import { toFailure } from '../../core/failure';
import { benchText } from './bench-view';
import type { Cli } from './cli';
import { failureData, failureText } from './failure-view';
import type { Home } from './home';
import { standingLine } from './standing-view';

/** Also what failed or was cancelled. @returns whether it was kept; what was measured is told in any case */
export async function keep(cli: Cli, home: Home, record: BenchRecord): Promise<boolean> {
  try {
    await home.benchmarks.append(record);
    return true;
  } catch (error) {
    cli.output.note(failureText(toFailure(error).info, cli.words, cli.output.paintErr));
    return false;
  }
}

/** Its line of the history, with how it stands against the pair's past. */
export async function listedOf(home: Home, id: string): Promise<BenchListed | null> {
  const { entries } = await home.benchmarks.list().catch(() => ({ entries: [] }));
  return withStandings(entries).find((one) => one.id === id) ?? null;
}

/** A measurement for people. */
export function tell(cli: Cli, record: BenchRecord, listed: BenchListed | null): void {
  const { output, words } = cli;
  const { result, verdict, failure } = record;
  // Of a test that did not come to its end, what each half has shown so far.
  const parts = result === null ? record.parts.filter(({ result: { series } }) => series.length > 0) : [];
  for (const part of parts) {
    output.say(words.say('cli.bench.half', { half: part.halves }));
    for (const line of benchText(part.result, verdict, words, output.paint)) output.say(line);
  }
  if (result !== null) for (const line of benchText(result, verdict, words, output.paint)) output.say(line);
  if (failure !== null) output.say(failureText(failure, words, output.paint));
  const standing = standingLine(listed, words, output.paint);
  if (standing !== null) output.say(standing);
  output.say(output.paint.dim(words.say('cli.bench.kept', { id: record.id })));
}

export function resultOf(cli: Cli, record: BenchRecord, listed: BenchListed | null) {
  const { words } = cli;
  return {
    record,
    standing: listed?.standing ?? null,
    advice: record.verdict.causes.map(({ cause, remedy }) => ({
      cause: words.message(cause),
      remedy: words.message(remedy),
    })),
    ...(record.failure === null ? {} : { failure: failureData(record.failure, words) }),
  };
}
