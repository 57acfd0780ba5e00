import { FsError, type DirectoryInode, type FileInode, type Inode } from './inode';

/** Who asks. Root passes every check but search and execute of a file without any execute bit. */
export interface Credentials {
  readonly uid: number;
  readonly gids: ReadonlySet<number>;
  readonly root: boolean;
}

export const rootCredentials: Credentials = { uid: 0, gids: new Set([0]), root: true };

/** Where a path ends: its directory, its last name, and what is there. */
export interface Place {
  readonly parent: DirectoryInode;
  readonly name: string;
  readonly node: Inode | undefined;
  /** Canonical path. */
  readonly path: string;
}

const LINK_LIMIT = 40;

/** The inodes of one machine. Paths given to it are absolute. */
export class FileTree {
  readonly root: DirectoryInode;
  #nextInode = 2;
  /** Says whether a path may take more bytes; see the fault `full-disk`. */
  full: (path: string) => boolean = () => false;

  constructor(readonly now: () => Date) {
    this.root = {
      type: 'directory',
      ino: this.inode(),
      mode: 0o755,
      uid: 0,
      gid: 0,
      mtime: now(),
      entries: new Map(),
    };
  }

  inode(): number {
    return this.#nextInode++;
  }

  /**
   * Follows a path. The last name need not exist; every directory before it must.
   * @throws FsError ENOENT, ENOTDIR, EACCES, ELOOP
   */
  place(path: string, who: Credentials, follow: boolean): Place {
    return this.#walk(path, who, follow, 0);
  }

  /** @throws FsError ENOENT too */
  find(path: string, who: Credentials, follow = true): Inode {
    const { node } = this.place(path, who, follow);
    if (node === undefined) throw new FsError('ENOENT', path);
    return node;
  }

  #walk(path: string, who: Credentials, follow: boolean, depth: number): Place {
    if (depth > LINK_LIMIT) throw new FsError('ELOOP', path);
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const above: DirectoryInode[] = [];
    const names: string[] = [];
    let at = this.root;
    for (const [index, part] of parts.entries()) {
      if (!permits(at, who, 1)) throw new FsError('EACCES', path);
      if (part === '..') {
        at = above.pop() ?? this.root;
        names.pop();
        continue;
      }
      const node = at.entries.get(part);
      const last = index === parts.length - 1;
      if (node?.type === 'symlink' && (!last || follow)) {
        const rest = parts.slice(index + 1).join('/');
        const base = node.target.startsWith('/') ? '' : `/${names.join('/')}`;
        return this.#walk(`${base}/${node.target}/${rest}`, who, follow, depth + 1);
      }
      if (last) return { parent: at, name: part, node, path: `/${[...names, part].join('/')}` };
      if (node === undefined) throw new FsError('ENOENT', path);
      if (node.type !== 'directory') throw new FsError('ENOTDIR', path);
      above.push(at);
      names.push(part);
      at = node;
    }
    const parent = above.at(-1) ?? this.root;
    return { parent, name: names.at(-1) ?? '', node: at, path: `/${names.join('/')}` };
  }

  /** Puts a node into its directory. @throws FsError EACCES */
  attach({ parent, name, path }: Place, node: Inode, who: Credentials): void {
    if (!permits(parent, who, 3)) throw new FsError('EACCES', path);
    parent.entries.set(name, node);
    parent.mtime = this.now();
  }

  /** Takes a name out of its directory. @throws FsError EACCES, EPERM, EBUSY */
  detach({ parent, name, node, path }: Place, who: Credentials): void {
    if (name === '') throw new FsError('EBUSY', path);
    if (!permits(parent, who, 3)) throw new FsError('EACCES', path);
    const sticky = (parent.mode & 0o1000) !== 0 && !who.root;
    if (sticky && node?.uid !== who.uid && parent.uid !== who.uid) throw new FsError('EPERM', path);
    if (node?.type === 'live') throw new FsError('EPERM', path);
    if (node?.type === 'file') node.nlink--;
    parent.entries.delete(name);
    parent.mtime = this.now();
  }

  /** Gives a node another name; what is there is replaced, a directory only while it is empty. @throws FsError */
  rename(source: string, target: string, who: Credentials): void {
    const from = this.place(source, who, false);
    const to = this.place(target, who, false);
    const { node } = from;
    if (node === undefined) throw new FsError('ENOENT', source);
    if (to.node === node) return;
    if (to.path.startsWith(`${from.path}/`)) throw new FsError('EINVAL', target);
    if (to.node?.type === 'directory') {
      if (node.type !== 'directory') throw new FsError('EISDIR', target);
      if (to.node.entries.size > 0) throw new FsError('ENOTEMPTY', target);
    } else if (to.node !== undefined && node.type === 'directory') throw new FsError('ENOTDIR', target);
    if (to.node !== undefined) this.detach(to, who);
    this.detach(from, who);
    if (node.type === 'file') node.nlink++;
    this.attach(to, node, who);
  }

  file(content: Uint8Array, owner: Owner): FileInode {
    return { type: 'file', ino: this.inode(), mtime: this.now(), content, nlink: 1, ...owner };
  }

  directory(owner: Owner): DirectoryInode {
    return { type: 'directory', ino: this.inode(), mtime: this.now(), entries: new Map(), ...owner };
  }
}

export interface Owner {
  mode: number;
  uid: number;
  gid: number;
}

/** Whether the caller has all of `bits` (4 read, 2 write, 1 execute or search). */
export function permits(node: Inode, who: Credentials, bits: number): boolean {
  return (effectiveBits(node, who) & bits) === bits;
}

/** The three permission bits that hold for this caller. */
export function effectiveBits(node: Inode, who: Credentials): number {
  if (who.root) return node.type === 'directory' || (node.mode & 0o111) !== 0 ? 7 : 6;
  if (node.uid === who.uid) return (node.mode >> 6) & 7;
  return who.gids.has(node.gid) ? (node.mode >> 3) & 7 : node.mode & 7;
}
