import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { EnvironmentProgram } from '../../contract/report';
import type { Playbook } from '../../core/engine/playbook';
import type { CommonOptions } from './arguments';
import type { Cli, Outcome } from './cli';
import type { ReportOptions } from './commands/report';
import { benchFlags, benchWords, type BenchOptions, type BenchWord } from './bench-choices';
import { parseTools } from './parse-tools';
import { environmentPrograms, reportFormats } from './report-choices';
import { table } from './table';
import { languages, type Words } from '../../words/words';

/** What the parsed arguments ask for. */
export interface Task {
  readonly command: string;
  readonly options: CommonOptions;
  run(cli: Cli): Promise<Outcome>;
}

interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The grammar of the command line. `onTask` is called with the one command that was given. */
export function buildProgram(
  words: Words,
  version: string,
  streams: Streams,
  onTask: (task: Task) => void,
  playbooks: Iterable<Pick<Playbook, 'id' | 'inputs'>> = [],
): Command {
  const help = (key: string) => words.say(`cli.help.${key}`);
  const program = new Command('twinspark')
    .description(help('program'))
    .version(version, '-V, --version', help('version'))
    .helpOption('-h, --help', help('help'))
    .helpCommand('help [command]', help('help-command'))
    .configureOutput({ writeOut: streams.out, writeErr: streams.err, outputError: () => undefined })
    .exitOverride()
    .addHelpText('after', `\n${help('after')}`);

  const add = (usage: string, key: string, groups: readonly Group[]): Command => {
    const command = program.command(usage).description(help(key)).exitOverride();
    for (const option of groups.flatMap((group) => optionsOf(group, words))) command.addOption(option);
    if (groups.includes('inputs')) command.addHelpText('after', settingsHelp(playbooks, words));
    return command;
  };
  const task = (command: string, options: CommonOptions, run: Task['run']) =>
    onTask({ command, options, run });

  add('discover', 'discover', ['every'])
    .addOption(
      new Option('--seconds <n>', help('seconds')).default(5).argParser((text: string) => {
        const seconds = Number(text);
        if (!(seconds >= 1 && seconds <= 120)) throw new InvalidArgumentError('1…120');
        return seconds;
      }),
    )
    .action((options: CommonOptions & { seconds: number }) =>
      task('discover', options, async (cli) => (await import('./commands/discover')).discover(cli, options)),
    );
  add('probe', 'probe', ['nodes', 'every']).action((options: CommonOptions) =>
    task('probe', options, async (cli) => (await import('./commands/probe')).probe(cli)),
  );
  add('plan <playbook>', 'plan', ['nodes', 'inputs', 'every']).action(
    (playbook: string, options: CommonOptions) =>
      task('plan', options, async (cli) => (await import('./commands/plan')).plan(cli, playbook)),
  );
  add('apply <playbook>', 'apply', ['nodes', 'inputs', 'consent', 'every'])
    .addOption(new Option('--plan <hash>', help('plan-hash')))
    .action((playbook: string, options: CommonOptions & { plan?: string }) =>
      task('apply', options, async (cli) => (await import('./commands/apply')).apply(cli, playbook, options)),
    );
  add('verify <playbook>', 'verify', ['nodes', 'inputs', 'every']).action(
    (playbook: string, options: CommonOptions) =>
      task('verify', options, async (cli) => (await import('./commands/verify')).verify(cli, playbook)),
  );
  add('rollback [run]', 'rollback', ['nodes', 'consent', 'every'])
    .addOption(new Option('--stage <stage>', help('stage')))
    .addOption(new Option('--change <change>', help('change')))
    .action((run: string | undefined, options: CommonOptions & { stage?: string; change?: string }) =>
      task('rollback', options, async (cli) => {
        const { stage, change } = options;
        const scope = {
          ...(stage === undefined ? {} : { stage }),
          ...(change === undefined ? {} : { change }),
        };
        return (await import('./commands/rollback')).rollback(cli, run, scope);
      }),
    );
  add('runs', 'runs', ['nodes', 'every']).action((options: CommonOptions) =>
    task('runs', options, async (cli) => (await import('./commands/read-runs')).runs(cli)),
  );
  add('show <run>', 'show', ['every']).action((run: string, options: CommonOptions) =>
    task('show', options, async (cli) => (await import('./commands/read-runs')).show(cli, run)),
  );
  add('export <playbook>', 'export', ['nodes', 'inputs', 'every'])
    .addOption(new Option('--format <format>', help('format')).choices(['bash']).default('bash'))
    .action((playbook: string, options: CommonOptions) =>
      task('export', options, async (cli) => (await import('./commands/export')).exportPlan(cli, playbook)),
    );
  add('parse', 'parse', ['every'])
    .addArgument(new Argument('<tool>', help('parse-tool')).choices(parseTools))
    .addArgument(new Argument('[file]', help('parse-file')))
    .action((tool: string, file: string | undefined, options: CommonOptions) =>
      task('parse', options, async (cli) => (await import('./commands/parse')).parse(cli, tool, file)),
    );
  const bench = add('bench', 'bench', ['nodes', 'every'])
    .addArgument(new Argument('<test>', help('bench-test')).choices(benchWords))
    .addArgument(new Argument('[id]', help('bench-id')));
  for (const [name, value, choices] of benchFlags) {
    const option = new Option(`--${name} <${value}>`, help(`bench-${name}`));
    bench.addOption(choices ? option.choices([...choices]) : option);
  }
  bench.action((what: BenchWord, id: string | undefined, options: CommonOptions & BenchOptions) =>
    task('bench', options, async (cli) => (await import('./commands/bench')).bench(cli, what, id, options)),
  );
  add('report', 'report', ['nodes', 'every'])
    .addOption(
      new Option('--format <format>', help('report-format')).choices(reportFormats).default('markdown'),
    )
    .addOption(new Option('--mask <what>', help('mask')).default('all'))
    .addOption(new Option('-o, --output <file>', help('output')))
    .action((options: CommonOptions & Omit<ReportOptions, 'version'>) =>
      task('report', options, async (cli) =>
        (await import('./commands/report')).makeReport(cli, { ...options, version }),
      ),
    );
  add('environment', 'environment', ['nodes', 'every'])
    .addArgument(new Argument('[program]', help('environment-program')).choices(environmentPrograms))
    .action((program: EnvironmentProgram | undefined, options: CommonOptions) =>
      task('environment', options, async (cli) =>
        (await import('./commands/environment')).environment(cli, program),
      ),
    );
  add('serve', 'serve', ['every'])
    .addOption(new Option('--port <n>', help('port')).argParser(parsePort))
    .addOption(new Option('--practice', help('serve-practice')))
    .addOption(new Option('--open', help('open')))
    .addOption(new Option('--no-open', help('no-open')))
    .action((options: CommonOptions & { port?: number; practice?: boolean; open?: boolean }) =>
      task('serve', options, async (cli) => (await import('./commands/serve')).serve(cli, options)),
    );
  add('practice', 'practice', ['every']).action((options: CommonOptions) =>
    task('practice', options, async (cli) => (await import('./commands/practice')).practice(cli)),
  );
  return program;
}

/** Ports below 1024 are not for programs of a person. */
function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) throw new InvalidArgumentError('1024…65535');
  return port;
}

type Group = 'nodes' | 'inputs' | 'consent' | 'every';

function optionsOf(group: Group, words: Words): Option[] {
  const help = (key: string) => words.say(`cli.help.${key}`);
  const collect = (value: string, before: string[] = []) => [...before, value];
  switch (group) {
    case 'nodes':
      return [
        new Option('-c, --cluster <file>', help('cluster')),
        new Option('--node <user@host:port>', help('node')).argParser(collect),
      ];
    case 'inputs':
      return [new Option('--set <key=value>', help('set')).argParser(collect)];
    case 'consent':
      return [new Option('-y, --yes', help('yes'))];
    case 'every':
      return [
        new Option('--json', help('json')),
        new Option('--data-dir <dir>', help('data-dir')),
        new Option('--lang <language>', help('lang')).choices([...languages]),
      ];
  }
}

/** The settings of every playbook with the values that they take. */
function settingsHelp(playbooks: Iterable<Pick<Playbook, 'id' | 'inputs'>>, words: Words): string {
  return [...playbooks]
    .map(({ id, inputs }) => {
      const rows = inputs.map((spec) => [
        `  ${spec.key}`,
        spec.values?.join(' | ') ?? '…',
        spec.default === undefined ? '' : words.say('cli.help.default', { value: spec.default }),
      ]);
      return `\n${words.say('cli.help.settings', { playbook: id })}\n${table(rows).join('\n')}`;
    })
    .join('\n');
}

/** Whether commander ended by itself after printing help or the version. */
export function isFinished(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}
