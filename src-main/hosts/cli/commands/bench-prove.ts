import type { Suite, SuiteStep } from '../../../contract/bench-record';
import { newBenchId } from '../../../core/benchmark/history/id';
import { readFacts } from '../../../core/benchmark/read-facts';
import { runSuite } from '../../../core/benchmark/suite/run-suite';
import { BenchProgress } from '../bench-progress';
import { keep } from '../bench-result';
import { causeLines, levelText } from '../bench-view';
import type { Cli, Outcome } from '../cli';
import type { ExitCode } from '../exit-codes';
import { requireNodes } from '../node-choice';
import { withPair } from '../with-pair';

/** `twinspark bench prove`: the short row of tests that ends in one sentence. */
export async function prove(cli: Cli): Promise<Outcome> {
  const home = await cli.home();
  const chosen = await requireNodes(cli.options, cli, home);
  return withPair(cli, home, chosen, '', async (pair, checklist) => {
    cli.interruptText = (what) => cli.words.say(`cli.bench.interrupt.${what}`);
    const told = new Set<string>();
    const lost: string[] = [];
    const suite = await runSuite(home.bench(pair), {
      id: newBenchId(Date.now()),
      names: [chosen.nodes[0].name, chosen.nodes[1].name],
      facts: await readFacts(pair, cli.signal),
      clock: { now: Date.now },
      signal: cli.signal,
      onProgress: new BenchProgress(cli.output, cli.words).show,
      onLine: (node, stream, text) => cli.output.data({ type: 'log', time: Date.now(), node, stream, text }),
      onSuite: (now) => tellSteps(cli, now, told),
      keep: async (record) => {
        if (!(await keep(cli, home, record))) lost.push(record.id);
      },
    });
    checklist.stop();
    tellEnd(cli, suite);
    return { exitCode: lost.length === 0 ? exitOf(suite) : 1, result: resultOf(cli, suite) };
  });
}

/** A proof that is none is no success; what is only suspicious works. */
function exitOf({ level, steps }: Suite): ExitCode {
  if (steps.some(({ status }) => status === 'cancelled')) return 130;
  if (steps.some(({ why }) => why?.code === 'failure.CONNECTION_LOST.what')) return 3;
  return level === 'healthy' || level === 'suspicious' ? 0 : 1;
}

/** Each step as it begins, and as it ends. */
function tellSteps(cli: Cli, { id, steps }: Suite, told: Set<string>): void {
  for (const step of steps) {
    const state = `${step.id} ${step.status}`;
    if (step.status === 'waiting' || told.has(state)) continue;
    told.add(state);
    cli.output.data({ type: 'step', suite: id, ...step });
    for (const line of stepLines(cli, step)) cli.output.note(line);
  }
}

function stepLines({ words, output }: Cli, { id, status, why, figure, level }: SuiteStep): string[] {
  const paint = output.paintErr;
  const title = words.say(`bench.step.${id}`);
  const reason = why === null ? [] : [`    ${words.message(why)}`];
  switch (status) {
    case 'waiting':
      return [];
    case 'running':
      return [paint.bold(title)];
    case 'done': {
      const said = figure === null ? '' : `  ${words.number(figure.value)} ${figure.unit}`;
      return [`${sign(level, paint)} ${title}${said}  ${levelText(level ?? 'unknown', words, paint)}`];
    }
    case 'failed':
      return [`${paint.red('✗')} ${title}`, ...reason];
    case 'skipped':
    case 'cancelled':
      return [`${paint.dim('–')} ${title}`, ...reason.map((line) => paint.dim(line))];
  }
}

function sign(level: SuiteStep['level'], paint: Cli['output']['paintErr']): string {
  if (level === 'bad') return paint.red('✗');
  return level === 'suspicious' ? paint.yellow('!') : paint.green('✓');
}

function tellEnd({ output, words }: Cli, { sentence, level, causes, steps }: Suite): void {
  const { paint } = output;
  output.say();
  // Who reads standard output alone has not seen the steps.
  if (!output.progressWasSeen) {
    for (const { id, figure, status } of steps) {
      const said =
        figure === null
          ? words.say(`cli.bench.step.${status}`)
          : `${words.number(figure.value)} ${figure.unit}`;
      output.say(`${words.say(`bench.step.${id}`)}: ${said}`);
    }
    output.say();
  }
  output.say(
    `${levelText(level ?? 'unknown', words, paint)}  ${paint.bold(sentence ? words.message(sentence) : '')}`,
  );
  for (const line of causeLines(causes, words, paint)) output.say(line);
}

function resultOf({ words }: Cli, suite: Suite) {
  return {
    suite,
    sentence: suite.sentence ? words.message(suite.sentence) : '',
    advice: suite.causes.map(({ cause, remedy }) => ({
      cause: words.message(cause),
      remedy: words.message(remedy),
    })),
  };
}
