import { Buffer } from 'node:buffer';
import type { DirectoryInode, Inode } from './inode';
import type { FsStat } from 'just-bash';
import type { OwnedStat } from './node-model';

export type Encoding = string | { encoding?: string | null } | undefined;

export function plainStat(node: Inode): FsStat {
  const { type, mode, size, mtime, ino } = ownedStat(node);
  const is = {
    isFile: type === 'file',
    isDirectory: type === 'directory',
    isSymbolicLink: type === 'symlink',
  };
  return { ...is, mode, size, mtime, dev: 1, ino };
}

export function ownedStat(node: Inode): OwnedStat {
  const { mode, uid, gid, mtime, ino } = node;
  const base = { mode, uid, gid, mtime, ino };
  if (node.type === 'file') return { type: 'file', size: node.content.length, nlink: node.nlink, ...base };
  if (node.type === 'live') return { type: 'file', size: 4096, nlink: 1, ...base };
  if (node.type === 'symlink')
    return { type: 'symlink', size: Buffer.byteLength(node.target), nlink: 1, ...base };
  const folders = [...node.entries.values()].filter((entry) => entry.type === 'directory').length;
  return { type: 'directory', size: 4096, nlink: 2 + folders, ...base };
}

export function encodingOf(options: Encoding): BufferEncoding {
  const named = typeof options === 'string' ? options : (options?.encoding ?? 'utf8');
  return Buffer.isEncoding(named) ? named : 'utf8';
}

export function bytesOf(content: string | Uint8Array, options: Encoding): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content, encodingOf(options)) : new Uint8Array(content);
}

/** The interface is asynchronous; what is thrown becomes a rejection. */
export function attempt<T>(work: () => T): Promise<T> {
  return new Promise((done) => done(work()));
}

export interface DirentEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymbolicLink: boolean;
}

/** What a directory holds, by name. */
export function kindsIn({ entries }: DirectoryInode): DirentEntry[] {
  return [...entries]
    .map(([name, { type }]) => ({
      name,
      isFile: type === 'file' || type === 'live',
      isDirectory: type === 'directory',
      isSymbolicLink: type === 'symlink',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
