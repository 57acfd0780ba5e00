import { defineCommand, type Command } from 'just-bash';
import { complains, status } from './answers';
import { hiddenCommands } from './rewrite';
import type { RunContext } from './run-context';
import { runWords } from './run-words';

/** Descriptors that the shell opened by `exec`, and the locks held on them. A lock ends with its descriptor. */
export function descriptorCommands(run: RunContext): Command[] {
  const { locks } = run.machine;
  return [
    defineCommand(hiddenCommands.open, ([fd, path = ''], ctx) => {
      run.opened.set(Number(fd), ctx.fs.resolvePath(ctx.cwd, path));
      return Promise.resolve(status(0));
    }),
    defineCommand(hiddenCommands.close, ([fd]) => {
      const path = run.opened.get(Number(fd));
      run.opened.delete(Number(fd));
      if (path !== undefined && ![...run.opened.values()].includes(path)) locks.release(path, run.opened);
      return Promise.resolve(status(0));
    }),
    defineCommand('flock', async (args, ctx) => {
      const { timeoutMs, unlock, words } = flockOptions(args);
      const [target, ...command] = words;
      if (target === undefined) return complains('flock: requires file descriptor, file or directory', 64);
      const owned = command.length === 0;
      const path = owned ? run.opened.get(Number(target)) : ctx.fs.resolvePath(ctx.cwd, target);
      if (path === undefined) return complains(`flock: ${target}: Bad file descriptor`, 65);
      if (unlock) {
        locks.release(path, run.opened);
        return status(0);
      }
      if (owned) return status((await locks.acquire(path, run.opened, timeoutMs, ctx.signal)) ? 0 : 1);
      const holder = {};
      if (!(await locks.acquire(path, holder, timeoutMs, ctx.signal))) return status(1);
      try {
        return await runWords(command, ctx);
      } finally {
        locks.release(path, holder);
      }
    }),
  ];
}

function flockOptions(args: readonly string[]) {
  let timeoutMs: number | undefined;
  let unlock = false;
  const words = [...args];
  for (let word = words[0]; word?.startsWith('-') === true; word = words[0]) {
    words.shift();
    if (word === '-w' || word === '--timeout') timeoutMs = Number(words.shift()) * 1000;
    else if (word === '-n' || word === '--nonblock') timeoutMs = 0;
    else if (word === '-u' || word === '--unlock') unlock = true;
  }
  return { timeoutMs, unlock, words };
}
