// Builds what is named (cli, renderer, main, preload), all at once: `node .ci/build.mjs [NAME …]`; everything when none is.
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { root } from './packages.mjs';

export const parts = ['cli', 'renderer', 'main', 'preload'];

/**
 * @param {readonly string[]} names
 * @returns {Promise<string[]>} the names of the parts that could not be built
 */
export async function build(names = parts) {
  const failed = await Promise.all(names.map((name) => buildOne(name)));
  return names.filter((_name, at) => failed[at]);
}

function buildOne(name) {
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = ['build', '--config', `vite.${name}.config.ts`, '--logLevel', 'warn'];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [vite, ...args], { cwd: root, stdio: 'inherit' });
    child.on('error', () => resolve(true));
    child.on('close', (code) => resolve(code !== 0));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failed = await build(process.argv.length > 2 ? process.argv.slice(2) : parts);
  if (failed.length > 0) {
    console.error(`Not built: ${failed.join(', ')}`);
    process.exit(1);
  }
}
