import type { Account } from '../machine/accounts';
import { fail, options, program, type Call } from './support';

/** The account that a call runs as. */
function self({ machine, caller }: Call): Account {
  const found = machine.accounts.find(caller.root ? 'root' : caller.user);
  return found ?? fail(`cannot find name for user ID ${caller.uid}`);
}

export const id = program('id', (call) => {
  const { flags, rest } = options('id', call.args, {
    short: 'ugGnrz',
    long: { user: 'u', group: 'g', groups: 'G', name: 'n', real: 'r' },
  });
  const [name] = rest;
  const account = name === undefined ? self(call) : call.machine.accounts.find(name);
  if (account === undefined) fail(`id: '${name ?? ''}': no such user`);
  const groups = call.machine.accounts.groupsOf(account);
  const shown = (one: { name: string; gid: number }) => (flags.has('n') ? one.name : String(one.gid));
  if (flags.has('u')) return `${flags.has('n') ? account.name : account.uid}\n`;
  if (flags.has('g')) return `${groups.slice(0, 1).map(shown).join('')}\n`;
  if (flags.has('G')) return `${groups.map(shown).join(' ')}\n`;
  const list = groups.map((group) => `${group.gid}(${group.name})`);
  return `uid=${account.uid}(${account.name}) gid=${list[0] ?? account.gid} groups=${list.join(',')}\n`;
});

export const whoami = program('whoami', (call) => `${self(call).name}\n`);

export const groups = program('groups', (call) => {
  const { accounts } = call.machine;
  const list = (account: Account) =>
    accounts
      .groupsOf(account)
      .map(({ name }) => name)
      .join(' ');
  if (call.args.length === 0) return `${list(self(call))}\n`;
  return call.args
    .map((name) => {
      const account = accounts.find(name) ?? fail(`groups: '${name}': no such user`);
      return `${name} : ${list(account)}\n`;
    })
    .join('');
});

/** Keys that are missing give exit status 2, as getent(1) says. */
export const getent = program('getent', (call) => {
  const { rest } = options('getent', call.args, { short: 'i' });
  const [database, ...keys] = rest;
  const { accounts, wire } = call.machine;
  if (database === 'passwd' || database === 'group' || database === 'shadow' || database === 'gshadow') {
    if (database.endsWith('shadow') && !call.caller.root) fail('', 2);
    const rows = accounts.rows(database);
    const column = database === 'passwd' || database === 'group' ? 2 : 0;
    const found = keys.map((key) => rows.find((row) => row[0] === key || row[column] === key));
    const text = (keys.length === 0 ? rows : found).map((row) => (row ? `${row.join(':')}\n` : '')).join('');
    return { stdout: text, stderr: '', exitCode: found.includes(undefined) ? 2 : 0 };
  }
  if (database === 'hosts' || database === 'ahosts') {
    const lines = keys.map((key) => {
      const address = wire.resolve(call.machine, key);
      return address === undefined ? undefined : `${address.padEnd(15)} ${key}\n`;
    });
    return { stdout: lines.join(''), stderr: '', exitCode: lines.includes(undefined) ? 2 : 0 };
  }
  return fail(`Unknown database: ${database ?? ''}`, 1);
});
