import { defineCommand, type Command } from 'just-bash';
import { complains, status } from './answers';
import { hiddenCommands } from './rewrite';
import { runProgram } from './run-program';
import type { RunContext } from './run-context';

/** What rewritten scripts start their last command with. */
export function liveCommand({ machine, caller, process, stream }: RunContext): Command[] {
  if (stream === undefined) return [];
  return [
    defineCommand(hiddenCommands.live, async ([program = '', ...args], ctx) => {
      const signal = ctx.signal ?? process.signal;
      const env = { ...ctx.exportedEnv };
      const start = { program, args, env, cwd: ctx.cwd, pid: process.pid, signal };
      const code = await runProgram(machine.node, caller, start, stream);
      return code === undefined ? complains(`sh: 1: ${program}: not found`, 127) : status(code);
    }),
  ];
}
