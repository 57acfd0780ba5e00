import { CommanderError } from 'commander';
import type { FailureInfo } from '../../contract/failure';
import type { Playbook } from '../../core/engine/playbook';
import { Failure, toFailure } from '../../core/failure';
import { Cli, type Outcome } from './cli';
import { failureExit, type ExitCode } from './exit-codes';
import { failureData, failureText } from './failure-view';
import type { Home, HomeOptions } from './home';
import { Interrupts } from './interrupts';
import { Output, type Io } from './io';
import { buildProgram, isFinished, type Task } from './program';
import { chooseLanguage, loadWords, type Words } from '../../words/words';

export interface RunOptions {
  readonly io: Io;
  readonly version: string;
  readonly compose: (options: HomeOptions) => Promise<Home>;
  /** For the help texts. */
  readonly playbooks: () => Promise<readonly Pick<Playbook, 'id' | 'inputs'>[]>;
  /** Where Ctrl-C comes from. */
  readonly process: Pick<NodeJS.Process, 'on' | 'off'>;
  /** Ends the process at once: the third Ctrl-C. */
  readonly leave: () => void;
}

/** Runs one command line. Never throws; what went wrong is said and is in the exit code. */
export async function run(argv: readonly string[], options: RunOptions): Promise<ExitCode> {
  const { io } = options;
  const words = await loadWords(chooseLanguage(valueOf(argv, '--lang'), io.env));
  let task: Task | undefined;
  try {
    const streams = {
      out: (text: string) => void io.stdout.write(text),
      err: (text: string) => void io.stderr.write(text),
    };
    // Only help tells the settings, and only then is a playbook loaded for them.
    const wantsHelp = argv.some((word) => word === '--help' || word === '-h' || word === 'help');
    const playbooks = wantsHelp ? await options.playbooks() : [];
    const program = buildProgram(words, options.version, streams, (found) => (task = found), playbooks);
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return failureExit.USAGE;
    }
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (isFinished(error)) return 0;
    const output = new Output(io, argv.includes('--json'));
    return end(output, words, undefined, usage(error));
  }
  if (!task) return failureExit.USAGE;
  return perform(task, words, options);
}

async function perform(task: Task, words: Words, options: RunOptions): Promise<ExitCode> {
  const { io, leave } = options;
  const output = new Output(io, task.options.json === true);
  const interrupts = new Interrupts((what) => output.note(cli.interruptText(what)), leave);
  const cli = new Cli(io, words, task.options, interrupts.signal, options.compose, output);
  const deaf = interrupts.listen(options.process);
  try {
    return finish(output, task.command, await task.run(cli));
  } catch (error) {
    return end(output, words, task.command, toFailure(error).info);
  } finally {
    deaf();
  }
}

function finish(output: Output, command: string, { exitCode, result }: Outcome): ExitCode {
  output.data({ type: 'result', command, ...result, exitCode });
  return exitCode;
}

function end(output: Output, words: Words, command: string | undefined, failure: FailureInfo): ExitCode {
  const exitCode = failureExit[failure.code];
  output.note(failureText(failure, words, output.paintErr));
  const named = command === undefined ? {} : { command };
  output.data({ type: 'result', ...named, failure: failureData(failure, words), exitCode });
  return exitCode;
}

/** What commander says about arguments that it does not take. */
function usage(error: unknown): FailureInfo {
  if (!(error instanceof CommanderError)) return toFailure(error).info;
  const detail = error.message.replace(/^error: /, '');
  return new Failure('USAGE', { problem: 'arguments', value: detail }).info;
}

/** The value of an option, read before the arguments are parsed: the language of their own errors hangs on it. */
function valueOf(argv: readonly string[], option: string): string | undefined {
  const at = argv.findIndex((word) => word === option || word.startsWith(`${option}=`));
  if (at < 0) return undefined;
  return argv[at] === option ? argv[at + 1] : argv[at]?.slice(option.length + 1);
}
