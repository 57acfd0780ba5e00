import type { NodeFs } from '../machine/node-model';

/** Paths that the word at the end of a line may become; folders with a slash. */
export async function completions(line: string, cwd: string, fs: NodeFs): Promise<string[]> {
  const word = /\S*$/u.exec(line)?.[0] ?? '';
  const slash = word.lastIndexOf('/') + 1;
  const start = word.slice(slash);
  const folder = fs.resolvePath(cwd, word.slice(0, slash) || '.');
  try {
    const names = (await fs.readdir(folder)).filter(
      (name) => name.startsWith(start) && (start.startsWith('.') || !name.startsWith('.')),
    );
    return await Promise.all(
      names.map(async (name) => {
        const path = fs.resolvePath(folder, name);
        const isFolder = (await fs.exists(path)) && (await fs.stat(path)).isDirectory;
        return `${word.slice(0, slash)}${name}${isFolder ? '/' : names.length === 1 ? ' ' : ''}`;
      }),
    );
  } catch {
    // No such folder, or not for this account.
    return [];
  }
}
