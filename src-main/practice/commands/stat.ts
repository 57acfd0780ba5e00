import type { OwnedStat } from '../machine/node-model';
import { fullTime, groupName, modeText, userName } from './describe';
import { fail, options, program, reasonOf, Report, type Call } from './support';

const kinds = { file: 'regular file', directory: 'directory', symlink: 'symbolic link' } as const;

function field(call: Call, letter: string, given: string, stat: OwnedStat): string {
  switch (letter) {
    case 'a':
      return stat.mode.toString(8);
    case 'A':
      return modeText(stat);
    case 'b':
      return String(Math.ceil(stat.size / 512));
    case 'B':
      return '512';
    case 'd':
      return '66306';
    case 'F':
      return stat.type === 'file' && stat.size === 0 ? 'regular empty file' : kinds[stat.type];
    case 'g':
      return String(stat.gid);
    case 'G':
      return groupName(call, stat.gid) ?? 'UNKNOWN';
    case 'h':
      return String(stat.nlink);
    case 'i':
      return String(stat.ino);
    case 'n':
      return given;
    case 'N':
      return `'${given}'`;
    case 's':
      return String(stat.size);
    case 'u':
      return String(stat.uid);
    case 'U':
      return userName(call, stat.uid) ?? 'UNKNOWN';
    case 'x':
    case 'y':
    case 'z':
      return fullTime(stat.mtime);
    case 'X':
    case 'Y':
    case 'Z':
      return String(Math.floor(stat.mtime.getTime() / 1000));
    case '%':
      return '%';
    default:
      return '?';
  }
}

const whole =
  '  File: %n\n  Size: %s\t\tBlocks: %b\tIO Block: 4096   %F\nDevice: 259,2\tInode: %i\tLinks: %h\nAccess: (0%a/%A)  Uid: (%u/%U)   Gid: (%g/%G)\nAccess: %x\nModify: %y\nChange: %z';

export const stat = program('stat', async (call) => {
  const { flags, values, rest } = options('stat', call.args, {
    short: 'Lc:tf',
    long: { dereference: 'L', 'format:': 'c', 'printf:': 'p', terse: 't' },
  });
  if (rest.length === 0) fail('stat: missing operand');
  const format = values.get('p')?.replaceAll('\\n', '\n').replaceAll('\\t', '\t') ?? values.get('c') ?? whole;
  const report = new Report();
  for (const given of rest) {
    try {
      const path = call.path(given);
      const found = await call.fs.lstatOwned(flags.has('L') ? await call.fs.realpath(path) : path);
      const text = format.replace(/%([A-Za-z%])/g, (_, letter: string) => field(call, letter, given, found));
      if (values.has('p')) report.raw(text);
      else report.say(text === '' ? '\n' : text);
    } catch (error) {
      report.complain(`stat: cannot statx '${given}': ${reasonOf(error)}`);
    }
  }
  return report.answer;
});
