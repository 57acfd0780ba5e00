import type { OwnedStat } from '../machine/node-model';
import { groupName, join, modeText, userName } from './describe';
import { options, program, reasonOf, Report, type Call, type Options } from './support';

interface Entry {
  readonly name: string;
  readonly stat: OwnedStat;
  readonly target: string | undefined;
}

async function entry(call: Call, path: string, name: string): Promise<Entry> {
  const stat = await call.fs.lstatOwned(path);
  return { name, stat, target: stat.type === 'symlink' ? await call.fs.readlink(path) : undefined };
}

function size(bytes: number, human: boolean): string {
  if (!human || bytes < 1024) return String(bytes);
  const units = ['K', 'M', 'G', 'T'];
  let value = bytes;
  let unit = '';
  for (const next of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return `${value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : Math.ceil(value)}${unit}`;
}

/** `Nov 20 14:04`, or the year where that is half a year or more away. */
function shortTime(date: Date, now: number): string {
  const [, , day = '', month = ''] = /^(\w+), (\d+) (\w+)/.exec(date.toUTCString()) ?? [];
  const recent = Math.abs(now - date.getTime()) < 182 * 86_400_000;
  const last = recent ? date.toISOString().slice(11, 16) : ` ${date.getUTCFullYear()}`;
  return `${month} ${day.replace(/^0/, ' ')} ${last}`;
}

function longLines(call: Call, entries: readonly Entry[], { flags }: Options): string[] {
  const rows = entries.map(({ name, stat, target }) => [
    ...(flags.has('i') ? [String(stat.ino)] : []),
    modeText(stat),
    String(stat.nlink),
    flags.has('n') ? String(stat.uid) : (userName(call, stat.uid) ?? String(stat.uid)),
    flags.has('n') ? String(stat.gid) : (groupName(call, stat.gid) ?? String(stat.gid)),
    size(stat.size, flags.has('h')),
    shortTime(stat.mtime, call.machine.now()),
    target === undefined ? mark(name, stat, flags) : `${name} -> ${target}`,
  ]);
  const left = new Set(flags.has('i') ? [1, 3, 4] : [0, 2, 3]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        if (column === row.length - 1) return cell;
        return left.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
      })
      .join(' '),
  );
}

function mark(name: string, { type, mode }: OwnedStat, flags: ReadonlySet<string>): string {
  if (!flags.has('F') && !(flags.has('p') && type === 'directory')) return name;
  return type === 'directory'
    ? `${name}/`
    : type === 'symlink'
      ? `${name}@`
      : mode & 0o111
        ? `${name}*`
        : name;
}

function show(call: Call, entries: readonly Entry[], given: Options): string {
  const { flags } = given;
  const sorted = [...entries].sort((a, b) => {
    if (flags.has('t')) return b.stat.mtime.getTime() - a.stat.mtime.getTime();
    if (flags.has('S')) return b.stat.size - a.stat.size;
    return a.name < b.name ? -1 : 1;
  });
  if (flags.has('r')) sorted.reverse();
  const lines = ['l', 'n', 'g', 'o'].some((flag) => flags.has(flag))
    ? longLines(call, sorted, given)
    : sorted.map(({ name, stat }) => (flags.has('i') ? `${stat.ino} ` : '') + mark(name, stat, flags));
  return lines.map((text) => `${text}\n`).join('');
}

export const ls = program('ls', async (call) => {
  const given = options('ls', call.args, {
    short: 'laAdhinrtSRFpg1oCxbQ',
    long: {
      all: 'a',
      'almost-all': 'A',
      directory: 'd',
      'human-readable': 'h',
      'color:': 'c',
      color: 'c',
      recursive: 'R',
      inode: 'i',
    },
  });
  const { flags, rest } = given;
  const report = new Report();
  const files: Entry[] = [];
  const folders: string[] = [];
  for (const name of rest.length === 0 ? ['.'] : rest) {
    try {
      const path = call.path(name);
      const found = await entry(call, path, name);
      const isFolder =
        found.stat.type === 'directory' ||
        (found.stat.type === 'symlink' && !flags.has('l') && (await call.fs.stat(path)).isDirectory);
      if (isFolder && !flags.has('d')) folders.push(name);
      else files.push(found);
    } catch (error) {
      report.complain(`ls: cannot access '${name}': ${reasonOf(error)}`, 2);
    }
  }
  report.raw(show(call, files, given));
  const titled = files.length + folders.length > 1 || flags.has('R');
  for (let at = 0; at < folders.length; at++) {
    const folder = folders[at] ?? '.';
    try {
      const path = call.path(folder);
      const all = await call.fs.readdir(path);
      const shown = all.filter((name) => flags.has('a') || flags.has('A') || !name.startsWith('.'));
      const entries = await Promise.all(shown.map((name) => entry(call, join(path, name), name)));
      if (flags.has('a'))
        entries.push(await entry(call, path, '.'), await entry(call, call.fs.resolvePath(path, '..'), '..'));
      if (titled) report.raw(`${at > 0 || files.length > 0 ? '\n' : ''}${folder}:\n`);
      if (flags.has('l') || flags.has('n')) report.say(`total ${entries.length * 4}`);
      report.raw(show(call, entries, given));
      if (flags.has('R'))
        folders.push(
          ...entries
            .filter(({ name, stat }) => stat.type === 'directory' && !/^\.\.?$/.test(name))
            .map(({ name }) => join(folder, name)),
        );
    } catch (error) {
      report.complain(`ls: cannot open directory '${folder}': ${reasonOf(error)}`, 2);
    }
  }
  return report.answer;
});
