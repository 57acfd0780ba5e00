import { open, stat, unlink } from 'node:fs/promises';
import { Failure } from '../../core/failure';

/** Says before any work that a file is in the way. @throws Failure USAGE */
export async function refuseExisting(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined) throw new Failure('USAGE', { problem: 'file-exists', value: file });
}

/** Writes a file that is not there yet, readable by its owner alone; nothing of it stays when that fails. @throws Failure USAGE */
export async function writeNewFile(file: string, text: string): Promise<void> {
  let made = false;
  try {
    const handle = await open(file, 'wx', 0o600);
    made = true;
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (made) await unlink(file).catch(() => undefined);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const problem = code === 'EEXIST' ? 'file-exists' : 'file-unwritable';
    throw new Failure('USAGE', { problem, value: file }, { cause: error });
  }
}
