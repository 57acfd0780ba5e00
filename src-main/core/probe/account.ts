import type { Account } from '../../contract/facts';
import { raw, sh } from '../shell/quote';
import { hasControl, isPath, known, linesOf, malformed, parser, wholeNumber } from './parsed';
import { section, type Section } from './section';

/** Line 1: the account's group names; line 2: its passwd entry. Works for directory accounts, which a list may leave out. */
export function accountSection(user: string): Section {
  return section(
    'account',
    'accounts',
    `id, getent passwd ${user}`,
    sh`id -Gn -- ${user} && getent passwd -- ${user}`,
    { maxBytes: 64 * 1024 },
  );
}

/** All passwd entries, a line `--`, all groups. */
export const accountsSection = section(
  'accounts',
  'accounts',
  'getent passwd, getent group',
  raw('getent passwd && printf -- "--\\n" && getent group'),
  { maxBytes: 4 * 1024 * 1024 },
);

export const parseAccount = parser<Account>((text) => {
  const lines = linesOf(text).filter((line) => line !== '');
  const [groups, entry, ...more] = lines.slice(-2);
  if (groups === undefined || entry === undefined || more.length > 0) return malformed('no passwd entry');
  const account = passwdEntry(entry);
  const names = groups.split(' ').filter((name) => name !== '');
  if (account === null || !names.every(isAccountName)) return malformed('the passwd entry is damaged');
  return known({ ...account, groups: names });
});

const FIRST_PERSON = 1000;
const LAST_PERSON = 59_999;

/** Login accounts of people: uid 1000…59999 (Debian policy 9.2.2), those with no login shell left out. */
export const parseAccounts = parser<Account[]>((text) => {
  const lines = linesOf(text);
  const split = lines.indexOf('--');
  if (split < 0) return malformed('the list is cut off');
  const groups = lines.slice(split + 1).flatMap(groupEntry);
  const names = new Map(groups.map((group) => [group.gid, group.name]));
  const memberOf = new Map<string, string[]>();
  for (const group of groups) {
    for (const member of group.members) {
      const list = memberOf.get(member);
      if (list === undefined) memberOf.set(member, [group.name]);
      else list.push(group.name);
    }
  }
  const accounts: Account[] = [];
  const seen = new Set<string>();
  for (const line of lines.slice(0, split)) {
    const account = passwdEntry(line);
    if (account === null || seen.has(account.name) || !isPerson(account)) continue;
    seen.add(account.name);
    const primary = names.get(account.gid);
    const others = memberOf.get(account.name) ?? [];
    accounts.push({
      ...account,
      groups: [...new Set(primary === undefined ? others : [primary, ...others])],
    });
  }
  const read = lines.slice(0, split).some((line) => passwdEntry(line) !== null);
  return read ? known(accounts) : malformed('no passwd entry');
});

function isPerson(account: Account): boolean {
  const logsIn = !/\/(nologin|false|sync)$/.test(account.shell);
  return account.uid >= FIRST_PERSON && account.uid <= LAST_PERSON && logsIn;
}

/** A passwd(5) line; null when it is none. An empty shell field means /bin/sh. */
export function passwdEntry(line: string): Account | null {
  const [name = '', , uidText = '', gidText = '', , home = '', shell = '', ...more] = line.split(':');
  const uid = wholeNumber(uidText);
  const gid = wholeNumber(gidText);
  if (more.length > 0 || uid === null || gid === null || !isAccountName(name)) return null;
  const program = shell === '' ? '/bin/sh' : shell;
  if (!isPath(home) || !isPath(program) || line.split(':').length !== 7) return null;
  return { name, uid, gid, home, shell: program, groups: [] };
}

function groupEntry(line: string): { name: string; gid: number; members: string[] }[] {
  const [name = '', , gidText = '', members = ''] = line.split(':');
  const gid = wholeNumber(gidText);
  if (gid === null || !isAccountName(name)) return [];
  return [{ name, gid, members: members.split(',').filter(isAccountName) }];
}

/** A user or group name: what useradd allows and what directories add (`user@domain`, `DOM\\user`). */
export function isAccountName(name: string): boolean {
  return /^(?!-)[^\s:,/'"`$;&|<>()*?[\]{}!#~]{1,64}$/.test(name) && !hasControl(name);
}
