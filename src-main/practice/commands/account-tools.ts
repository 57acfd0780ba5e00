import type { Account, Database } from '../machine/accounts';
import { fail, options, program, type Call, type Program } from './support';

/** A tool of the shadow suite: for root only. */
function forRoot(name: string, run: Program['run']): Program {
  return program(name, (call) => {
    if (!call.caller.root)
      fail(`${name}: Permission denied.\n${name}: cannot lock /etc/passwd; try again later.`);
    return run(call);
  });
}

function append(call: Call, database: Database, row: string[]): void {
  call.machine.accounts.edit(database, (rows) => [...rows, row]);
}

function freeNumber(taken: readonly number[]): number {
  let next = 1000;
  while (taken.includes(next)) next++;
  return next;
}

/** Adds a name to the members of groups, in both files. */
function join(call: Call, user: string, names: readonly string[]): void {
  const add = (members: string | undefined) =>
    [...new Set([...(members ?? '').split(',').filter(Boolean), user])].join(',');
  for (const database of ['group', 'gshadow'] as const)
    call.machine.accounts.edit(database, (rows) =>
      rows.map((row) => (names.includes(row[0] ?? '') ? row.with(3, add(row[3])) : row)),
    );
}

function checkGroups(call: Call, command: string, text: string): string[] {
  const names = text.split(',').filter(Boolean);
  for (const name of names)
    if (call.machine.accounts.findGroup(name) === undefined)
      fail(`${command}: group '${name}' does not exist`, 6);
  return names;
}

export const useradd = forRoot('useradd', (call) => {
  const { flags, values, rest } = options('useradd', call.args, {
    short: 'mMUNrlu:g:G:d:s:c:p:e:k:',
    long: {
      'create-home': 'm',
      'no-create-home': 'M',
      'user-group': 'U',
      'no-user-group': 'N',
      'no-log-init': 'l',
      system: 'r',
      'uid:': 'u',
      'gid:': 'g',
      'groups:': 'G',
      'home-dir:': 'd',
      'shell:': 's',
      'comment:': 'c',
    },
  });
  const [name] = rest;
  if (name === undefined) fail('Usage: useradd [options] LOGIN', 2);
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(name))
    fail(`useradd: invalid user name '${name}': use --badname to ignore`, 3);
  const { accounts } = call.machine;
  if (accounts.find(name)) fail(`useradd: user '${name}' already exists`, 9);
  const numbers = accounts.all().map(({ uid }) => uid);
  const uid = Number(values.get('u') ?? freeNumber(numbers));
  if (numbers.includes(uid)) fail(`useradd: UID ${uid} is not unique`, 4);
  const extra = checkGroups(call, 'useradd', values.get('G') ?? '');
  const chosen = values.get('g');
  let gid =
    chosen === undefined
      ? 100
      : (accounts.findGroup(chosen)?.gid ?? fail(`useradd: group '${chosen}' does not exist`, 6));
  if (chosen === undefined && !flags.has('N')) {
    if (accounts.findGroup(name))
      fail(`useradd: group ${name} exists - if you want to add this user to that group, use -g.`, 9);
    const taken = accounts.groups().map((group) => group.gid);
    gid = taken.includes(uid) ? freeNumber(taken) : uid;
    append(call, 'group', [name, 'x', String(gid), '']);
    append(call, 'gshadow', [name, '!', '', '']);
  }
  const home = values.get('d') ?? `/home/${name}`;
  append(call, 'passwd', [
    name,
    'x',
    String(uid),
    String(gid),
    values.get('c') ?? '',
    home,
    values.get('s') ?? '/bin/sh',
  ]);
  const today = Math.floor(call.machine.now() / 86_400_000);
  append(call, 'shadow', [name, '!', String(today), '0', '99999', '7', '', '', '']);
  for (const database of ['subuid', 'subgid'] as const) {
    const last = accounts.rows(database).map((row) => Number(row[1]) + Number(row[2]));
    append(call, database, [name, String(Math.max(100_000, ...last)), '65536']);
  }
  join(call, name, extra);
  if (flags.has('m')) call.machine.makeHome({ home, uid, gid });
  return '';
});

export const usermod = forRoot('usermod', (call) => {
  const { flags, values, rest } = options('usermod', call.args, {
    short: 'aLUG:s:c:d:',
    long: {
      append: 'a',
      'groups:': 'G',
      'shell:': 's',
      lock: 'L',
      unlock: 'U',
      'comment:': 'c',
      'home:': 'd',
    },
  });
  const [name = ''] = rest;
  const { accounts } = call.machine;
  if (accounts.find(name) === undefined) fail(`usermod: user '${name}' does not exist`, 6);
  const wanted = values.get('G');
  if (wanted !== undefined) {
    const names = checkGroups(call, 'usermod', wanted);
    if (!flags.has('a')) leave(call, name);
    join(call, name, names);
  }
  const set = (column: number, value: string | undefined) => {
    if (value === undefined) return;
    accounts.edit('passwd', (rows) => rows.map((row) => (row[0] === name ? row.with(column, value) : row)));
  };
  set(4, values.get('c'));
  set(5, values.get('d'));
  set(6, values.get('s'));
  if (flags.has('L') || flags.has('U')) {
    const lock = (field: string) =>
      flags.has('L') ? `!${field.replace(/^!/, '')}` : field.replace(/^!/, '');
    accounts.edit('shadow', (rows) =>
      rows.map((row) => (row[0] === name ? row.with(1, lock(row[1] ?? '')) : row)),
    );
  }
  return '';
});

/** Takes a name out of the members of every group. */
function leave(call: Call, user: string): void {
  const without = (members: string | undefined) =>
    (members ?? '')
      .split(',')
      .filter((one) => one !== user)
      .join(',');
  for (const database of ['group', 'gshadow'] as const)
    call.machine.accounts.edit(database, (rows) =>
      rows.map((row) => (row.length > 3 ? row.with(3, without(row[3])) : row)),
    );
}

export const userdel = forRoot('userdel', (call) => {
  const { flags, rest } = options('userdel', call.args, { short: 'rf', long: { remove: 'r', force: 'f' } });
  const [name = ''] = rest;
  const { accounts, files } = call.machine;
  const account = accounts.find(name) ?? fail(`userdel: user '${name}' does not exist`, 6);
  leave(call, name);
  for (const database of ['passwd', 'shadow', 'subuid', 'subgid'] as const)
    accounts.edit(database, (rows) => rows.filter((row) => row[0] !== name));
  for (const database of ['group', 'gshadow'] as const)
    accounts.edit(database, (rows) => rows.filter((row) => row[0] !== name));
  if (flags.has('r')) {
    files.remove(account.home);
    files.remove(`/var/mail/${name}`);
  }
  return '';
});

export const groupadd = forRoot('groupadd', (call) => {
  const { values, rest } = options('groupadd', call.args, {
    short: 'frg:',
    long: { 'gid:': 'g', system: 'r', force: 'f' },
  });
  const [name = ''] = rest;
  const { accounts } = call.machine;
  if (accounts.findGroup(name)) fail(`groupadd: group '${name}' already exists`, 9);
  const gid = values.get('g') ?? String(freeNumber(accounts.groups().map((group) => group.gid)));
  append(call, 'group', [name, 'x', gid, '']);
  append(call, 'gshadow', [name, '!', '', '']);
  return '';
});

export const chpasswd = forRoot('chpasswd', (call) => {
  const lines = call.stdin().split('\n').filter(Boolean);
  lines.forEach((text, index) => {
    const at = text.indexOf(':');
    const name = text.slice(0, at);
    if (at < 1) fail(`chpasswd: line ${index + 1}: missing new password`);
    if (call.machine.accounts.find(name) === undefined)
      fail(
        `chpasswd: (user ${name}) pam_chauthtok() failed, error:\nAuthentication token manipulation error`,
      );
    call.machine.accounts.setPassword(name, text.slice(at + 1));
  });
  return '';
});

export const passwd = program('passwd', (call) => {
  const { flags, rest } = options('passwd', call.args, {
    short: 'SldueaA',
    long: { status: 'S', lock: 'l', unlock: 'u' },
  });
  const { accounts } = call.machine;
  const name = rest[0] ?? call.caller.user;
  const account: Account = accounts.find(name) ?? fail(`passwd: user '${name}' does not exist`);
  if (!flags.has('S')) fail('passwd: on this practice machine use: echo NAME:PASSWORD | sudo chpasswd');
  if (!call.caller.root && name !== call.caller.user)
    fail(`passwd: You may not view or modify password information for ${name}.`);
  return `${account.name} ${accounts.passwordState(name)} 2026-11-09 0 99999 7 -1\n`;
});

/** The files are always in order here. */
export const pwck = forRoot('pwck', () => '');
export const grpck = forRoot('grpck', () => '');
