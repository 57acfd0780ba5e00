import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';

import { whyAside } from './aside';
import { run } from './process';

/** One path as it was found. Times are left out: restoring a file's bytes gives it a new time. */
export interface Entry {
  readonly type: 'file' | 'folder' | 'link' | 'other';
  /** Octal, four digits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly sha256?: string;
  /** Target of a symbolic link, or major:minor of a device. */
  readonly target?: string;
  /** Kept for small text, so that a difference can be shown. */
  readonly text?: string;
}

/** What was found by path; null means that the path is absent. */
export type Tree = Record<string, Entry | null>;

const textLimit = 64 * 1024;

function describe(path: string, stats: Stats): Entry {
  const common = {
    mode: (stats.mode & 0o7777).toString(8).padStart(4, '0'),
    uid: stats.uid,
    gid: stats.gid,
  };
  if (stats.isDirectory()) return { type: 'folder', ...common };
  if (stats.isSymbolicLink()) return { type: 'link', ...common, target: readlinkSync(path) };
  if (!stats.isFile()) return { type: 'other', ...common, target: `${stats.mode >> 12}:${stats.rdev}` };
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const readable = bytes.length <= textLimit && !bytes.includes(0);
  return { type: 'file', ...common, sha256, ...(readable ? { text: bytes.toString('utf8') } : {}) };
}

/** An entry at a path, or null when there is none (also when it vanished between two looks). */
export function look(path: string): Entry | null {
  try {
    return describe(path, lstatSync(path));
  } catch {
    return null;
  }
}

/** Everything below a folder by path inside the node, left-aside paths excepted. Empty when the folder is absent. */
export function readTree(root: string, inside: string): Tree {
  const tree: Tree = {};
  const visit = (path: string): void => {
    if (whyAside(path) !== undefined) return;
    const entry = look(join(root, path));
    if (entry === null) return;
    tree[path] = entry;
    if (entry.type !== 'folder') return;
    for (const name of names(join(root, path))) visit(join(path, name));
  };
  visit(inside);
  return tree;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Folders of an upper layer that hide everything below them (overlayfs marks them opaque). */
async function opaqueFolders(upper: string): Promise<Set<string>> {
  const script = `import os,sys
for folder, _, _ in os.walk(sys.argv[1]):
    try:
        if os.getxattr(folder, "trusted.overlay.opaque", follow_symlinks=False) == b"y":
            print(folder[len(sys.argv[1]):])
    except OSError:
        pass
`;
  const result = await run('/usr/bin/python3', ['-c', script, upper]);
  return new Set(result.stdout.split('\n').filter(Boolean));
}

/**
 * Every path that a node has touched, from its upper layer: what is there now, and null for what it removed
 * (whiteouts, and what an opaque folder hides).
 * @param pristine read-only view of the layers below
 */
export async function readUpper(upper: string, pristine: string): Promise<Tree> {
  const tree: Tree = {};
  const opaque = await opaqueFolders(upper);
  const hide = (path: string): void => {
    if (whyAside(path) !== undefined) return;
    tree[path] ??= null;
    const below = look(join(pristine, path));
    if (below?.type === 'folder') for (const name of names(join(pristine, path))) hide(join(path, name));
  };
  const visit = (path: string): void => {
    if (whyAside(path) !== undefined) return;
    const entry = look(join(upper, path));
    if (entry === null) return;
    const below = look(join(pristine, path));
    if (entry.type === 'other' && lstatSync(join(upper, path)).rdev === 0) {
      hide(path);
      return;
    }
    tree[path] = entry;
    if (entry.type === 'folder') for (const name of names(join(upper, path))) visit(join(path, name));
    if (below?.type === 'folder' && (entry.type !== 'folder' || opaque.has(path))) {
      for (const name of names(join(pristine, path))) hide(join(path, name));
    }
  };
  for (const name of names(upper)) visit(`/${name}`);
  return tree;
}
