import {
  decodeBytesToUtf8,
  defineCommand,
  type Command,
  type ExecResult,
  type ResolvedCommandContext,
} from 'just-bash';
import type { Host } from '../machine/host';
import { FsError } from '../machine/inode';
import type { Caller, NodeFs } from '../machine/node-model';

/** What a command works on: the machine, who runs it, and that caller's view of the files. */
export interface Ground {
  readonly machine: Host;
  readonly caller: Caller;
  readonly fs: NodeFs;
}

export interface Call extends Ground {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly ctx: ResolvedCommandContext;
  /** Standard input as UTF-8 text. */
  stdin(): string;
  /** Absolute form of a path that the command was given. */
  path(given: string): string;
}

export type Answer = ExecResult | string;

/** A command of the machine: what it returns as a string is its output, with exit status 0. */
export interface Program {
  readonly name: string;
  readonly run: (call: Call) => Answer | Promise<Answer>;
}

export function program(name: string, run: Program['run']): Program {
  return { name, run };
}

/** Ends a command with a message on stderr. */
export class Complaint extends Error {
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}

export function fail(message: string, status = 1): never {
  throw new Complaint(message, status);
}

/** A program as the shell takes it. What the file system refuses becomes coreutils' words. */
export function asCommand({ name, run }: Program, ground: Ground): Command {
  return defineCommand(name, async (args, ctx) => {
    const call: Call = {
      ...ground,
      args,
      cwd: ctx.cwd,
      ctx,
      stdin: () => decodeBytesToUtf8(ctx.stdin),
      path: (given) => ground.fs.resolvePath(ctx.cwd, given),
    };
    try {
      const answer = await run(call);
      return typeof answer === 'string' ? { stdout: answer, stderr: '', exitCode: 0 } : answer;
    } catch (error) {
      if (error instanceof Complaint)
        return { stdout: '', stderr: line(error.message), exitCode: error.status };
      if (error instanceof FsError) return { stdout: '', stderr: `${name}: ${error.reason}\n`, exitCode: 1 };
      throw error;
    }
  });
}

/** Text with its line end; none for no text. */
export function line(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** Several lines of output and of complaints, as commands over a list of files have. */
export class Report {
  #out = '';
  #errors = '';
  status = 0;

  say(text: string): void {
    this.#out += line(text);
  }

  raw(text: string): void {
    this.#out += text;
  }

  complain(text: string, status = 1): void {
    this.#errors += line(text);
    this.status = status;
  }

  get answer(): ExecResult {
    return { stdout: this.#out, stderr: this.#errors, exitCode: this.status };
  }
}

export interface Options {
  /** Options without a value that were given. */
  readonly flags: ReadonlySet<string>;
  /** Options with a value; the last one counts. */
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/**
 * Reads options as GNU's getopt does: `-abc`, `-o VALUE`, `-oVALUE`, `--long`, `--long=VALUE`, `--` ends them.
 * @param spec short options as for getopt (`ab:c`), and long ones as `name` or `name:`, each with the short one it stands for
 * @throws Complaint for an unknown one
 */
export function options(
  command: string,
  args: readonly string[],
  spec: { short: string; long?: Readonly<Record<string, string>>; stopAtFirst?: boolean },
): Options {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  const queue = [...args];
  const takes = (letter: string) => spec.short.includes(`${letter}:`);
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--') {
      rest.push(...queue);
      break;
    }
    if (word.startsWith('--')) readLong(word);
    else if (word.startsWith('-') && word.length > 1) readShort(word);
    else {
      rest.push(word);
      if (spec.stopAtFirst === true) {
        rest.push(...queue);
        break;
      }
    }
  }
  return { flags, values, rest };

  function readLong(word: string): void {
    const [name = '', ...given] = word.slice(2).split('=');
    const long = spec.long ?? {};
    const key = Object.hasOwn(long, name)
      ? long[name]
      : Object.hasOwn(long, `${name}:`)
        ? long[`${name}:`]
        : undefined;
    if (key === undefined) fail(`${command}: unrecognized option '--${name}'`, 2);
    if (Object.hasOwn(long, name)) flags.add(key);
    else values.set(key, given.length > 0 ? given.join('=') : (queue.shift() ?? ''));
  }

  function readShort(word: string): void {
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (!spec.short.includes(letter)) fail(`${command}: invalid option -- '${letter}'`, 2);
      if (!takes(letter)) flags.add(letter);
      else {
        values.set(letter, at + 1 < word.length ? word.slice(at + 1) : (queue.shift() ?? ''));
        break;
      }
    }
  }
}

/** The reason of a refused file operation in coreutils' words; anything else is thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof FsError) return error.reason;
  throw error;
}
