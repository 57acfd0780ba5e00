import { Bash, type BashExecResult, type ExecResult } from 'just-bash';
import { Buffer } from 'node:buffer';
import { stdoutOf, thenAlso } from './answers';
import { loginEnv } from './login-env';
import { rewrite } from './rewrite';
import type { Machine, RunContext, RunRequest, RunResult } from './run-context';
import { shellCommands } from './shell-commands';
import { Traps, type Handler } from './traps';

/**
 * Runs a script on a practice node, to its end. Its EXIT trap runs also when it is ended by a signal, as POSIX shells do.
 * What it printed comes as a whole. Never rejects for what the script does.
 */
export async function runShell(machine: Machine, request: RunRequest): Promise<RunResult> {
  const { caller } = request;
  const { node, processes, locks } = machine;
  const process = request.process ?? processes.start();
  const login = loginEnv(node, caller);
  const env = request.replaceEnv === true ? { ...request.env } : { ...login, ...request.env };
  const cwd = request.cwd ?? env['HOME'] ?? '/';
  const fs = node.fsFor(caller);
  const context: RunContext = {
    machine,
    caller,
    fs,
    process,
    traps: new Traps(),
    opened: new Map(),
    umasks: [],
    tty: request.tty,
    run: (inner) => runShell(machine, { ...(request.tty && { tty: request.tty }), process, ...inner }),
  };
  const bash = new Bash({
    fs,
    env,
    cwd: (await fs.exists(cwd)) ? cwd : '/',
    customCommands: [...node.commands(caller, fs), ...shellCommands(context)],
    processInfo: { pid: process.pid, ppid: 1, uid: caller.uid, gid: caller.uid },
  });
  bash.registerTransformPlugin({
    name: 'posix',
    transform: ({ ast }) => {
      const { script, functions } = rewrite(ast);
      context.traps.define(functions);
      return { ast: script };
    },
  });
  const signals = [process.signal, ...(request.signal === undefined ? [] : [request.signal])];
  const stdin = Buffer.from(request.stdin ?? []).toString('latin1');
  try {
    const result = await bash.exec(request.script, {
      rawScript: true,
      stdin,
      stdinKind: 'bytes',
      signal: AbortSignal.any(signals),
    });
    const handler = context.traps.leave();
    const all = handler === undefined ? result : thenAlso(result, await atExit(bash, handler, result));
    return { code: all.exitCode, ...output(all), env: variables(result), cwd: folderOf(result) ?? cwd };
  } finally {
    locks.releaseAll(context.opened);
    if (request.process === undefined) process.end();
  }
}

/** Runs the EXIT handler where the script ended; where a signal cut it off, with what was known when it was set. */
function atExit(bash: Bash, handler: Handler, result: BashExecResult): Promise<ExecResult> {
  const ended = folderOf(result);
  const env = ended === undefined ? handler.env : variables(result);
  return bash.exec(handler.text, {
    rawScript: true,
    replaceEnv: true,
    env: { ...env },
    cwd: ended ?? handler.cwd,
  });
}

function folderOf(result: BashExecResult): string | undefined {
  return (result.env as Partial<Record<string, string>> | undefined)?.['PWD'];
}

const ownVariables = new Set(['SHELLOPTS', 'BASHOPTS', 'OLDPWD', 'PWD', 'OPTIND', '_']);

/** Variables of the script, without the shell's own. */
export function variables(result: Pick<BashExecResult, 'env'>): Record<string, string> {
  const all = Object.entries((result.env as Partial<Record<string, string>> | undefined) ?? {});
  return Object.fromEntries(
    all.flatMap(([name, value]): [string, string][] =>
      value === undefined || !/^[A-Za-z_]\w*$/.test(name) || ownVariables.has(name) ? [] : [[name, value]],
    ),
  );
}

function output(result: ExecResult): Pick<RunResult, 'stdout' | 'stderr'> {
  return { stdout: stdoutOf(result), stderr: Buffer.from(result.stderr, 'utf8') };
}
