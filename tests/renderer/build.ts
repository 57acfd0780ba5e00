import path from 'node:path';
import { build } from 'vite';

export const root = path.resolve(import.meta.dirname, '../..');

/** Folder of the window that is tested. */
export const builtWindow = process.env['TWINSPARK_RENDERER'] ?? path.join(root, 'dist/renderer');

/** Builds the window, unless a built one is named. */
export default async function buildWindow(): Promise<void> {
  if (process.env['TWINSPARK_RENDERER'] !== undefined) return;
  await build({ configFile: path.join(root, 'vite.renderer.config.ts'), logLevel: 'warn' });
}
