import { defineCommand, type Command, type ExecResult, type ResolvedCommandContext } from 'just-bash';
import { quote } from '../../core/shell/quote';
import type { Caller } from '../machine/node-model';
import { answerOf, complains, status, stdinOf } from './answers';
import type { RunContext } from './run-context';
import { loginEnv } from './login-env';

const tries = 3;

/** Commands that run others as another account. */
export function switchCommands(run: RunContext): Command[] {
  return [
    defineCommand('sudo', (args, ctx) => sudo(run, args, ctx)),
    defineCommand('runuser', async (args, ctx) => {
      if (!run.caller.root) return complains('runuser: may not be used by non-root users');
      const { user, words } = runuserOptions(args);
      const caller = run.machine.node.account(user);
      if (caller === undefined) return complains(`runuser: user ${user} does not exist`);
      return as(run, caller, words, ctx, { ...ctx.exportedEnv });
    }),
    defineCommand('setpriv', async (args, ctx) => {
      const words = args.filter(
        (word, at) => !word.startsWith('--') || args.slice(0, at).some((one) => !one.startsWith('--')),
      );
      const who = /^--reuid=(.+)$/.exec(args.find((word) => word.startsWith('--reuid=')) ?? '')?.[1];
      const caller = who === undefined ? run.caller : run.machine.node.account(who);
      if (caller === undefined) return complains(`setpriv: unknown user ${who ?? ''}`);
      if (caller.uid !== run.caller.uid && !run.caller.root)
        return complains('setpriv: setresuid failed: Operation not permitted');
      return as(run, caller, words, ctx, { ...ctx.exportedEnv });
    }),
    defineCommand('su', () => Promise.resolve(complains('su: Authentication failure'))),
  ];
}

interface SudoOptions {
  readonly user: string | undefined;
  readonly never: boolean;
  readonly fromStdin: boolean;
  readonly prompt: string | undefined;
  /** `-k`, `-v`, `-l`: nothing is run. */
  readonly only: 'k' | 'v' | 'l' | undefined;
  readonly set: Record<string, string>;
  readonly words: readonly string[];
}

async function sudo(
  run: RunContext,
  args: readonly string[],
  ctx: ResolvedCommandContext,
): Promise<ExecResult> {
  const options = sudoOptions(args);
  const { node } = run.machine;
  if (options.only === 'k') {
    if (run.tty !== undefined) run.tty.sudoProven = false;
    return status(0);
  }
  let stdin = stdinOf(ctx);
  const rule = run.caller.root ? 'nopasswd' : node.sudoRule(run.caller.user);
  if (rule !== 'nopasswd' && run.tty?.sudoProven !== true) {
    const end = options.fromStdin ? stdin.indexOf(0x0a) : -1;
    const given = end < 0 ? undefined : stdin.toString('utf8', 0, end);
    if (options.fromStdin) stdin = stdin.subarray(end < 0 ? stdin.length : end + 1);
    const refused = await authenticate(run, options, given);
    if (refused !== undefined) return refused;
    if (rule === 'none') {
      return complains(`${run.caller.user} is not in the sudoers file.`);
    }
    if (run.tty !== undefined) run.tty.sudoProven = true;
  }
  if (options.only === 'v') return status(0);
  if (options.only === 'l') {
    return {
      ...status(0),
      stdout: `User ${run.caller.user} may run the following commands on ${node.name}:\n    (ALL : ALL) ALL\n`,
    };
  }
  const root: Caller = { user: run.caller.user, uid: 0, root: true };
  const caller = options.user === undefined || options.user === 'root' ? root : node.account(options.user);
  if (caller === undefined) return complains(`sudo: unknown user ${options.user}`);
  if (options.words.length === 0) {
    return complains(
      'sudo: in this practice terminal type `sudo -i` on a line of its own, or give a command',
    );
  }
  const env = { ...ctx.exportedEnv, ...loginEnv(node, caller), ...options.set, SUDO_USER: run.caller.user };
  return as(run, caller, options.words, ctx, env, stdin);
}

/** @returns what sudo answers when it does not let the caller in */
async function authenticate(
  run: RunContext,
  options: SudoOptions,
  fromStdin: string | undefined,
): Promise<ExecResult | undefined> {
  const { node } = run.machine;
  const { user } = run.caller;
  if (options.never) return complains('sudo: a password is required');
  if (options.fromStdin) {
    if (fromStdin === undefined) return complains('sudo: no password was provided');
    return node.checkPassword(user, fromStdin)
      ? undefined
      : complains('Sorry, try again.\nsudo: 1 incorrect password attempt');
  }
  if (run.tty === undefined) {
    return complains(
      'sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required',
    );
  }
  for (let attempt = 1; attempt <= tries; attempt++) {
    const given = await run.tty.askSecret(options.prompt ?? `[sudo] password for ${user}: `);
    if (given === undefined) return complains('sudo: a password is required');
    if (node.checkPassword(user, given)) return undefined;
    if (attempt < tries) await run.tty.write('Sorry, try again.\n');
  }
  return complains(`sudo: ${tries} incorrect password attempts`);
}

/** Runs words as another caller, in a shell of its own. */
async function as(
  run: RunContext,
  caller: Caller,
  words: readonly string[],
  ctx: ResolvedCommandContext,
  env: Record<string, string>,
  stdin = stdinOf(ctx),
): Promise<ExecResult> {
  const script = words.map(quote).join(' ');
  return answerOf(
    await run.run({
      caller,
      script,
      stdin,
      env,
      replaceEnv: true,
      cwd: ctx.cwd,
      ...(ctx.signal && { signal: ctx.signal }),
    }),
  );
}

function sudoOptions(args: readonly string[]): SudoOptions {
  const words = [...args];
  const set: Record<string, string> = {};
  const options = {
    user: undefined,
    never: false,
    fromStdin: false,
    prompt: undefined,
    only: undefined,
  } as {
    -readonly [K in Exclude<keyof SudoOptions, 'set' | 'words'>]: SudoOptions[K];
  };
  for (let word = words[0]; word !== undefined; word = words[0]) {
    const assigned = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
    if (assigned !== null) set[assigned[1] ?? ''] = assigned[2] ?? '';
    else if (!word.startsWith('-')) break;
    words.shift();
    if (word === '--') break;
    if (assigned !== null) continue;
    if (word === '-u' || word === '--user') options.user = words.shift();
    else if (word === '-p' || word === '--prompt') options.prompt = words.shift();
    else if (word === '-g' || word === '-h') words.shift();
    else {
      options.never ||= /^-[A-Za-z]*n/.test(word);
      options.fromStdin ||= /^-[A-Za-z]*S/.test(word);
      const only = /^-[A-Za-z]*([kvl])/.exec(word)?.[1];
      if (only === 'v' || only === 'l' || (only === 'k' && words.length === 0)) options.only = only;
    }
  }
  return { ...options, set, words };
}

function runuserOptions(args: readonly string[]): { user: string; words: string[] } {
  const words = [...args];
  let user = 'root';
  for (let word = words[0]; word?.startsWith('-') === true; word = words[0]) {
    words.shift();
    if (word === '--') break;
    if (word === '-u' || word === '--user') user = words.shift() ?? user;
  }
  return { user, words };
}
