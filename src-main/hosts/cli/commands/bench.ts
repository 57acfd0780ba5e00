import type { BenchListed, BenchRecord } from '../../../contract/bench-record';
import type { BenchRequest } from '../../../contract/bench-request';
import { withStandings } from '../../../core/benchmark/history/standing';
import { Failure, toFailure } from '../../../core/failure';
import { benchText } from '../bench-view';
import type { BenchOptions, BenchWord } from '../bench-choices';
import { BenchProgress } from '../bench-progress';
import { requestOf } from '../bench-request';
import type { Cli, Outcome } from '../cli';
import { failureExit, type ExitCode } from '../exit-codes';
import { failureData, failureText } from '../failure-view';
import type { Home } from '../home';
import { requireNodes } from '../node-choice';
import { standingLine } from '../standing-view';
import { withPair } from '../with-pair';

/** `twinspark bench TOOL | prove | list | show ID`. */
export async function bench(
  cli: Cli,
  what: BenchWord,
  id: string | undefined,
  options: BenchOptions,
): Promise<Outcome> {
  if ((id === undefined) === (what === 'show'))
    throw new Failure('USAGE', { problem: 'arguments', value: id ?? 'bench show ID' });
  switch (what) {
    case 'list':
      return (await import('./bench-history')).list(cli);
    case 'show':
      return (await import('./bench-history')).show(cli, id ?? '');
    case 'prove':
      return (await import('./bench-prove')).prove(cli);
    default:
      return measure(cli, requestOf(what, options));
  }
}

async function measure(cli: Cli, request: BenchRequest): Promise<Outcome> {
  const home = await cli.home();
  const chosen = await requireNodes(cli.options, cli, home);
  return withPair(cli, home, chosen, '', async (pair, checklist) => {
    cli.interruptText = (what) => cli.words.say(`cli.bench.interrupt.${what}`);
    const record = await home.bench(pair).run(request, {
      signal: cli.signal,
      onProgress: new BenchProgress(cli.output, cli.words).show,
      onLine: (node, stream, text) => cli.output.data({ type: 'log', time: Date.now(), node, stream, text }),
    });
    checklist.stop();
    const kept = await keep(cli, home, record);
    const listed = await listedOf(home, record.id);
    tell(cli, record, listed);
    return { exitCode: kept ? exitOf(record) : 1, result: resultOf(cli, record, listed) };
  });
}

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

/** 0 for what was measured, good or not judged; 1 for a bad verdict. */
function exitOf({ outcome, failure, verdict }: BenchRecord): ExitCode {
  if (outcome === 'cancelled') return 130;
  if (failure !== null) return failureExit[failure.code];
  return verdict.level === 'bad' ? 1 : 0;
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
