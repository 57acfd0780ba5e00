import { defineCommand, type Command } from 'just-bash';
import { status, thenAlso } from './answers';
import type { RunContext } from './run-context';

/** Shells inside a shell: their umask stays theirs, and their EXIT trap runs when they end. */
export function childShells(run: RunContext): Command[] {
  return ['sh', 'bash'].map((name) =>
    defineCommand(name, async (args, ctx) => {
      const { umask } = run.fs;
      run.traps.enter();
      run.descriptors.enter();
      const result = (await ctx.origCommand?.(args)) ?? status(127);
      const handler = run.traps.leave();
      const options = { cwd: handler?.cwd ?? ctx.cwd, env: { ...handler?.env }, replaceEnv: true };
      const after = handler === undefined ? undefined : await ctx.exec?.(handler.text, options);
      run.descriptors.leave();
      run.fs.umask = umask;
      return after === undefined ? result : thenAlso(result, after);
    }),
  );
}
