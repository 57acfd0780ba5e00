// `npm start`: installs, builds, and opens the window: on the desktop where there is one, else in the browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { build } from './build.mjs';
import { ensurePackages, root, stop } from './packages.mjs';

/** A download that takes longer than this is given up for now, ms. */
const DOWNLOAD_LIMIT = 180_000;

ensurePackages();
const desktop = electron();
if (!desktop.file)
  console.error(`Left out: the desktop window (${desktop.missing}). This is the browser version.`);
const failed = await build(desktop.file ? ['cli', 'renderer', 'main', 'preload'] : ['cli', 'renderer']);
if (failed.length > 0) stop(`The build failed: ${failed.join(', ')}.`);

const [command, args] = desktop.file
  ? [desktop.file, [root]]
  : [process.execPath, [path.join(root, 'dist', 'cli', 'twinspark.js'), 'serve']];
const child = spawn(command, [...args, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
// The terminal sends Ctrl-C to both; who is asked to end is the app, which may have a run to bring to rest.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('error', (error) => stop(error.message));
child.on('close', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

/** Electron's program, fetched when it is not here yet; or in words why there is none. */
function electron() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return { missing: 'there is no display' };
  if (process.getuid?.() === 0) return { missing: 'a browser window must not run as root' };
  const folder = path.join(root, 'node_modules', 'electron');
  const found = () => {
    const named = path.join(folder, 'path.txt');
    const file = existsSync(named) ? path.join(folder, 'dist', readFileSync(named, 'utf8')) : '';
    return file !== '' && existsSync(file) ? { file } : undefined;
  };
  if (found()) return found();
  console.error('Fetching the desktop part (once) …');
  spawnSync(process.execPath, [path.join(folder, 'install.js')], {
    cwd: root,
    stdio: 'ignore',
    timeout: DOWNLOAD_LIMIT,
  });
  return found() ?? { missing: "Electron's program could not be fetched" };
}
