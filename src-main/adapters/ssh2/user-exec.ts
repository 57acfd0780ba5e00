import { Buffer } from 'node:buffer';
import type { ExecRequest } from '../../core/ports';
import { abortFailure } from './countdown';
import type { Output } from './output';
import type { ReadyShell } from './ready-shell';
import type { ShellPool } from './shell-pool';
import { endGroupScript, userLine } from './shell-text';
import type { Running } from './supervise';

/** Standard input of a request as base64, or undefined when it has none. */
export function encodedInput(request: ExecRequest): string | undefined {
  const { stdin } = request;
  return stdin === undefined ? undefined : Buffer.from(stdin as Uint8Array).toString('base64');
}

/** Runs a command as the login user, on a shell of its own. */
export async function startUserCommand(
  pool: ShellPool,
  request: ExecRequest,
  output: Output,
  signal: AbortSignal,
  lost: AbortSignal,
): Promise<Running> {
  const input = encodedInput(request);
  const line = userLine(request.script, input?.length);
  const shell = await pool.take(signal);
  if (signal.aborted) {
    shell.close();
    throw abortFailure(signal);
  }
  shell.pipeTo((stream, chunk) => output.push(stream, chunk));
  shell.write(`${line}\n${input ?? ''}`);
  return { exit: shell.exit, end: () => endShell(pool, shell, lost) };
}

/**
 * Ends every process of the command's process group from a second shell: a signal on the channel itself would do, but
 * OpenSSH takes those only since 7.9 and not for forced commands. A process that left the group (setsid, a systemd unit)
 * goes on; that is what it left for.
 */
async function endShell(pool: ShellPool, shell: ReadyShell, lost: AbortSignal): Promise<boolean> {
  try {
    return await endGroup(pool, shell.group, lost);
  } finally {
    shell.close();
  }
}

async function endGroup(pool: ShellPool, group: number, lost: AbortSignal): Promise<boolean> {
  const killer = await pool.reserve(lost);
  killer.pipeTo(() => undefined);
  killer.write(`${userLine(endGroupScript(group), undefined)}\n`);
  return (await killer.exit).code === 0;
}
