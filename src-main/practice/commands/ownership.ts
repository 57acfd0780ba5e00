import { gidOf, uidOf, walk } from './describe';
import { fail, options, program, reasonOf, Report, type Call } from './support';

/** The new owner of `chown OWNER[:GROUP]`; undefined leaves it. */
function owner(call: Call, text: string): { uid: number | undefined; gid: number | undefined } {
  const [user = '', group] = text.split(/[:.]/);
  const uid = user === '' ? undefined : uidOf(call, user);
  if (user !== '' && uid === undefined) fail(`chown: invalid user: '${text}'`);
  if (group === '') return { uid, gid: call.machine.accounts.find(user)?.gid };
  const gid = group === undefined ? undefined : gidOf(call, group);
  if (group !== undefined && gid === undefined) fail(`chown: invalid group: '${text}'`);
  return { uid, gid };
}

async function give(
  call: Call,
  command: string,
  to: { uid: number | undefined; gid: number | undefined },
  { flags, files }: { flags: ReadonlySet<string>; files: readonly string[] },
) {
  const report = new Report();
  for (const file of files) {
    try {
      const path = call.path(file);
      for (const one of flags.has('R') ? await walk(call, path) : [path]) {
        const followLinks = !flags.has('h') && !flags.has('R');
        const now = await call.fs.lstatOwned(followLinks ? await call.fs.realpath(one) : one);
        await call.fs.chown(one, to.uid ?? now.uid, to.gid ?? now.gid, { followLinks });
      }
    } catch (error) {
      report.complain(`${command}: changing ownership of '${file}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
}

const long = { recursive: 'R', 'no-dereference': 'h' };

export const chown = program('chown', (call) => {
  const { flags, rest } = options('chown', call.args, { short: 'RhfvcHLP', long });
  const [text, ...files] = rest;
  if (text === undefined || files.length === 0) fail('chown: missing operand');
  return give(call, 'chown', owner(call, text), { flags, files });
});

export const chgrp = program('chgrp', (call) => {
  const { flags, rest } = options('chgrp', call.args, { short: 'Rhfvc', long });
  const [text, ...files] = rest;
  if (text === undefined || files.length === 0) fail('chgrp: missing operand');
  return give(call, 'chgrp', owner(call, `:${text}`), { flags, files });
});

/** The bits of `chmod`'s and `mkdir -m`'s MODE, octal or symbolic; undefined for what is none. */
export function parseMode(
  text: string,
  before: number,
  directory: boolean,
  umask: number,
): number | undefined {
  if (/^[0-7]{1,5}$/.test(text)) return parseInt(text, 8) & 0o7777;
  let mode = before;
  for (const clause of text.split(',')) {
    const found = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause);
    if (found === null) return undefined;
    const [, who = '', sign = '', perms = ''] = found;
    const classes = who === '' || who.includes('a') ? 'ugo' : who;
    let bits = 0;
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (!classes.includes(letter)) continue;
      const x = perms.includes('x') || (perms.includes('X') && (directory || (before & 0o111) !== 0));
      bits |= ((perms.includes('r') ? 4 : 0) | (perms.includes('w') ? 2 : 0) | (x ? 1 : 0)) << shift;
      if (perms.includes('s') && letter !== 'o') bits |= letter === 'u' ? 0o4000 : 0o2000;
    }
    if (perms.includes('t')) bits |= 0o1000;
    if (who === '') bits &= ~umask;
    const clear = ['u', 'g', 'o'].reduce(
      (sum, one, at) => sum | (classes.includes(one) ? 0o700 >> (3 * at) : 0),
      0,
    );
    mode = sign === '+' ? mode | bits : sign === '-' ? mode & ~bits : (mode & ~clear) | bits;
  }
  return mode & 0o7777;
}

export const chmod = program('chmod', async (call) => {
  // `chmod -x FILE` takes a right away: it is no option.
  const symbolic = call.args.findIndex((arg) => /^-[rwxXst]+$/.test(arg));
  const args = symbolic < 0 ? call.args : call.args.with(symbolic, `a${call.args[symbolic] ?? ''}`);
  const { flags, rest } = options('chmod', args, { short: 'Rfvc', long: { recursive: 'R' } });
  const [text, ...files] = rest;
  if (text === undefined || files.length === 0) fail('chmod: missing operand');
  const report = new Report();
  for (const file of files) {
    try {
      const path = call.path(file);
      for (const one of flags.has('R') ? await walk(call, path) : [await call.fs.realpath(path)]) {
        const now = await call.fs.lstatOwned(one);
        if (now.type === 'symlink') continue;
        const mode = parseMode(text, now.mode, now.type === 'directory', call.fs.umask);
        if (mode === undefined) fail(`chmod: invalid mode: '${text}'`);
        await call.fs.chmod(one, mode);
      }
    } catch (error) {
      if (!(error instanceof Error) || error.message.startsWith('chmod:')) throw error;
      report.complain(`chmod: cannot access '${file}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
});
