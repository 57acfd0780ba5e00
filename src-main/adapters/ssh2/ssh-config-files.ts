import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';

const maxDepth = 16;

/**
 * The text of an ssh_config file with its `Include`s put in place (ssh_config(5)).
 * After an included text the section that it stood in is opened again, so that what follows still belongs to it.
 * A file that cannot be read counts as empty.
 */
export async function readConfigText(path: string, home = homedir(), depth = 0): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return '';
  }
  let section = 'Host *';
  const out: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const include = /^\s*Include(?:\s+|\s*=\s*)(.+)$/i.exec(line)?.[1];
    if (/^\s*(?:Host|Match)[\s=]/i.test(line)) section = line;
    if (include === undefined || depth >= maxDepth) {
      out.push(include === undefined ? line : '');
      continue;
    }
    for (const file of await included(include, dirname(path), home)) {
      out.push(await readConfigText(file, home, depth + 1));
    }
    out.push(section);
  }
  return out.join('\n');
}

/** The files that the arguments of an Include name, in order; relative ones lie beside the including file's folder. */
async function included(words: string, folder: string, home: string): Promise<string[]> {
  const files: string[] = [];
  for (const [, quoted, plain] of words.matchAll(/"([^"]*)"|(\S+)/g)) {
    const word = (quoted ?? plain ?? '').replace(/^~(?=$|[/\\])/, home);
    files.push(...(await expand(isAbsolute(word) ? word : join(folder, word))));
  }
  return files;
}

/** glob(7) with `*` and `?` in any part of the path, sorted; a hidden file needs its dot written. */
async function expand(pattern: string): Promise<string[]> {
  if (!/[*?]/.test(pattern)) return [pattern];
  const parts = resolve(pattern).split(/[/\\]/);
  let found = [parts[0] === '' ? sep : `${parts[0] ?? ''}${sep}`];
  for (const part of parts.slice(1)) {
    if (!/[*?]/.test(part)) {
      found = found.map((folder) => join(folder, part));
      continue;
    }
    const escaped = part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    const match = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
    const names = await Promise.all(found.map((folder) => list(folder)));
    found = found.flatMap((folder, index) =>
      (names[index] ?? [])
        .filter((name) => match.test(name) && (part.startsWith('.') || !name.startsWith('.')))
        .map((name) => join(folder, name)),
    );
  }
  return found;
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}
