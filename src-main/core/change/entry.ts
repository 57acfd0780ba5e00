import { z } from 'zod';
import { decodeBase64 } from '../probe/base64';
import { CONTENT_LIMIT, contentState } from '../probe/file-state';
import { secretPattern } from '../secret-text';
import { sh, type Script } from '../shell/quote';
import { fourDigits, malformed } from './values';

/** What is at a path, symbolic links not followed. */
export const entrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  /** Something that a file's change never touches. */
  z.object({ type: z.literal('other'), what: z.enum(['symlink', 'directory', 'special']) }),
  z.object({
    type: z.literal('file'),
    mode: z.string(),
    uid: z.number(),
    gid: z.number(),
    owner: z.string(),
    group: z.string(),
    sizeBytes: z.number(),
    sha256: z.string(),
    /** Null when it stays on the node: `hidden` says why. */
    content: z.string().nullable(),
    hidden: z.enum(['secret', 'large', 'binary']).optional(),
  }),
]);
export type Entry = z.infer<typeof entrySchema>;
export type FileEntry = Extract<Entry, { type: 'file' }>;

/**
 * Shell function `entry PATH` that prints one line about a path:
 * `absent`, `other KIND`, or `file MODE UID GID OWNER GROUP SIZE SHA256 BODY`.
 * The content of what may hold a secret stays on the node.
 */
export const entryFunction: Script = sh`entry() {
  if [ -L "$1" ]; then echo 'other symlink'
  elif [ -d "$1" ]; then echo 'other directory'
  elif [ ! -e "$1" ]; then echo absent
  elif [ ! -f "$1" ]; then echo 'other special'
  else
    meta=$(stat -c '%a %u %g %U %G %s' "$1")
    sum=$(sha256sum <"$1" | cut -c 1-64)
    if [ "\${meta##* }" -gt ${CONTENT_LIMIT} ]; then body=large
    elif grep -aEiq ${secretPattern} "$1"; then body=secret
    else body=text:$(base64 -w 0 <"$1")
    fi
    echo "file $meta $sum $body"
  fi
}`;

/** Reads a line of {@link entryFunction}. */
export function parseEntry(kind: string, path: string, line: string): Entry {
  if (line === 'absent') return { type: 'absent' };
  const other = /^other (symlink|directory|special)$/.exec(line);
  if (other) return { type: 'other', what: other[1] as 'symlink' | 'directory' | 'special' };
  const match =
    /^file ([0-7]{1,4}) (\d+) (\d+) (\S+) (\S+) (\d+) ([0-9a-f]{64}) (large|secret|text:[A-Za-z0-9+/=]*)$/.exec(
      line,
    );
  if (!match) throw malformed(kind, path, line);
  const [, mode = '', uid, gid, owner = '', group = '', size, hash = '', body = ''] = match;
  const entry = {
    type: 'file' as const,
    mode: fourDigits(mode),
    uid: Number(uid),
    gid: Number(gid),
    owner,
    group,
    sizeBytes: Number(size),
    sha256: hash,
  };
  if (body === 'large' || body === 'secret') return { ...entry, content: null, hidden: body };
  const bytes = decodeBase64(body.slice('text:'.length));
  if (bytes === null) throw malformed(kind, path, line);
  const found = contentState(bytes);
  // The file was written to between the two commands: neither answer may be journaled as the prior state.
  if (found.sha256 !== hash) throw malformed(kind, path, `${path} changed while it was read`);
  if (found.content === undefined) return { ...entry, content: null, hidden: 'binary' };
  return { ...entry, content: found.content };
}

/** The bytes that a line of {@link entryFunction} carries; none where they stayed on the node. */
export function entryBytes(line: string): Uint8Array {
  return decodeBase64(/ text:(\S*)$/.exec(line)?.[1] ?? '') ?? new Uint8Array();
}

/** Whether a file belongs to `owner` and `group`, each given as a name or a number. */
export function ownedBy(
  entry: { uid: number; gid: number; owner: string; group: string },
  owner: string,
  group: string,
): boolean {
  return (
    (entry.owner === owner || String(entry.uid) === owner) &&
    (entry.group === group || String(entry.gid) === group)
  );
}

/** How `seen` in a script would print this entry. */
export function seenAs(entry: Entry): string {
  return entry.type === 'file' ? entry.sha256 : entry.type;
}

/** An entry for a person: its text, or one line where the text stays on the node. */
export function entryText(entry: Entry): string | null {
  if (entry.type === 'absent') return null;
  if (entry.type === 'other') return `(${entry.what})`;
  return entry.content ?? `(${entry.hidden ?? 'hidden'}: ${entry.sizeBytes} bytes, sha256 ${entry.sha256})`;
}
