// Installs the node packages when the lock file has changed since they were installed. Needs nothing but Node itself.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = [20, 19];

/** Ends the process with one line when Node is too old or the packages cannot be installed. */
export function ensurePackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    stop(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`);
  }
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  const stamp = path.join(root, 'node_modules', '.twinspark-lock');
  const hash = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  console.error('Installing the node packages …');
  const done = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (done !== 0) stop('The node packages could not be installed: is the package registry reachable?');
  writeFileSync(stamp, hash);
}

/** Runs npm in the project; returns its exit status. */
export function npm(args) {
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
}

/** Runs a tool of node_modules by its script, without a shell in between; returns its exit status. */
export function tool(file, args, env = {}) {
  return run(process.execPath, [path.join(root, 'node_modules', file), ...args], env);
}

/** As {@link tool}, beside others: resolves to the exit status and all that it printed. */
export function quietTool(file, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules', file), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('error', (error) => resolve({ status: 1, output: error.message }));
    child.on('close', (code) => resolve({ status: code ?? 1, output }));
  });
}

export function run(command, args, env = {}) {
  const shell = process.platform === 'win32' && command.endsWith('.cmd');
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell,
  });
  if (result.error) console.error(result.error.message);
  return result.status ?? 1;
}

export function stop(message) {
  console.error(message);
  process.exit(1);
}
