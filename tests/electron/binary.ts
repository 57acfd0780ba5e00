import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Where Electron lies, if its binary was downloaded; the package's own way of asking would download it.
 * `skip` says why the tests cannot run here.
 */
export function electronHere(): { readonly binary: string } | { readonly skip: string } {
  const home = path.join(root, 'node_modules', 'electron');
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? path.join(home, 'dist');
  const named = path.join(home, 'path.txt');
  const binary = path.join(dist, existsSync(named) ? readFileSync(named, 'utf8') : 'electron');
  if (!existsSync(binary)) return { skip: 'skipped: Electron’s binary is not installed here' };
  const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '';
  if (process.platform === 'linux' && display === '')
    return { skip: 'skipped: there is no display for Electron here' };
  if (!existsSync(path.join(root, 'dist', 'main', 'main.js'))) {
    return { skip: 'skipped: the desktop app is not built (npm run build)' };
  }
  return { binary };
}

/** Starts the app from source; a root account cannot have Chromium's sandbox. */
export function startArguments(dataDir: string): string[] {
  const unboxed = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [...unboxed, root, `--data-dir=${dataDir}`];
}
