// `npm start`: until the window is there, the command line's wizard, on a practice lab of two real nodes where this
// machine can boot one, else on the nodes of whoever runs it.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensurePackages, root, run, stop, tool } from './packages.mjs';

ensurePackages();
if (tool('vite/bin/vite.js', ['build', '--config', 'vite.cli.config.ts', '--logLevel', 'error']) !== 0) {
  stop('The build failed.');
}
const program = path.join(root, 'dist', 'cli', 'twinspark.js');
const terminal = process.stdin.isTTY && process.stdout.isTTY;
const lab = (...args) => [
  path.join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'),
  path.join(root, 'tests', 'lab', 'cli.ts'),
  ...args,
];

const up = spawnSync(process.execPath, lab('up', '--login', 'key'), {
  cwd: root,
  stdio: ['ignore', 'pipe', 'pipe'],
  encoding: 'utf8',
});
if (up.status === 0) {
  console.error('Two practice nodes are up (npm run lab -- down ends them).');
  const cluster = up.stdout.trim().split('\n').at(-1);
  const env = labEnvironment(up.stdout);
  process.exit(
    run(process.execPath, [program, terminal ? 'apply' : 'plan', 'connect-two-sparks', '-c', cluster], env),
  );
}
console.error(
  `Left out: the practice lab (${(up.stderr.trim().split('\n').at(-1) ?? '').replace(/^lab: /, '')}).`,
);
if (!terminal) {
  console.error(
    'Left out: the wizard (this is no terminal). With your own nodes: npx twinspark plan connect-two-sparks --node user@host --node user@host',
  );
  process.exit(0);
}
process.exit(run(process.execPath, [program, 'apply', 'connect-two-sparks']));

/** The variables that the lab's cluster.yaml names, from the file that it says to source. */
function labEnvironment(output) {
  const file = /^\. (\S+)/m.exec(output)?.[1];
  const script = `. "$1"; env -0`;
  const shell = spawnSync('/bin/sh', ['-c', `set -a; ${script}`, 'sh', file ?? '/dev/null'], {
    encoding: 'utf8',
  });
  const entries = shell.stdout
    .split('\0')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(entries.filter(([name]) => name?.startsWith('TWINSPARK_LAB_')));
}
