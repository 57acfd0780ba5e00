import type { Accounts } from './accounts';
import type { RootFiles } from './root-files';

export type SudoRule = 'nopasswd' | 'password' | 'none';

/** What the files of sudo let an account do; the last rule that fits counts. */
export function sudoRule(files: RootFiles, accounts: Accounts, user: string, refused: boolean): SudoRule {
  const account = accounts.find(user);
  if (account?.uid === 0) return 'nopasswd';
  if (account === undefined || refused) return 'none';
  const names = ['/etc/sudoers', ...files.list('/etc/sudoers.d').map((name) => `/etc/sudoers.d/${name}`)];
  const groups = accounts.groupsOf(account).map(({ name }) => `%${name}`);
  const rules = names
    .flatMap((path) => (files.read(path) ?? '').split('\n'))
    .filter((line) => [user, 'ALL', ...groups].includes(line.split(/\s/)[0] ?? '') && line.includes('='));
  const last = rules.at(-1);
  if (last === undefined) return 'none';
  return /NOPASSWD:\s*ALL/.test(last) ? 'nopasswd' : 'password';
}

/** sshd's StrictModes: neither the home, nor ~/.ssh, nor the file may be writable by others than its owner. */
export function authorizedKeys(files: RootFiles, accounts: Accounts, user: string): string {
  const account = accounts.find(user);
  if (account === undefined) return '';
  const path = `${account.home}/.ssh/authorized_keys`;
  const safe = [account.home, `${account.home}/.ssh`, path].every((one) => {
    const node = files.node(one);
    return node && (node.mode & 0o022) === 0 && (node.uid === account.uid || node.uid === 0);
  });
  return safe ? (files.read(path) ?? '') : '';
}
