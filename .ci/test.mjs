// `npm test`: everything that this machine can run, and in one line each what it left out and why.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build } from './build.mjs';
import { ensurePackages, quietTool, tool } from './packages.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

ensurePackages();
const leftOut = [];
ensureSystemPackages((reason) => leftOut.push(reason));

// The longest first: as many at once as there are processors.
const checks = [
  ['lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']],
  ['format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
  ['types', 'typescript/bin/tsc', ['--noEmit']],
  ['types of the browser tests', 'typescript/bin/tsc', ['--noEmit', '-p', 'tests/e2e']],
  ['types of the window tests', 'typescript/bin/tsc', ['--noEmit', '-p', 'tests/renderer']],
  [
    'types of the components',
    'svelte-check/bin/svelte-check',
    ['--tsconfig', 'src-renderer/tsconfig.json', '--fail-on-warnings'],
  ],
  [
    'boundaries',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ['--config', '.dependency-cruiser.cjs', 'src-main', 'src-renderer'],
  ],
];

const failed = [];
const waiting = [...checks];
const checkers = Array.from({ length: availableParallelism() }, async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, file, args] = next;
    const { status, output } = await quietTool(file, args);
    console.log(`\n── ${name}\n${output.trimEnd()}`);
    if (status !== 0) failed.push(name);
  }
});
await Promise.all(checkers);

console.log('\n── build');
failed.push(...(await build()).map((name) => `build of ${name}`));

/** What failed and the beginning of why, by test: told again at the end, where it is found. */
const faults = [];
const totals = { passed: 0, failed: failed.length, skipped: 0 };
const folder = mkdtempSync(path.join(tmpdir(), 'twinspark-test-'));
const report = path.join(folder, 'report.json');
const more = process.argv.slice(2);

for (const project of ['unit', 'lab']) {
  console.log(`\n── ${project} tests`);
  // Left to itself, vitest leaves one processor idle. Each file of the lab boots two nodes of its own; more than two
  // files at once only wait for each other.
  const workers = [`--maxWorkers=${project === 'lab' ? 2 : availableParallelism()}`];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const status = tool('vitest/vitest.mjs', ['run', '--project', project, ...reporters, ...workers, ...more]);
  count(`${project} tests`, status, (result) => ({
    passed: result.numPassedTests,
    failed: result.numFailedTests,
    skipped: result.numPendingTests + result.numTodoTests,
    faults: vitestFaults(result),
  }));
}

console.log('\n── window tests');
if (chromium()) {
  const reporters = ['--reporter=list,json'];
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const status = tool('@playwright/test/cli.js', ['test', ...reporters, ...more], env);
  count('window tests', status, ({ stats, suites, errors }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    faults: [
      ...suites.flatMap(playwrightFaults),
      ...errors.map(({ message }) => ['outside a test', message]),
    ],
  }));
} else {
  leftOut.push('tests of the window: there is no chromium (TWINSPARK_CHROMIUM names one)');
}
rmSync(folder, { recursive: true, force: true });

/** Adds a report to the totals; a run that left none has failed. */
function count(name, status, read) {
  try {
    const result = read(JSON.parse(readFileSync(report, 'utf8')));
    for (const kind of Object.keys(totals)) totals[kind] += result[kind];
    faults.push(...result.faults);
    if (status !== 0 && result.failed === 0) failed.push(name);
  } catch {
    failed.push(`${name} (no report)`);
  }
  rmSync(report, { force: true });
}

function vitestFaults({ testResults }) {
  return testResults.flatMap(({ name, message, status, assertionResults }) => {
    const file = path.relative(process.cwd(), name);
    const tests = assertionResults.filter((test) => test.status === 'failed');
    // A file that cannot be loaded, or whose set-up fails, has a fault and no failed test.
    if (tests.length === 0) return status === 'failed' ? [[file, message]] : [];
    return tests.map(({ fullName, failureMessages }) => [
      `${file} › ${fullName}`,
      failureMessages.join('\n'),
    ]);
  });
}

function playwrightFaults({ suites = [], specs = [] }) {
  const own = specs.flatMap(({ file, line, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ projectName, results }) => [
        `[${projectName}] ${file}:${line} › ${title}`,
        results.flatMap(({ errors }) => errors.map(({ message }) => message)).join('\n'),
      ]),
  );
  return [...own, ...suites.flatMap(playwrightFaults)];
}

function chromium() {
  return existsSync(process.env.TWINSPARK_CHROMIUM ?? '/usr/bin/chromium');
}

console.log('');
for (const reason of leftOut) console.log(`left out: ${reason}`);
for (const [test, why] of faults) {
  console.log(`failed: ${test}`);
  // Without colours: it is read in a file.
  const lines = stripVTControlCharacters(why ?? '').split('\n');
  for (const line of lines.slice(0, 15)) console.log(`    ${line.slice(0, 300)}`);
}
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(failed.length > 0 || totals.failed > 0 ? 1 : 0);
