import { FsError } from './inode';
import type { NodeFs } from './node-model';

/** Copies a file, or with `recursive` a directory and what is in it; links are followed. @throws FsError */
export async function copyTree(
  fs: NodeFs,
  source: string,
  target: string,
  recursive: boolean,
): Promise<void> {
  if (!(await fs.stat(source)).isDirectory) {
    await fs.writeFile(target, await fs.readFileBuffer(source));
    return;
  }
  if (!recursive) throw new FsError('EISDIR', source);
  await fs.mkdir(target, { recursive: true });
  for (const name of await fs.readdir(source))
    await copyTree(fs, `${source}/${name}`, `${target}/${name}`, true);
}
