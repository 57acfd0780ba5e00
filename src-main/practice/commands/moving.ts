import { basename } from '../machine/paths';
import { join } from './describe';
import { isFolder } from './making';
import { fail, options, program, reasonOf, Report, type Call } from './support';

/** Sources and where each of them goes. */
async function aims(
  call: Call,
  command: string,
  { flags, values, rest }: ReturnType<typeof options>,
): Promise<{ source: string; target: string }[]> {
  const folder = values.get('t');
  const last = folder ?? rest.at(-1);
  const sources = folder === undefined ? rest.slice(0, -1) : rest;
  if (last === undefined || sources.length === 0) fail(`${command}: missing file operand`);
  const target = call.path(last);
  const into = !flags.has('T') && (await isFolder(call, target));
  if (sources.length > 1 && !into) fail(`${command}: target '${last}' is not a directory`);
  return sources.map((source) => ({ source, target: into ? join(target, basename(source)) : target }));
}

export const mv = program('mv', async (call) => {
  const given = options('mv', call.args, {
    short: 'finTvt:u',
    long: { force: 'f', 'no-clobber': 'n', 'no-target-directory': 'T' },
  });
  const report = new Report();
  for (const { source, target } of await aims(call, 'mv', given)) {
    try {
      if (given.flags.has('n') && (await call.fs.exists(target))) continue;
      await call.fs.mv(call.path(source), target);
    } catch (error) {
      report.complain(`mv: cannot move '${source}' to '${target}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
});

export const cp = program('cp', async (call) => {
  const given = options('cp', call.args, {
    short: 'aprRfnTdvLPt:u',
    long: {
      archive: 'a',
      recursive: 'r',
      force: 'f',
      'no-target-directory': 'T',
      preserve: 'p',
      'no-clobber': 'n',
    },
  });
  const { flags } = given;
  const how: CopyOptions = {
    recursive: ['a', 'r', 'R'].some((flag) => flags.has(flag)),
    preserve: flags.has('a') || flags.has('p'),
    links: flags.has('a') || flags.has('d') || flags.has('P'),
  };
  const report = new Report();
  for (const { source, target } of await aims(call, 'cp', given)) {
    try {
      if (flags.has('n') && (await call.fs.exists(target))) continue;
      await copy(call, call.path(source), target, { shown: source, how, report });
    } catch (error) {
      report.complain(`cp: cannot copy '${source}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
});

interface CopyOptions {
  readonly recursive: boolean;
  /** Mode, owner and time too. */
  readonly preserve: boolean;
  /** Links themselves, not what they lead to. */
  readonly links: boolean;
}

async function copy(
  call: Call,
  source: string,
  target: string,
  { shown, how, report }: { shown: string; how: CopyOptions; report: Report },
): Promise<void> {
  const { fs } = call;
  const own = await fs.lstatOwned(source);
  if (own.type === 'symlink' && (how.links || how.recursive)) {
    await fs.rm(target, { force: true });
    await fs.symlink(await fs.readlink(source), target);
    return;
  }
  const from = own.type === 'symlink' ? await fs.lstatOwned(await fs.realpath(source)) : own;
  if (from.type === 'directory') {
    if (!how.recursive) {
      report.complain(`cp: -r not specified; omitting directory '${shown}'`);
      return;
    }
    if (!(await fs.exists(target))) await fs.mkdir(target);
    for (const name of await fs.readdir(source))
      await copy(call, join(source, name), join(target, name), { shown: join(shown, name), how, report });
  } else {
    const fresh = !(await fs.exists(target));
    await fs.writeFile(target, await fs.readFileBuffer(source));
    if (fresh && !how.preserve) await fs.chmod(target, from.mode & ~fs.umask & 0o777);
  }
  if (!how.preserve) return;
  await fs.chmod(target, from.mode);
  if (call.caller.root) await fs.chown(target, from.uid, from.gid);
  await fs.utimes(target, from.mtime, from.mtime);
}

export const rm = program('rm', async (call) => {
  const { flags, rest } = options('rm', call.args, {
    short: 'rRfidv',
    long: { recursive: 'r', force: 'f', dir: 'd', 'one-file-system': 'o', 'preserve-root': 'k' },
  });
  const recursive = flags.has('r') || flags.has('R');
  const force = flags.has('f');
  if (rest.length === 0 && !force) fail('rm: missing operand');
  const report = new Report();
  for (const given of rest) {
    try {
      const path = call.path(given);
      if (path === '/')
        fail(
          "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe",
        );
      if (!recursive && !flags.has('d')) {
        const found = await call.fs.lstatOwned(path).catch(() => undefined);
        if (found?.type === 'directory') {
          report.complain(`rm: cannot remove '${given}': Is a directory`);
          continue;
        }
      }
      await call.fs.rm(path, { recursive, force });
    } catch (error) {
      report.complain(`rm: cannot remove '${given}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
});
