import { join } from 'node:path';

import { createTwoFilesPatch } from 'diff';

import { look } from './file-tree';
import type { Entry, Tree } from './file-tree';
import type { Snapshot } from './snapshot';

/** A path that is not as it was. */
export interface FileChange {
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
  readonly before: Entry | null;
  readonly after: Entry | null;
  /** Unified difference, for small text. */
  readonly patch?: string;
}

/** Lines of one section (addresses, firewall, …) that came or went. */
export interface StateChange {
  readonly section: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Exactly what is different between a node and its fresh state. */
export interface NodeDiff {
  readonly empty: boolean;
  readonly files: readonly FileChange[];
  readonly state: readonly StateChange[];
  /** For people; "no difference" when empty. */
  readonly text: string;
}

/** What an entry is, without the kept text: two entries are equal when this is. */
function identity(entry: Entry | null): string {
  if (entry === null) return 'absent';
  return [entry.type, entry.mode, entry.uid, entry.gid, entry.sha256 ?? '', entry.target ?? ''].join(' ');
}

/**
 * Effective content of a path at one moment: what the node wrote, else what the layers below hold.
 * A tree names only touched paths; a path in neither tree is as it always was.
 */
function effective(tree: Tree, path: string, pristine: string): Entry | null {
  return path in tree ? (tree[path] ?? null) : look(join(pristine, path));
}

function compareFiles(before: Tree, after: Tree, pristine: string): FileChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const changes: FileChange[] = [];
  for (const path of paths) {
    const old = effective(before, path, pristine);
    const now = effective(after, path, pristine);
    if (identity(old) === identity(now)) continue;
    const kind = old === null ? 'added' : now === null ? 'removed' : 'changed';
    const textual = (old ?? now)?.type === 'file' && (old?.text ?? now?.text) !== undefined;
    const differs = old?.text !== now?.text;
    const patch =
      textual && differs
        ? createTwoFilesPatch(path, path, old?.text ?? '', now?.text ?? '', 'fresh', 'now')
        : undefined;
    changes.push({ path, kind, before: old, after: now, ...(patch === undefined ? {} : { patch }) });
  }
  return changes;
}

/** Lines in `left` that `right` has fewer of. */
function surplus(left: readonly string[], right: readonly string[]): string[] {
  const rest = [...right];
  return left.filter((line) => {
    const at = rest.indexOf(line);
    if (at < 0) return true;
    rest.splice(at, 1);
    return false;
  });
}

/**
 * Compares two snapshots of a node.
 * @param pristine read-only view of the node before its first boot
 */
export function compare(fresh: Snapshot, now: Snapshot, pristine: string): NodeDiff {
  const files = compareFiles(fresh.files, now.files, pristine);
  const state = Object.keys({ ...fresh.state, ...now.state })
    .map((section) => ({
      section,
      added: surplus(now.state[section] ?? [], fresh.state[section] ?? []),
      removed: surplus(fresh.state[section] ?? [], now.state[section] ?? []),
    }))
    .filter((change) => change.added.length + change.removed.length > 0);
  const empty = files.length + state.length === 0;
  return { empty, files, state, text: empty ? 'no difference' : describe(files, state) };
}

function owner(entry: Entry | null): string {
  return entry === null ? 'absent' : `${entry.type} ${entry.mode} ${entry.uid}:${entry.gid}`;
}

const patchLines = 40;

/** A patch for people: without its header, and cut where a whole file came or went. The structured form has all of it. */
function shorten(patch: string): string[] {
  const lines = patch.split('\n').slice(4).filter(Boolean);
  const shown = lines.slice(0, patchLines).map((line) => `    ${line}`);
  return lines.length > patchLines ? [...shown, `    … ${lines.length - patchLines} more lines`] : shown;
}

function describe(files: readonly FileChange[], state: readonly StateChange[]): string {
  const lines: string[] = [];
  for (const { path, kind, before, after, patch } of files) {
    const was = owner(before);
    const is = owner(after);
    const sum = after?.sha256 === undefined ? '' : ` sha256 ${after.sha256.slice(0, 12)}`;
    lines.push(`${kind} ${path} (${was === is ? is : `${was} -> ${is}`})${sum}`);
    if (before?.target !== after?.target) {
      lines.push(`    ${before?.target ?? 'no target'} -> ${after?.target ?? 'no target'}`);
    }
    if (patch !== undefined) lines.push(...shorten(patch));
  }
  for (const { section, added, removed } of state) {
    lines.push(`${section}:`, ...removed.map((l) => `  - ${l}`), ...added.map((l) => `  + ${l}`));
  }
  return lines.join('\n');
}
