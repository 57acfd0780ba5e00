import { Buffer } from 'node:buffer';
import { rootCredentials, type FileTree, type Owner } from './file-tree';
import type { Inode } from './inode';
import { dirname } from './paths';

const rootOwned: Owner = { mode: 0o644, uid: 0, gid: 0 };

/** The machine's own hand on its files: as root, at once, and never refused for a full disk. */
export class RootFiles {
  constructor(readonly tree: FileTree) {}

  /** What is there, links followed; undefined for nothing. */
  node(path: string): Inode | undefined {
    try {
      return this.tree.place(path, rootCredentials, true).node;
    } catch {
      return undefined;
    }
  }

  /** The text of a file; undefined where there is none. */
  read(path: string): string | undefined {
    const node = this.node(path);
    if (node?.type === 'live') return node.read();
    return node?.type === 'file' ? Buffer.from(node.content).toString('utf8') : undefined;
  }

  /** Names in a directory, sorted; none where it is not there. */
  list(path: string): string[] {
    const node = this.node(path);
    return node?.type === 'directory' ? [...node.entries.keys()].sort() : [];
  }

  /** Writes a file; one that is there keeps its owner and mode unless others are given. */
  write(path: string, text: string, owner?: Partial<Owner>): void {
    const present = this.node(path);
    if (present?.type === 'file') {
      present.content = Buffer.from(text, 'utf8');
      present.mtime = this.tree.now();
      Object.assign(present, owner);
      return;
    }
    this.folder(dirname(path));
    this.#put(path, this.tree.file(Buffer.from(text, 'utf8'), { ...rootOwned, ...owner }));
  }

  /** A file that is made when it is read, and acted on when it is written. */
  live(path: string, read: () => string, write?: (text: string) => void): void {
    this.folder(dirname(path));
    const meta = { ino: this.tree.inode(), uid: 0, gid: 0, mtime: this.tree.now() };
    this.#put(path, { type: 'live', mode: write ? 0o644 : 0o444, read, write, ...meta });
  }

  /** A directory and those above it. */
  folder(path: string, owner?: Partial<Owner>): void {
    let at = '';
    for (const part of path.split('/').filter(Boolean)) {
      at += `/${part}`;
      if (this.node(at) === undefined)
        this.#put(at, this.tree.directory({ ...rootOwned, mode: 0o755, ...(at === path ? owner : {}) }));
    }
    const node = this.node(path);
    if (node !== undefined && owner !== undefined) Object.assign(node, owner);
  }

  link(target: string, path: string): void {
    this.folder(dirname(path));
    const meta = { ino: this.tree.inode(), mode: 0o777, uid: 0, gid: 0, mtime: this.tree.now() };
    this.#put(path, { type: 'symlink', target, ...meta });
  }

  /** Takes a name away, with all below it; nothing where there is none. */
  remove(path: string): void {
    const parent = this.node(dirname(path));
    if (parent?.type === 'directory') parent.entries.delete(path.slice(path.lastIndexOf('/') + 1));
  }

  #put(path: string, node: Inode): void {
    const place = this.tree.place(path, rootCredentials, false);
    place.parent.entries.set(place.name, node);
  }
}
