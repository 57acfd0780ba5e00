import { cryptPassword, fitsPassword } from './crypt';
import type { RootFiles } from './root-files';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export const databases = ['passwd', 'shadow', 'group', 'gshadow', 'subuid', 'subgid'] as const;
export type Database = (typeof databases)[number];

/** The account files of a machine; each change leaves the file of before as its backup, as the shadow tools do. */
export class Accounts {
  constructor(private readonly files: RootFiles) {}

  all(): Account[] {
    return this.rows('passwd').flatMap(([name = '', , uid, gid, gecos = '', home = '/', shell = '']) =>
      name === '' ? [] : [{ name, uid: Number(uid), gid: Number(gid), gecos, home, shell }],
    );
  }

  groups(): Group[] {
    return this.rows('group').flatMap(([name = '', , gid, members = '']) =>
      name === '' ? [] : [{ name, gid: Number(gid), members: members.split(',').filter(Boolean) }],
    );
  }

  /** By name or number. */
  find(who: string): Account | undefined {
    return this.all().find(({ name, uid }) => name === who || String(uid) === who);
  }

  findGroup(which: string): Group | undefined {
    return this.groups().find(({ name, gid }) => name === which || String(gid) === which);
  }

  /** Primary group first, then the others in the order of the file. */
  groupsOf({ name, gid }: Account): Group[] {
    const all = this.groups();
    const primary = all.find((group) => group.gid === gid);
    const others = all.filter((group) => group.gid !== gid && group.members.includes(name));
    return [...(primary ? [primary] : [{ name: String(gid), gid, members: [] }]), ...others];
  }

  checkPassword(name: string, password: string): boolean {
    return fitsPassword(password, this.#shadow(name));
  }

  /** `P` set, `L` locked, `NP` none: the second word of `passwd -S`. */
  passwordState(name: string): 'P' | 'L' | 'NP' {
    const field = this.#shadow(name);
    if (field === '') return 'NP';
    return /^[!*]/.test(field) ? 'L' : 'P';
  }

  setPassword(name: string, password: string): void {
    const crypted = cryptPassword(password);
    this.edit('shadow', (rows) =>
      rows.map((row) => (row[0] === name ? [name, crypted, ...row.slice(2)] : row)),
    );
  }

  rows(database: Database): string[][] {
    const text = this.files.read(`/etc/${database}`) ?? '';
    return text.split('\n').flatMap((line) => (line === '' ? [] : [line.split(':')]));
  }

  /** Rewrites one of the files, and keeps the old one beside it with a dash. */
  edit(database: Database, change: (rows: string[][]) => string[][]): void {
    const path = `/etc/${database}`;
    const before = this.files.read(path) ?? '';
    const after = change(this.rows(database))
      .map((row) => `${row.join(':')}\n`)
      .join('');
    if (after === before) return;
    const { mode = 0o644, uid = 0, gid = 0 } = this.files.node(path) ?? {};
    this.files.write(`${path}-`, before, { mode, uid, gid });
    this.files.write(path, after, { mode, uid, gid });
    this.files.write('/etc/.pwd.lock', '', { mode: 0o600 });
  }

  #shadow(name: string): string {
    return this.rows('shadow').find(([login]) => login === name)?.[1] ?? '*';
  }
}
