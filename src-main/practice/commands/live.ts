import { defineCommand, type Command } from 'just-bash';
import { FsError } from '../machine/inode';
import type { LiveStart } from '../machine/node-model';
import { Complaint, line, type Ground } from './support';

export interface LiveCall extends Ground, LiveStart {}

/** A program that runs for a while: it prints while it runs, and can be ended. */
export interface LiveProgram {
  readonly name: string;
  /** @returns its exit status */
  readonly run: (call: LiveCall) => Promise<number>;
}

export function liveProgram(name: string, run: LiveProgram['run']): LiveProgram {
  return { name, run };
}

/** Runs it to its end; what it throws to end itself becomes its complaint. */
export async function runLive(program: LiveProgram, call: LiveCall): Promise<number> {
  try {
    return await program.run(call);
  } catch (error) {
    if (error instanceof Complaint) {
      await call.complain(line(error.message));
      return error.status;
    }
    if (error instanceof FsError) {
      await call.complain(`${program.name}: ${error.reason}\n`);
      return 1;
    }
    throw error;
  }
}

/** The same as a command inside a script, where output comes as a whole. */
export function asScriptCommand(program: LiveProgram, ground: Ground): Command {
  return defineCommand(program.name, async (args, ctx) => {
    let [stdout, stderr] = ['', ''];
    const exitCode = await runLive(program, {
      ...ground,
      args,
      env: { ...ctx.exportedEnv },
      pid: Number(ctx.env.get('$') ?? 1),
      signal: ctx.signal ?? new AbortController().signal,
      watched: false,
      print: (text) => Promise.resolve(void (stdout += text)),
      complain: (text) => Promise.resolve(void (stderr += text)),
    });
    return { stdout, stderr, exitCode };
  });
}

/** Lets so many seconds of a test pass that lasts `whole` in all. @returns false when the program is to end */
export async function pass(call: LiveCall, seconds: number, whole: number): Promise<boolean> {
  const { signal } = call;
  if (signal.aborted) return false;
  const ms = call.machine.pace.ms(seconds, whole);
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve(!signal.aborted);
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
