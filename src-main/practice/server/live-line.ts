import type { Caller, LiveRun, PracticeNode } from '../machine/node-model';
import { loginEnv } from '../shell/login-env';
import type { Process } from '../shell/processes';
import type { Machine } from '../shell/run-context';
import { plainLine } from './plain-words';

/** A script that is one program which prints while it runs, behind what it may be started with. */
export interface LiveLine {
  /** As it was given: a name, or a path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** By `timeout`; undefined for no limit. */
  readonly limitSeconds: number | undefined;
  /** What would say that there is no such program. */
  readonly wrapper: string;
}

/**
 * Recognises `[NAME=VALUE…] [exec] [timeout … SECONDS] [env NAME=VALUE…] [stdbuf …] PROGRAM ARGS`: the form in which the app
 * starts tests, and what people type. The interpreter in memory would show its output only at its end.
 */
export function liveLine(script: string, isLive: (name: string) => boolean): LiveLine | undefined {
  const line = plainLine(script);
  if (line === undefined) return undefined;
  const words = [...line.words];
  const env = new Map(line.assignments);
  let limitSeconds: number | undefined;
  let wrapper = 'sh';
  for (;;) {
    const [word] = words;
    if (word !== 'exec' && word !== 'timeout' && word !== 'env' && word !== 'stdbuf') break;
    words.shift();
    if (word !== 'exec') wrapper = word;
    while (words[0]?.startsWith('-') === true) {
      const option = words.shift() ?? '';
      if (word === 'timeout' && (option === '-k' || option === '-s')) words.shift();
      else if (word === 'stdbuf' && /^-[ioe]$/.test(option)) words.shift();
      // `env -i`, `exec -a` and the like are for a shell.
      else if (word === 'env' || word === 'exec') return undefined;
    }
    if (word === 'timeout') limitSeconds = Number(/^(\d+(?:\.\d+)?)s?$/.exec(words.shift() ?? '')?.[1]);
    if (word !== 'env') continue;
    for (let [given] = words; given?.includes('=') === true; [given] = words) {
      const at = given.indexOf('=');
      env.set(given.slice(0, at), given.slice(at + 1));
      words.shift();
    }
  }
  const [program, ...args] = words;
  if (program === undefined || !isLive(nameOf(program)) || Number.isNaN(limitSeconds)) return undefined;
  return { program, args, env: Object.fromEntries(env), limitSeconds, wrapper };
}

/** What `timeout` exits with when the time is over. */
const TIMED_OUT = 124;
const NOT_FOUND = 127;

export interface LiveOutput {
  readonly print: (text: string) => Promise<void>;
  readonly complain: (text: string) => Promise<void>;
  /** What the shell adds to the account's environment. */
  readonly shellEnv?: Readonly<Record<string, string>>;
}

/** Runs it as a process of its own. @returns its exit status */
export async function runLiveLine(
  { node }: Machine,
  caller: Caller,
  process: Process,
  { program, args, env, limitSeconds, wrapper }: LiveLine,
  { print, complain, shellEnv = {} }: LiveOutput,
): Promise<number> {
  const run = await find(node, caller, program);
  if (run === undefined) {
    await complain(
      wrapper === 'sh'
        ? `sh: 1: ${program}: not found\n`
        : `${wrapper}: failed to run command '${program}': No such file or directory\n`,
    );
    return NOT_FOUND;
  }
  const limit = limitSeconds === undefined ? undefined : AbortSignal.timeout(limitSeconds * 1000);
  const code = await run({
    args,
    env: { ...loginEnv(node, caller), ...shellEnv, ...env },
    pid: process.pid,
    signal: limit === undefined ? process.signal : AbortSignal.any([process.signal, limit]),
    watched: true,
    print,
    complain,
  });
  return limit?.aborted === true ? TIMED_OUT : code;
}

async function find(node: PracticeNode, caller: Caller, program: string): Promise<LiveRun | undefined> {
  const fs = node.fsFor(caller);
  const path = program.includes('/')
    ? fs.resolvePath(node.home(caller.root ? 'root' : caller.user), program)
    : `/usr/bin/${program}`;
  const there = await fs.access(path, 1).catch(() => false);
  return there ? node.live(nameOf(program), caller) : undefined;
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}
