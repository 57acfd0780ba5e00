import type { BenchRecord } from '../../../contract/bench-record';
import type { BenchRequest } from '../../../contract/bench-request';
import { Failure } from '../../../core/failure';
import type { BenchOptions, BenchWord } from '../bench-choices';
import { BenchProgress } from '../bench-progress';
import { keep, listedOf, resultOf, tell } from '../bench-result';
import { requestOf } from '../bench-request';
import type { Cli, Outcome } from '../cli';
import { failureExit, type ExitCode } from '../exit-codes';
import { requireNodes } from '../node-choice';
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

/** 0 for what was measured, good or not judged; 1 for a bad verdict. */
function exitOf({ outcome, failure, verdict }: BenchRecord): ExitCode {
  if (outcome === 'cancelled') return 130;
  if (failure !== null) return failureExit[failure.code];
  return verdict.level === 'bad' ? 1 : 0;
}
