import { defineCommand, type Command } from 'just-bash';
import { complains, status } from './answers';
import { hiddenCommands } from './rewrite';
import type { RunContext } from './run-context';
import { runWords } from './run-words';

/** Descriptors that the shell opened by `exec`, and the locks held on them. */
export function descriptorCommands(run: RunContext): Command[] {
  const { descriptors } = run;
  const { locks } = run.machine;
  return [
    defineCommand(hiddenCommands.open, ([fd, path = ''], ctx) => {
      descriptors.open(Number(fd), ctx.fs.resolvePath(ctx.cwd, path));
      return Promise.resolve(status(0));
    }),
    defineCommand(hiddenCommands.close, ([fd]) => {
      descriptors.close(Number(fd));
      return Promise.resolve(status(0));
    }),
    defineCommand('flock', async (args, ctx) => {
      const { timeoutMs, unlock, words } = flockOptions(args);
      const [target, ...command] = words;
      if (target === undefined) return complains('flock: requires file descriptor, file or directory', 64);
      const byNumber = command.length === 0;
      const file = byNumber ? descriptors.get(Number(target)) : { path: ctx.fs.resolvePath(ctx.cwd, target) };
      if (file === undefined) return complains(`flock: ${target}: Bad file descriptor`, 65);
      if (unlock) {
        locks.release(file.path, file);
        return status(0);
      }
      if (!(await locks.acquire(file.path, file, timeoutMs, ctx.signal))) return status(1);
      if (byNumber) return status(0);
      try {
        return await runWords(command, ctx);
      } finally {
        locks.release(file.path, file);
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
