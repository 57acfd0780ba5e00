import type { Caller, PracticeNode } from '../machine/node-model';
import type { Stream } from './run-context';

export interface ProgramStart {
  /** A name, or a path. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly pid: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a program that prints while it runs, where it is on the machine and may be run.
 * @returns its exit status; undefined where there is none
 */
export async function runProgram(
  node: PracticeNode,
  caller: Caller,
  { program, cwd, ...start }: ProgramStart,
  stream: Stream,
): Promise<number | undefined> {
  const fs = node.fsFor(caller);
  const path = program.includes('/') ? fs.resolvePath(cwd, program) : `/usr/bin/${program}`;
  const there = await fs.access(path, 1).catch(() => false);
  const run = there ? node.live(nameOf(program), caller) : undefined;
  if (run === undefined) return undefined;
  const { pid, args, env } = start;
  const leave = node.showProcess({ pid, uid: caller.uid, args: [nameOf(program), ...args], env });
  try {
    return await run({ ...start, ...stream, watched: true });
  } finally {
    leave();
  }
}

export function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}
