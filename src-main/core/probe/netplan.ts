import type { NodeFacts } from '../../contract/facts';
import { lines, raw } from '../shell/quote';
import { fileEntry, fileStateFunction, type FileEntry } from './file-state';
import { withoutSecrets } from './netplan-secrets';
import { parseNetplanYaml, type Renderer } from './netplan-yaml';
import { known, malformed, parser } from './parsed';
import { EXIT_NOT_PERMITTED, section } from './section';

export type NetplanFacts = Extract<NodeFacts['netplan'], { known: true }>['value'];

/** Netplan's folders in the order of their precedence: a later one's file shadows an earlier one's of the same name. */
const FOLDERS = ['/lib/netplan/', '/etc/netplan/', '/run/netplan/'];

/** A line of file-state for each file, then `end`. */
export const netplanSection = section(
  'netplan',
  'files',
  '/lib/netplan, /etc/netplan, /run/netplan',
  lines(
    fileStateFunction,
    raw(
      [
        'for d in /lib/netplan /etc/netplan /run/netplan; do',
        `  if [ -d $d ] && ! { [ -r $d ] && [ -x $d ]; }; then exit ${EXIT_NOT_PERMITTED}; fi`,
        '  for f in $d/*.yaml; do',
        '    if [ -e "$f" ] || [ -L "$f" ]; then ts_file "$f" follow; fi',
        '  done',
        'done',
        'echo end',
      ].join('\n'),
    ),
  ),
  { maxBytes: 4 * 1024 * 1024 },
);

/** All files in reading order, and the renderer that they name together. */
export const parseNetplanFiles = parser<NetplanFacts>((text) => {
  const rows = text.split('\n').filter((line) => line !== '');
  if (rows.pop() !== 'end') return malformed('the list is cut off');
  const entries: FileEntry[] = [];
  for (const row of rows) {
    const entry = fileEntry(row);
    if (entry === null || !FOLDERS.includes(folderOf(entry.path))) return malformed('a file line is damaged');
    if (!entry.state.known) return entry.state;
    entries.push(entry);
  }
  return known(mergeNetplan(entries));
});

/**
 * Sorts by file name, as netplan reads: the last file to name a renderer decides. A file that cannot be understood
 * keeps its problem and loses no other. Secrets do not get further than here; size and hash stay those of the file.
 */
export function mergeNetplan(entries: readonly FileEntry[]): NetplanFacts {
  const sorted = [...entries].sort(inReadingOrder);
  let renderer: Renderer | null = null;
  const files = sorted.flatMap((entry, index): NetplanFacts['files'] => {
    const { path, state } = entry;
    if (!state.known) return [];
    const { content, ...file } = { content: undefined, ...state.value };
    const shown = content === undefined ? undefined : withoutSecrets(content);
    const told = { path, file: shown === undefined ? file : { ...file, content: shown } };
    const next = sorted[index + 1];
    if (next !== undefined && nameOf(next.path) === nameOf(path)) return [{ ...told, shadowed: true }];
    if (!file.exists) return [told];
    if (content === undefined) return [{ ...told, problem: 'not a text file' }];
    // What the parser says may quote the text.
    if (shown === undefined) return [{ ...told, problem: 'not YAML' }];
    const read = parseNetplanYaml(shown);
    if (read.known) renderer = read.value.renderer ?? renderer;
    // An empty file is a good one.
    return read.known || read.reason === 'empty' ? [told] : [{ ...told, problem: read.detail }];
  });
  return { renderer, files };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function inReadingOrder(a: FileEntry, b: FileEntry): number {
  const [left, right] = [nameOf(a.path), nameOf(b.path)];
  if (left !== right) return left < right ? -1 : 1;
  return FOLDERS.indexOf(folderOf(a.path)) - FOLDERS.indexOf(folderOf(b.path));
}
