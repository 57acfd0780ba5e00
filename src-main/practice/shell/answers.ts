import {
  bytesOutput,
  latin1FromBytes,
  stdoutAsBytes,
  unsafeBytesFromLatin1,
  type ExecResult,
  type ResolvedCommandContext,
} from 'just-bash';
import { Buffer } from 'node:buffer';
import type { RunResult } from './run-context';

/** What a command answers that prints nothing. */
export function status(exitCode: number): ExecResult {
  return { stdout: '', stderr: '', exitCode };
}

export function says(stdout: string): ExecResult {
  return { stdout, stderr: '', exitCode: 0 };
}

export function complains(stderr: string, exitCode = 1): ExecResult {
  return { stdout: '', stderr: `${stderr}\n`, exitCode };
}

/** What a shell of its own printed, as the answer of the command that ran it. */
export function answerOf(result: Pick<RunResult, 'code' | 'stdout' | 'stderr'>): ExecResult {
  return {
    ...bytesOutput(unsafeBytesFromLatin1(result.stdout.toString('latin1'))),
    stderr: result.stderr.toString('utf8'),
    exitCode: result.code,
  };
}

export function stdinOf(ctx: ResolvedCommandContext): Buffer {
  return Buffer.from(latin1FromBytes(ctx.stdin), 'latin1');
}

export function stdoutOf(result: ExecResult): Buffer {
  return Buffer.from(latin1FromBytes(stdoutAsBytes(result)), 'latin1');
}

/** First the one, then the other; the status is the first one's. */
export function thenAlso(first: ExecResult, second: ExecResult): ExecResult {
  const stdout = Buffer.concat([stdoutOf(first), stdoutOf(second)]);
  return {
    ...bytesOutput(unsafeBytesFromLatin1(stdout.toString('latin1'))),
    stderr: first.stderr + second.stderr,
    exitCode: first.exitCode,
  };
}
