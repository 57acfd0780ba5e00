import { Bash, type BashExecResult, type CustomCommand, type ExecResult } from 'just-bash';
import { Buffer } from 'node:buffer';
import { stdoutOf, thenAlso } from './answers';
import { Descriptors } from './descriptors';
import { loginEnv } from './login-env';
import { hiddenCommands, rewrite } from './rewrite';
import type { Machine, RunContext, RunRequest, RunResult } from './run-context';
import { shellCommands } from './shell-commands';
import { shellView } from './shell-view';
import { isVariable, Traps, type Handler } from './traps';

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
  const machineCommands = node.commands(caller, fs);
  const context: RunContext = {
    machine,
    caller,
    fs,
    process,
    traps: new Traps(),
    descriptors: new Descriptors(locks),
    umasks: [],
    tty: request.tty,
    stream: request.stream,
    programs: new Set(machineCommands.map(({ name }) => name)),
    run: (inner) => runShell(machine, { ...(request.tty && { tty: request.tty }), process, ...inner }),
  };
  const own = shellCommands(context);
  const commands = [...machineCommands, ...own].map((command) => noting(command, context));
  const names = [...own.map(({ name }) => name), ...Object.values(hiddenCommands)];
  const bash = new Bash({
    fs: shellView(fs, names),
    env,
    cwd: (await fs.exists(cwd)) ? cwd : '/',
    customCommands: commands,
    processInfo: { pid: process.pid, ppid: 1, uid: caller.uid, gid: caller.uid },
  });
  // Only the script itself may print past the interpreter, not what it runs.
  let outermost = request.stream !== undefined;
  const isLive = (name: string) => node.isLive(name);
  bash.registerTransformPlugin({
    name: 'posix',
    transform: ({ ast }) => {
      const { script, functions } = rewrite(ast, outermost ? isLive : undefined);
      outermost = false;
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
    const all = handler === undefined ? result : thenAlso(result, await atExit(bash, handler));
    return { code: all.exitCode, ...output(all), env: variables(result), cwd: folderOf(result) ?? cwd };
  } finally {
    context.descriptors.leave();
    if (request.process === undefined) process.end();
  }
}

/** Runs the EXIT handler in the state that the script ended in. */
function atExit(bash: Bash, { text, env, cwd }: Handler): Promise<ExecResult> {
  return bash.exec(text, { rawScript: true, replaceEnv: true, env: { ...env }, cwd });
}

/** The command, telling the state of its shell when it is run. */
function noting(command: CustomCommand, { traps }: RunContext): CustomCommand {
  if ('load' in command) return command;
  return {
    ...command,
    execute: (args, ctx) => {
      traps.note(ctx.env, ctx.cwd);
      return command.execute(args, ctx);
    },
  };
}

function folderOf(result: BashExecResult): string | undefined {
  return (result.env as Partial<Record<string, string>> | undefined)?.['PWD'];
}

/** Variables of the script, without the shell's own. */
export function variables(result: Pick<BashExecResult, 'env'>): Record<string, string> {
  const all = Object.entries((result.env as Partial<Record<string, string>> | undefined) ?? {});
  return Object.fromEntries(
    all.flatMap(([name, value]): [string, string][] =>
      value === undefined || !isVariable(name) ? [] : [[name, value]],
    ),
  );
}

function output(result: ExecResult): Pick<RunResult, 'stdout' | 'stderr'> {
  return { stdout: stdoutOf(result), stderr: Buffer.from(result.stderr, 'utf8') };
}
