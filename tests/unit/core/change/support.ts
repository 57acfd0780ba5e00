import { createHash } from 'node:crypto';
import type { Entry, FileEntry } from '../../../../src-main/core/change/entry';
import type { Scope } from '../../../../src-main/core/change/kind';

export const scope: Scope = { run: 'run-1', index: 7, node: 'spark-5c2d' };

export const absent: Entry = { type: 'absent' };

export function entry(content: string, rest: Partial<FileEntry> = {}): FileEntry {
  return {
    type: 'file',
    mode: '0600',
    uid: 0,
    gid: 0,
    owner: 'root',
    group: 'root',
    sizeBytes: new TextEncoder().encode(content).length,
    sha256: createHash('sha256').update(content).digest('hex'),
    content,
    ...rest,
  };
}

/** What a careless script would run, in every way a value can reach a shell. */
export const hostile = `a'b"c$(touch /tmp/pwned)\`id\`;&|<> *?\\`;
