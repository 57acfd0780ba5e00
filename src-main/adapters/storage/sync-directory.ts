import { open } from 'node:fs/promises';
import process from 'node:process';

/** Makes what was created or removed in a folder survive a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a folder for syncing and does not need it.
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
