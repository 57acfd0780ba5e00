import { Buffer } from 'node:buffer';
import type { FsStat, MkdirOptions, RmOptions } from 'just-bash';
import { effectiveBits, permits, type Credentials, type FileTree, type Place } from './file-tree';
import { FsError, type DirectoryInode, type Inode } from './inode';
import { copyTree } from './fs-copy';
import {
  attempt,
  bytesOf,
  encodingOf,
  kindsIn,
  ownedStat,
  plainStat,
  type DirentEntry,
  type Encoding,
} from './fs-values';
import type { NodeFs, OwnedStat } from './node-model';
import { resolve } from './paths';

type ByteString = Awaited<ReturnType<NonNullable<NodeFs['readFileBytes']>>>;

/** One caller's view of a machine's files. */
export class CallerFs implements NodeFs {
  umask = 0o022;

  constructor(
    private readonly tree: FileTree,
    private readonly who: Credentials,
    private readonly gid: number,
  ) {}

  /** A directory reads as nothing: the shell opens one (`exec 8</etc/netplan`) to lock it. */
  readFile(path: string, options?: Encoding): Promise<string> {
    return attempt(() => {
      const node = this.#readable(path);
      if (node.type === 'directory') return '';
      return Buffer.from(this.#bytes(node, path)).toString(encodingOf(options));
    });
  }

  readFileBuffer(path: string): Promise<Uint8Array> {
    return attempt(() => new Uint8Array(this.#bytes(this.#readable(path), path)));
  }

  readFileBytes(path: string): Promise<ByteString> {
    return attempt(
      () => Buffer.from(this.#bytes(this.#readable(path), path)).toString('latin1') as unknown as ByteString,
    );
  }

  writeFile(path: string, content: string | Uint8Array, options?: Encoding): Promise<void> {
    return attempt(() => this.#write(path, bytesOf(content, options), false));
  }

  appendFile(path: string, content: string | Uint8Array, options?: Encoding): Promise<void> {
    return attempt(() => this.#write(path, bytesOf(content, options), true));
  }

  exists(path: string): Promise<boolean> {
    return attempt(() => this.#look(path, true) !== undefined);
  }

  /**
   * The owner's three bits are those that the caller has: the shell's own `test -r` and its kin look at those only. What
   * the modes really are, {@link lstat} and {@link lstatOwned} say.
   */
  stat(path: string): Promise<FsStat> {
    return attempt(() => {
      const node = this.tree.find(path, this.who);
      const mode = (node.mode & ~0o700) | (effectiveBits(node, this.who) << 6);
      return { ...plainStat(node), mode };
    });
  }

  lstat(path: string): Promise<FsStat> {
    return attempt(() => plainStat(this.tree.find(path, this.who, false)));
  }

  lstatOwned(path: string): Promise<OwnedStat> {
    return attempt(() => ownedStat(this.tree.find(path, this.who, false)));
  }

  access(path: string, bits: number): Promise<boolean> {
    return attempt(() => {
      const node = this.#look(path, true);
      return node !== undefined && permits(node, this.who, bits);
    });
  }

  mkdir(path: string, options?: MkdirOptions): Promise<void> {
    return attempt(() => {
      if (options?.recursive === true) this.#mkdirs(path);
      else this.#mkdir(path);
    });
  }

  readdir(path: string): Promise<string[]> {
    return attempt(() => [...this.#list(path).entries.keys()].sort());
  }

  readdirWithFileTypes(path: string): Promise<DirentEntry[]> {
    return attempt(() => kindsIn(this.#list(path)));
  }

  rm(path: string, options?: RmOptions): Promise<void> {
    return attempt(() => {
      const place = this.#place(path, options?.force === true);
      if (place?.node === undefined) {
        if (options?.force === true) return;
        throw new FsError('ENOENT', path);
      }
      this.#remove(place, options?.recursive === true);
    });
  }

  cp(source: string, target: string, options?: { recursive?: boolean }): Promise<void> {
    return copyTree(this, source, target, options?.recursive === true);
  }

  mv(source: string, target: string): Promise<void> {
    return attempt(() => this.tree.rename(source, target, this.who));
  }

  resolvePath(base: string, path: string): string {
    return resolve(base, path);
  }

  /** Globs are read directory by directory. */
  getAllPaths(): string[] {
    return [];
  }

  chmod(path: string, mode: number): Promise<void> {
    return attempt(() => {
      const node = this.tree.find(path, this.who);
      if (!this.who.root && node.uid !== this.who.uid) throw new FsError('EPERM', path);
      node.mode = mode & 0o7777;
    });
  }

  chown(path: string, uid: number, gid: number, options?: { followLinks?: boolean }): Promise<void> {
    return attempt(() => {
      const node = this.tree.find(path, this.who, options?.followLinks !== false);
      const mine = node.uid === this.who.uid && uid === node.uid && this.who.gids.has(gid);
      if (!this.who.root && !mine) throw new FsError('EPERM', path);
      node.uid = uid;
      node.gid = gid;
    });
  }

  symlink(target: string, path: string): Promise<void> {
    return attempt(() => {
      const place = this.#free(path);
      const meta = {
        ino: this.tree.inode(),
        mode: 0o777,
        uid: this.who.uid,
        gid: this.gid,
        mtime: this.tree.now(),
      };
      this.tree.attach(place, { type: 'symlink', target, ...meta }, this.who);
    });
  }

  link(existing: string, path: string): Promise<void> {
    return attempt(() => {
      const node = this.tree.find(existing, this.who, false);
      if (node.type !== 'file') throw new FsError('EPERM', existing);
      this.tree.attach(this.#free(path), node, this.who);
      node.nlink++;
    });
  }

  readlink(path: string): Promise<string> {
    return attempt(() => {
      const node = this.tree.find(path, this.who, false);
      if (node.type !== 'symlink') throw new FsError('EINVAL', path);
      return node.target;
    });
  }

  realpath(path: string): Promise<string> {
    return attempt(() => {
      const place = this.tree.place(path, this.who, true);
      if (place.node === undefined) throw new FsError('ENOENT', path);
      return place.path;
    });
  }

  utimes(path: string, _atime: Date, mtime: Date): Promise<void> {
    return attempt(() => {
      const node = this.tree.find(path, this.who);
      if (!this.who.root && node.uid !== this.who.uid) throw new FsError('EPERM', path);
      node.mtime = mtime;
    });
  }

  /** Undefined for what is not there, or cannot be looked up. */
  #look(path: string, follow: boolean): Inode | undefined {
    try {
      return this.tree.place(path, this.who, follow).node;
    } catch (error) {
      if (error instanceof FsError) return undefined;
      throw error;
    }
  }

  #place(path: string, force: boolean): Place | undefined {
    try {
      return this.tree.place(path, this.who, false);
    } catch (error) {
      if (force && error instanceof FsError && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
        return undefined;
      throw error;
    }
  }

  #free(path: string): Place {
    const place = this.tree.place(path, this.who, false);
    if (place.node !== undefined) throw new FsError('EEXIST', path);
    return place;
  }

  #readable(path: string): Inode {
    const node = this.tree.find(path, this.who);
    if (!permits(node, this.who, 4)) throw new FsError('EACCES', path);
    return node;
  }

  #bytes(node: Inode, path: string): Uint8Array {
    if (node.type === 'file') return node.content;
    if (node.type === 'live') return Buffer.from(node.read(), 'utf8');
    throw new FsError('EISDIR', path);
  }

  #list(path: string): DirectoryInode {
    const node = this.tree.find(path, this.who);
    if (node.type !== 'directory') throw new FsError('ENOTDIR', path);
    if (!permits(node, this.who, 4)) throw new FsError('EACCES', path);
    return node;
  }

  #write(path: string, bytes: Uint8Array, append: boolean): void {
    const place = this.tree.place(path, this.who, true);
    const { node } = place;
    if (node?.type === 'directory') throw new FsError('EISDIR', path);
    if (node !== undefined && !permits(node, this.who, 2)) throw new FsError('EACCES', path);
    if (node?.type === 'live') {
      if (node.write === undefined) throw new FsError('EACCES', path);
      node.write(Buffer.from(bytes).toString('utf8'));
      return;
    }
    if (bytes.length > 0 && this.tree.full(place.path)) throw new FsError('ENOSPC', path);
    if (node?.type === 'file') {
      node.content = append ? Buffer.concat([node.content, bytes]) : bytes;
      node.mtime = this.tree.now();
      return;
    }
    this.tree.attach(place, this.tree.file(bytes, this.#owner(0o666)), this.who);
  }

  #owner(mode: number) {
    return { mode: mode & ~this.umask, uid: this.who.uid, gid: this.gid };
  }

  #mkdir(path: string): void {
    const place = this.#free(path);
    if (this.tree.full(place.path)) throw new FsError('ENOSPC', path);
    this.tree.attach(place, this.tree.directory(this.#owner(0o777)), this.who);
  }

  #mkdirs(path: string): void {
    const parts = resolve('/', path).split('/').filter(Boolean);
    parts.forEach((_, index) => {
      const part = `/${parts.slice(0, index + 1).join('/')}`;
      const node = this.#look(part, true);
      if (node === undefined) this.#mkdir(part);
      else if (node.type !== 'directory')
        throw new FsError(index === parts.length - 1 ? 'EEXIST' : 'ENOTDIR', path);
    });
  }

  #remove(place: Place, recursive: boolean): void {
    const { node, path } = place;
    if (node?.type === 'directory' && node.entries.size > 0) {
      if (!recursive) throw new FsError('ENOTEMPTY', path);
      if (!permits(node, this.who, 7)) throw new FsError('EACCES', path);
      for (const [name, child] of [...node.entries])
        this.#remove({ parent: node, name, node: child, path: `${path}/${name}` }, true);
    }
    this.tree.detach(place, this.who);
  }
}
