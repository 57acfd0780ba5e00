import type { Caller } from '../machine/node-model';
import { loginEnv } from '../shell/login-env';
import type { Process } from '../shell/processes';
import type { Machine, RunRequest, Stream } from '../shell/run-context';
import { nameOf, runProgram } from '../shell/run-program';
import { runShell } from '../shell/run-shell';
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
  if (program === undefined || Number.isNaN(limitSeconds)) return undefined;
  // A shell is only of interest behind something: alone, the script is one itself.
  const shell = shells.has(program) && args[0] === '-c' && words.length < line.words.length;
  if (!shell && !isLive(nameOf(program))) return undefined;
  return { program, args, env: Object.fromEntries(env), limitSeconds, wrapper };
}

const shells = new Set(['sh', 'bash', '/bin/sh', '/bin/bash']);

/** What `timeout` exits with when the time is over. */
const TIMED_OUT = 124;
const NOT_FOUND = 127;

/** The shell that it is started from. */
export interface LivePlace extends Stream {
  /** What the shell adds to the account's environment. */
  readonly shellEnv: Readonly<Record<string, string>>;
  /** The account's home when left out. */
  readonly cwd?: string;
}

/** Runs it as a process of its own. @returns its exit status */
export async function runLiveLine(
  machine: Machine,
  caller: Caller,
  process: Process,
  { program, args, env: given, limitSeconds, wrapper }: LiveLine,
  { shellEnv, cwd: here, ...stream }: LivePlace,
): Promise<number> {
  const { node } = machine;
  const env = { ...loginEnv(node, caller), ...shellEnv, ...given };
  const limit = limitSeconds === undefined ? undefined : AbortSignal.timeout(limitSeconds * 1000);
  const signal = limit === undefined ? process.signal : AbortSignal.any([process.signal, limit]);
  const leave = node.showProcess({
    pid: process.pid,
    uid: caller.uid,
    args: [nameOf(program), ...args],
    env,
  });
  try {
    const cwd = here ?? env['HOME'] ?? '/';
    const script = shells.has(program) ? args[1] : undefined;
    const code =
      script === undefined
        ? await runProgram(node, caller, { program, args, env, cwd, pid: process.pid, signal }, stream)
        : await runScript(machine, { caller, script, env, replaceEnv: true, cwd, process, signal, stream });
    if (code === undefined) await stream.complain(missing(wrapper, program));
    return limit?.aborted === true ? TIMED_OUT : (code ?? NOT_FOUND);
  } finally {
    leave();
  }
}

/** In the words of who was to start it. */
function missing(wrapper: string, program: string): string {
  if (wrapper === 'sh') return `sh: 1: ${program}: not found\n`;
  return `${wrapper}: failed to run command '${program}': No such file or directory\n`;
}

async function runScript(machine: Machine, request: RunRequest & { stream: Stream }): Promise<number> {
  const { code, stdout, stderr } = await runShell(machine, request);
  await request.stream.print(stdout.toString('utf8'));
  await request.stream.complain(stderr.toString('utf8'));
  return code;
}
