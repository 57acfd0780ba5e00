import type { BenchResult, BenchTool, BenchVerdict } from '../../../contract/benchmark';
import { benchParsers } from '../../../core/benchmark/parse/tools';
import { judge } from '../../../core/benchmark/verdict/judge';
import { Failure } from '../../../core/failure';
import { toolParsers } from '../../../core/probe/parse-tool';
import { parseTools } from '../parse-tools';
import { benchText } from '../bench-view';
import type { Cli, Outcome } from '../cli';
import { fileStream, readInput } from '../read-input';
import { valueTable } from '../value-table';

/**
 * `twinspark parse TOOL [FILE]`: reads what a tool has printed, of a file or of standard input. Benchmarks are judged as
 * well, as far as their output alone allows it.
 */
export async function parse(cli: Cli, tool: string, file: string | undefined): Promise<Outcome> {
  const text = await input(cli, file);
  const bench = benchParsers.get(tool as BenchTool);
  if (bench !== undefined) {
    const read = bench.parse(text);
    if (!read.known) throw notUnderstood(tool, read.reason, text);
    // The tool itself says why there are no figures.
    if (read.value.status === 'failed' && empty(read.value))
      throw notUnderstood(tool, 'tool-failed', read.value.error);
    return shown(cli, read.value, judge(read.value));
  }
  const read = toolParsers[tool]?.(text);
  if (read === undefined) throw new Failure('USAGE', { problem: 'arguments', value: parseTools.join(', ') });
  if (!read.known) throw notUnderstood(tool, read.reason, text);
  for (const line of valueTable(read.value)) cli.output.say(line);
  return { exitCode: 0, result: { tool, value: read.value } };
}

async function input(cli: Cli, file: string | undefined): Promise<string> {
  if (file !== undefined && file !== '-') return readInput(file, fileStream(cli.path(file)), cli.signal);
  const stdin = cli.io.stdin?.();
  if (stdin === undefined) throw new Failure('INPUT_UNREADABLE', { file: '-', reason: 'missing' });
  return readInput('-', stdin, cli.signal);
}

function shown(cli: Cli, value: BenchResult, verdict: BenchVerdict): Outcome {
  for (const line of benchText(value, verdict, cli.words, cli.output.paint)) cli.output.say(line);
  const told = verdict.causes.map(({ cause, remedy }) => ({
    cause: cli.words.message(cause),
    remedy: cli.words.message(remedy),
  }));
  return { exitCode: 0, result: { tool: value.tool, value, verdict, advice: told } };
}

function empty({ series, summary }: BenchResult): boolean {
  return series.length === 0 && Object.keys(summary).length === 0;
}

/** The end of what was read goes with it: what went wrong stands there. */
function notUnderstood(tool: string, reason: string, text: string | null): Failure {
  const evidence = (text ?? '').slice(-2000).trim();
  return new Failure('NOT_UNDERSTOOD', { tool, reason }, evidence === '' ? {} : { evidence });
}
