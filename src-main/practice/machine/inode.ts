/** What a directory holds, by name. `mode` is the permission bits without the type. */
interface Meta {
  readonly ino: number;
  mode: number;
  uid: number;
  gid: number;
  mtime: Date;
}

export interface FileInode extends Meta {
  readonly type: 'file';
  content: Uint8Array;
  nlink: number;
}

/** A file of /proc or /sys: made when it is read, acted on when it is written. */
export interface LiveInode extends Meta {
  readonly type: 'live';
  readonly read: () => string;
  /** Absent: not writable, whatever the mode says. */
  readonly write: ((text: string) => void) | undefined;
}

export interface DirectoryInode extends Meta {
  readonly type: 'directory';
  readonly entries: Map<string, Inode>;
}

export interface SymlinkInode extends Meta {
  readonly type: 'symlink';
  readonly target: string;
}

export type Inode = FileInode | LiveInode | DirectoryInode | SymlinkInode;

/** An error in the form that Node's file system gives, which just-bash's commands read. */
export class FsError extends Error {
  constructor(
    readonly code: FsErrorCode,
    path: string,
  ) {
    super(`${code}: ${sentences[code]}, '${path}'`);
  }

  /** The words that a command of coreutils prints. */
  get reason(): string {
    const text = sentences[this.code];
    return text.charAt(0).toUpperCase() + text.slice(1);
  }
}

const sentences = {
  ENOENT: 'no such file or directory',
  EEXIST: 'file exists',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  ENOTEMPTY: 'directory not empty',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ELOOP: 'too many levels of symbolic links',
  EINVAL: 'invalid argument',
  ENOSPC: 'no space left on device',
  EBUSY: 'device or resource busy',
} as const;
export type FsErrorCode = keyof typeof sentences;
