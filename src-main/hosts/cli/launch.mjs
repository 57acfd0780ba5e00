#!/usr/bin/env node
/**
 * `twinspark` of a source tree: builds what is missing or older than its sources, then starts it.
 * Plain JavaScript without dependencies, since it runs before anything is built.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');

/** What is built, and from what. */
const cli = {
  config: 'vite.cli.config.ts',
  built: join(root, 'dist', 'cli', 'twinspark.js'),
  sources: ['src-main', 'resources/locales', 'package.json', 'vite.cli.config.ts'],
};
const renderer = {
  config: 'vite.renderer.config.ts',
  built: join(root, 'dist', 'renderer', 'index.html'),
  sources: [
    'src-renderer',
    'src-main/contract',
    'src-main/words',
    'resources/locales',
    'vite.renderer.config.ts',
  ],
};

/** Time of the newest file at or under `path`, ms; 0 when there is none. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  let latest = stat.mtimeMs;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    const time = entry.isDirectory() ? newest(inner) : statSync(inner).mtimeMs;
    if (time > latest) latest = time;
  }
  return latest;
}

function isStale({ built, sources }) {
  const stat = statSync(built, { throwIfNoEntry: false });
  if (!stat) return true;
  // An installed package has no sources, or none that are newer.
  return sources.some((path) => newest(join(root, path)) > stat.mtimeMs);
}

function build({ config }) {
  if (!existsSync(vite)) return false;
  const result = spawnSync(
    process.execPath,
    [vite, 'build', '--config', config, '--logLevel', 'error'],
    // Standard output belongs to the command itself.
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  return result.status === 0;
}

// Only one command shows the window.
for (const part of process.argv.includes('serve') ? [cli, renderer] : [cli]) {
  if (!isStale(part) || build(part) || existsSync(part.built)) continue;
  process.stderr.write(
    existsSync(vite)
      ? 'twinspark: it could not be built; see above.\n'
      : `twinspark: run \`npm install\` in ${root} first.\n`,
  );
  process.exit(2);
}
// Node 22.8 and newer keep compiled code between starts.
module.enableCompileCache?.();
await import(pathToFileURL(cli.built).href);
