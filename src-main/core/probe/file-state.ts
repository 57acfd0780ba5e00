import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { FileState } from '../../contract/facts';
import { lines, raw, sh, type Script } from '../shell/quote';
import { decodeBase64 } from './base64';
import { isPath, known, malformed, parser, unknown, wholeNumber, type Parsed } from './parsed';

/** Content of larger files stays on the node; their hash tells whether they changed. */
export const CONTENT_LIMIT = 256 * 1024;

/**
 * Defines the shell function `ts_file PATH [follow]`, which prints one line
 * `KIND MODE UID GID SIZE SHA256 CONTENT PATH`: KIND is `-` absent, `f` regular, `l` symlink, `d` directory,
 * `o` other, `x` not permitted; fields that do not apply are `-`; CONTENT is `=` and base64 (of the target, for a
 * symlink). SHA256 is printed only where the content is left out. With `follow`, a symlink's target is described.
 * What cannot be looked up because a folder above may not be searched is `x`, not absent.
 */
export const fileStateFunction: Script = raw(
  [
    'ts_file() {',
    `  ts_k=- ts_m='- - - -' ts_h=- ts_c=- ts_f=`,
    '  if [ "${2-}" = follow ] && [ -L "$1" ] && [ -e "$1" ]; then ts_f=-L; fi',
    '  if [ -z "$ts_f" ] && [ -L "$1" ]; then ts_k=l; ts_c="=$(readlink -- "$1" | base64 -w0)"',
    '  elif [ -d "$1" ]; then ts_k=d',
    '  elif [ -f "$1" ]; then ts_k=f',
    '  elif [ -e "$1" ]; then ts_k=o',
    '  else',
    '    ts_p=${1%/*}',
    '    while [ -n "$ts_p" ] && ! [ -e "$ts_p" ]; do ts_p=${ts_p%/*}; done',
    '    if [ -d "${ts_p:-/}" ] && ! [ -x "${ts_p:-/}" ]; then ts_k=x; fi',
    '  fi',
    '  case $ts_k in [fldo])',
    '    ts_m=$(stat $ts_f -c "%a %u %g %s" -- "$1") || { ts_k=x; ts_m="- - - -"; } ;;',
    '  esac',
    '  if [ $ts_k = f ]; then',
    '    if ! [ -r "$1" ]; then ts_k=x',
    `    elif [ "\${ts_m##* }" -le ${CONTENT_LIMIT} ]; then`,
    '      ts_c=$(base64 -w0 <"$1") && ts_c="=$ts_c" || { ts_k=x; ts_c=-; }',
    '    else ts_h=$(sha256sum <"$1") && ts_h=${ts_h%% *} || { ts_k=x; ts_h=-; }; fi',
    '  fi',
    `  printf '%s %s %s %s %s\\n' "$ts_k" "$ts_m" "$ts_h" "$ts_c" "$1"`,
    '}',
  ].join('\n'),
);

/** A script that prints a line of {@link fileStateFunction} for each path, in order. */
export function fileStateScript(paths: readonly string[], options: { follow?: boolean } = {}): Script {
  const follow = raw(options.follow === true ? ' follow' : '');
  return lines(fileStateFunction, ...paths.map((path) => sh`ts_file ${path}${follow}`));
}

export interface FileEntry {
  readonly path: string;
  /** `not-permitted` where the account may not look; absent files are known. */
  readonly state: Parsed<FileState>;
}

/** All lines of {@link fileStateScript}, in order. One damaged line makes the whole malformed. */
export const parseFileStates = parser<FileEntry[]>((text) => {
  const entries: FileEntry[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const entry = fileEntry(line);
    if (entry === null) return malformed('a file line is damaged');
    entries.push(entry);
  }
  return known(entries);
});

/** The state of the one file that a script of one path printed. */
export function parseFileState(text: string): Parsed<FileState> {
  const entries = parseFileStates(text);
  if (!entries.known) return entries;
  const [entry] = entries.value;
  return entry === undefined || entries.value.length > 1 ? malformed('not one file line') : entry.state;
}

const LINE =
  /^([-fldox]) (-|[0-7]{1,5}) (-|\d+) (-|\d+) (-|\d+) (-|[0-9a-f]{64}) (-|=[A-Za-z0-9+/]*={0,2}) (\/.*)$/;

/** One line; null when it is no such line. */
export function fileEntry(line: string): FileEntry | null {
  const found = LINE.exec(line);
  if (found === null) return null;
  const [, kind = '', mode = '', uid = '', gid = '', size = '', hash = '', content = '', path = ''] = found;
  if (!isPath(path)) return null;
  if (kind === '-') return { path, state: known({ exists: false }) };
  if (kind === 'x') return { path, state: unknown('not-permitted', `${path} is not readable`) };
  const owner = wholeNumber(uid);
  const group = wholeNumber(gid);
  const bytes = wholeNumber(size);
  const carried = content === '-' ? null : decodeBase64(content.slice(1));
  if (owner === null || group === null || bytes === null || mode === '-') return null;
  if (content !== '-' && carried === null) return null;
  const meta = { exists: true as const, mode: mode.padStart(4, '0'), uid: owner, gid: group };
  if (kind === 'f') {
    if (carried === null) {
      return hash === '-' ? null : { path, state: known({ ...meta, sizeBytes: bytes, sha256: hash }) };
    }
    return { path, state: known({ ...meta, ...contentState(carried) }) };
  }
  if (kind === 'l') {
    // readlink ends its line; the target itself may hold anything else.
    const target = carried?.toString('utf8').replace(/\n$/, '') ?? '';
    return { path, state: known({ ...meta, sizeBytes: bytes, sha256: '', type: 'symlink', target }) };
  }
  const type = kind === 'd' ? 'directory' : 'other';
  return { path, state: known({ ...meta, sizeBytes: bytes, sha256: '', type }) };
}

/** Size, hash and, for UTF-8 text within the limit, the text of bytes. */
export function contentState(bytes: Uint8Array): { sizeBytes: number; sha256: string; content?: string } {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const text = bytes.length > CONTENT_LIMIT ? null : utf8(bytes);
  return { sizeBytes: bytes.length, sha256, ...(text === null ? {} : { content: text }) };
}

/** The text whose UTF-8 form is exactly `bytes`; null for binary (not UTF-8, or with NUL). */
function utf8(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes).toString('utf8');
  return text.includes('\0') || !Buffer.from(text, 'utf8').equals(bytes) ? null : text;
}
