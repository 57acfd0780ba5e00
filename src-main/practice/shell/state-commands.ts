import { defineCommand, type Command } from 'just-bash';
import { complains, says, status } from './answers';
import { hiddenCommands } from './rewrite';
import type { RunContext } from './run-context';
import { quote } from '../../core/shell/quote';

/** What belongs to a shell's own state: umask and traps. */
export function stateCommands(run: RunContext): Command[] {
  return [
    defineCommand('umask', (args) => {
      const [mode, ...more] = args.filter((arg) => arg !== '--');
      if (mode === undefined) return Promise.resolve(says(`${run.fs.umask.toString(8).padStart(4, '0')}\n`));
      if (mode === '-S') return Promise.resolve(says(`${symbolic(run.fs.umask)}\n`));
      if (more.length > 0 || !/^[0-7]{1,4}$/.test(mode)) {
        return Promise.resolve(complains(`umask: ${mode}: invalid number`, 2));
      }
      run.fs.umask = Number.parseInt(mode, 8) & 0o777;
      return Promise.resolve(status(0));
    }),
    defineCommand(hiddenCommands.umaskPush, () => {
      run.umasks.push(run.fs.umask);
      return Promise.resolve(status(0));
    }),
    defineCommand(hiddenCommands.umaskPop, ([code]) => {
      run.fs.umask = run.umasks.pop() ?? run.fs.umask;
      return Promise.resolve(status(Number(code)));
    }),
    defineCommand('trap', (args, ctx) => {
      const words = args[0] === '--' ? args.slice(1) : args;
      const [action, ...conditions] = words;
      if (action === undefined || action === '-p') {
        const lines = run.traps.list().map(([name, text]) => `trap -- ${quote(text)} ${name}\n`);
        return Promise.resolve(says(lines.join('')));
      }
      const reset = action === '-' || (conditions.length === 0 && isSignal(action));
      for (const condition of reset && action !== '-' ? [action] : conditions) {
        if (!isSignal(condition)) return Promise.resolve(complains(`trap: ${condition}: bad trap`, 1));
        const name = condition === '0' ? 'EXIT' : condition.replace(/^SIG/, '');
        if (reset) run.traps.reset(name);
        else run.traps.set(name, action);
      }
      run.traps.note(ctx.env, ctx.cwd);
      return Promise.resolve(status(0));
    }),
    defineCommand(hiddenCommands.installed, async (names) => {
      for (const name of names)
        if (run.programs.has(name) && !(await run.fs.exists(`/usr/bin/${name}`))) return status(1);
      return status(0);
    }),
    defineCommand(hiddenCommands.note, ([code]) => Promise.resolve(status(Number(code)))),
  ];
}

function isSignal(word: string): boolean {
  return /^(\d{1,2}|(SIG)?(EXIT|HUP|INT|QUIT|PIPE|TERM|USR1|USR2|ALRM|CHLD|CONT|TSTP|WINCH))$/.test(word);
}

function symbolic(umask: number): string {
  const allowed = (shift: number) =>
    ['r', 'w', 'x'].filter((_, index) => ((umask >> shift) & (4 >> index)) === 0).join('');
  return `u=${allowed(6)},g=${allowed(3)},o=${allowed(0)}`;
}
