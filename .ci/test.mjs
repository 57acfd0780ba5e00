// `npm test`: everything that this machine can run, and in one line each what it left out and why.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensurePackages, root, run, tool } from './packages.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

ensurePackages();
const leftOut = [];
ensureSystemPackages((reason) => leftOut.push(reason));

const checks = [
  ['format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
  ['types', 'typescript/bin/tsc', ['--noEmit']],
  ['lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']],
  [
    'boundaries',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ['--config', '.dependency-cruiser.cjs', 'src-main'],
  ],
  ['build', 'vite/bin/vite.js', ['build', '--config', 'vite.cli.config.ts', '--logLevel', 'warn']],
];

const failed = [];
for (const [name, file, args] of checks) {
  console.log(`\n── ${name}`);
  if (tool(file, args) !== 0) failed.push(name);
}

const totals = { passed: 0, failed: failed.length, skipped: 0 };
for (const project of ['unit', 'lab']) {
  console.log(`\n── ${project} tests`);
  const folder = mkdtempSync(path.join(tmpdir(), 'twinspark-test-'));
  const report = path.join(folder, 'report.json');
  const status = tool('vitest/vitest.mjs', [
    ...['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    // Each file boots two nodes of its own; more than two files at once only wait for each other.
    ...(project === 'lab' ? ['--maxWorkers=2'] : []),
    ...process.argv.slice(2),
  ]);
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += result.numPassedTests;
    totals.failed += result.numFailedTests;
    totals.skipped += result.numPendingTests + result.numTodoTests;
    if (status !== 0 && result.numFailedTests === 0) failed.push(`${project} tests`);
  } catch {
    failed.push(`${project} tests (no report)`);
  }
  rmSync(folder, { recursive: true, force: true });
}

console.log('');
for (const reason of leftOut) console.log(`left out: ${reason}`);
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(failed.length > 0 || totals.failed > 0 ? 1 : 0);
