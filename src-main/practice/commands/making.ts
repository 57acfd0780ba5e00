import { randomBytes } from 'node:crypto';
import { basename, dirname } from '../machine/paths';
import { gidOf, join, uidOf } from './describe';
import { parseMode } from './ownership';
import { fail, options, program, reasonOf, Report, type Call } from './support';

async function exists(call: Call, path: string): Promise<boolean> {
  return call.fs.lstatOwned(path).then(
    () => true,
    () => false,
  );
}

export const mkdir = program('mkdir', async (call) => {
  const { flags, values, rest } = options('mkdir', call.args, {
    short: 'pm:v',
    long: { parents: 'p', 'mode:': 'm' },
  });
  if (rest.length === 0) fail('mkdir: missing operand');
  const report = new Report();
  for (const given of rest) {
    try {
      const path = call.path(given);
      const there = await exists(call, path);
      await call.fs.mkdir(path, { recursive: flags.has('p') });
      const text = values.get('m');
      const mode =
        text === undefined ? undefined : parseMode(text, 0o777 & ~call.fs.umask, true, call.fs.umask);
      if (mode !== undefined && !there) await call.fs.chmod(path, mode);
    } catch (error) {
      report.complain(`mkdir: cannot create directory '${given}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
});

export const rmdir = program('rmdir', async (call) => {
  const { flags, rest } = options('rmdir', call.args, {
    short: 'pv',
    long: { 'ignore-fail-on-non-empty': 'i', parents: 'p' },
  });
  const report = new Report();
  for (const given of rest) {
    try {
      const path = call.path(given);
      const { type } = await call.fs.lstatOwned(path);
      if (type !== 'directory') {
        report.complain(`rmdir: failed to remove '${given}': Not a directory`);
        continue;
      }
      if (flags.has('i') && (await call.fs.readdir(path)).length > 0) continue;
      await call.fs.rm(path);
    } catch (error) {
      report.complain(`rmdir: failed to remove '${given}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
});

export const ln = program('ln', async (call) => {
  const { flags, values, rest } = options('ln', call.args, {
    short: 'sfnTvrt:',
    long: { symbolic: 's', force: 'f', 'no-target-directory': 'T' },
  });
  const folder = values.get('t');
  const target = folder ?? (rest.length > 1 ? (rest.at(-1) ?? '.') : '.');
  const sources = folder === undefined && rest.length > 1 ? rest.slice(0, -1) : rest;
  if (sources.length === 0) fail('ln: missing file operand');
  const report = new Report();
  for (const source of sources) {
    const aim = call.path(target);
    const into = !flags.has('T') && !flags.has('n') && (await isFolder(call, aim));
    const path = into ? join(aim, basename(source)) : aim;
    try {
      if (flags.has('f')) await call.fs.rm(path, { force: true });
      if (flags.has('s')) await call.fs.symlink(source, path);
      else await call.fs.link(call.path(source), path);
    } catch (error) {
      const kind = flags.has('s') ? 'symbolic' : 'hard';
      report.complain(`ln: failed to create ${kind} link '${target}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
});

export async function isFolder(call: Call, path: string): Promise<boolean> {
  return (await call.fs.exists(path)) && (await call.fs.stat(path)).isDirectory;
}

export const mktemp = program('mktemp', async (call) => {
  const { flags, values, rest } = options('mktemp', call.args, {
    short: 'dqutp:',
    long: { directory: 'd', quiet: 'q', 'tmpdir:': 'p' },
  });
  const template = rest[0] ?? 'tmp.XXXXXXXXXX';
  const holes = /X{3,}$/.exec(template)?.[0].length ?? 0;
  if (holes === 0) fail(`mktemp: too few X's in template '${template}'`);
  const name = template.slice(0, -holes) + randomBytes(holes).toString('hex').slice(0, holes);
  const folder = values.get('p') ?? (rest[0] === undefined || flags.has('t') ? '/tmp' : undefined);
  const shown = folder === undefined ? name : join(folder, name);
  const path = call.path(shown);
  try {
    if (flags.has('d')) await call.fs.mkdir(path);
    else await call.fs.writeFile(path, '');
    await call.fs.chmod(path, flags.has('d') ? 0o700 : 0o600);
  } catch (error) {
    fail(
      `mktemp: failed to create ${flags.has('d') ? 'directory' : 'file'} via template '${template}': ${reasonOf(error)}`,
    );
  }
  return `${shown}\n`;
});

export const touch = program('touch', async (call) => {
  const { flags, rest } = options('touch', call.args, { short: 'acmhd:r:t:', long: { 'no-create': 'c' } });
  const report = new Report();
  for (const given of rest) {
    try {
      const path = call.path(given);
      const now = new Date(call.machine.now());
      if (await call.fs.exists(path)) await call.fs.utimes(path, now, now);
      else if (!flags.has('c')) await call.fs.writeFile(path, '');
    } catch (error) {
      report.complain(`touch: cannot touch '${given}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
});

export const install = program('install', async (call) => {
  const { flags, values, rest } = options('install', call.args, {
    short: 'dDpvTm:o:g:',
    long: { directory: 'd', 'mode:': 'm', 'owner:': 'o', 'group:': 'g', 'no-target-directory': 'T' },
  });
  const mode = parseMode(values.get('m') ?? '0755', 0, flags.has('d'), 0);
  if (mode === undefined) fail(`install: invalid mode '${values.get('m') ?? ''}'`);
  const finish = async (path: string) => {
    await call.fs.chmod(path, mode);
    const [user, group] = [values.get('o'), values.get('g')];
    if (user === undefined && group === undefined) return;
    const now = await call.fs.lstatOwned(path);
    const uid = user === undefined ? now.uid : (uidOf(call, user) ?? fail(`install: invalid user '${user}'`));
    const gid =
      group === undefined ? now.gid : (gidOf(call, group) ?? fail(`install: invalid group '${group}'`));
    await call.fs.chown(path, uid, gid);
  };
  if (flags.has('d')) {
    for (const given of rest) {
      await call.fs.mkdir(call.path(given), { recursive: true });
      await finish(call.path(given));
    }
    return '';
  }
  const [target, ...sources] = [rest.at(-1), ...rest.slice(0, -1)];
  if (target === undefined || sources.length === 0) fail('install: missing file operand');
  for (const source of sources) {
    const aim = call.path(target);
    const path = !flags.has('T') && (await isFolder(call, aim)) ? join(aim, basename(source)) : aim;
    if (flags.has('D')) await call.fs.mkdir(dirname(path), { recursive: true });
    const content = await call.fs.readFileBuffer(call.path(source));
    await call.fs.rm(path, { force: true });
    await call.fs.writeFile(path, content);
    await finish(path);
  }
  return '';
});
