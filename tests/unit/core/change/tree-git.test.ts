import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../../../src-main/core/ports';
import { tree } from '../../../../src-main/core/change/tree';
import type { TreeSpec } from '../../../../src-main/core/change/tree-spec';
import { scope } from './support';

const why =
  process.getuid?.() !== 0
    ? 'a tree is given to its owner, which needs root'
    : spawnSync('git', ['--version']).status !== 0
      ? 'git is missing'
      : spawnSync('setpriv', ['--version']).status !== 0
        ? 'setpriv (util-linux) is missing'
        : null;
if (why !== null) console.log(`skipped: ${why}`);

describe.skipIf(why !== null)('a tree from git', () => {
  let folder = '';
  let origin = '';
  let commit = '';
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  const git = (cwd: string, ...words: string[]) =>
    execFileSync('git', ['-C', cwd, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const run = (command: Command) =>
    spawnSync('/bin/sh', ['-c', command.script.text], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const read = (spec: TreeSpec) =>
    tree.parse(spec, execFileSync('/bin/sh', ['-c', tree.read(spec).text], { encoding: 'utf8', env }));
  const specOf = (ref: string, expected?: string): TreeSpec =>
    tree.spec.parse({
      path: join(folder, 'place', 'deep ops'),
      owner: 'root',
      group: 'root',
      source: { kind: 'git', url: `file://${origin}`, ref, ...(expected && { commit: expected }) },
    });
  const apply = (spec: TreeSpec) => {
    const prior = read(spec);
    for (const command of tree.forward(spec, prior, scope).commands) expect(run(command).stderr).toBe('');
    const after = read(spec);
    expect(tree.achieved(spec, prior, after), tree.text(after)).toBe(true);
    return { prior, after };
  };
  const undo = (spec: TreeSpec, prior: ReturnType<typeof read>, after?: ReturnType<typeof read>) => {
    const now = read(spec);
    const verdict = tree.judge(spec, prior, after, now);
    if (verdict === 'ours') {
      for (const command of tree.backward(spec, prior, now, scope).commands)
        expect(run(command).stderr).toBe('');
      expect(tree.undone(spec, prior, read(spec))).toBe(true);
    }
    return verdict;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'twinspark-'));
    origin = join(folder, 'origin');
    mkdirSync(join(folder, 'place'));
    mkdirSync(origin);
    git(origin, 'init', '-q', '-b', 'main');
    writeFileSync(join(origin, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(origin, '.gitignore'), '*.log\n');
    git(origin, 'add', '.');
    git(origin, 'commit', '-q', '-m', 'one');
    git(origin, 'tag', '-a', 'v1', '-m', 'v1');
    commit = git(origin, 'rev-parse', 'HEAD').trim();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['branch', 'tag', 'commit'])('comes by %s and goes whole', (by) => {
    const spec = specOf(by === 'branch' ? 'main' : by === 'tag' ? 'v1' : commit);
    for (const journaled of [true, false]) {
      const { prior, after } = apply(spec);
      expect(tree.satisfied(spec, after)).toBe(true);
      expect(readFileSync(join(spec.path, 'run.sh'), 'utf8')).toBe('#!/bin/sh\n');
      expect(undo(spec, prior, journaled ? after : undefined)).toBe('ours');
      expect(existsSync(spec.path)).toBe(false);
    }
  });
  it('does not come at another commit than the expected one', () => {
    const spec = specOf('main', 'a'.repeat(40));
    const prior = read(spec);
    const [command] = tree.forward(spec, prior, scope).commands;
    expect(run(command!).stderr).toContain('is not the expected commit');
    expect(read(spec)).toEqual(prior);
  });
  it.each([
    ['an edit', (path: string) => appendFileSync(join(path, 'run.sh'), 'x')],
    ['a new file', (path: string) => writeFileSync(join(path, 'new'), 'x')],
    ['an ignored file', (path: string) => writeFileSync(join(path, 'x.log'), 'x')],
    ['a commit', (path: string) => git(path, 'commit', '-q', '--allow-empty', '-m', 'mine')],
    ['a branch', (path: string) => git(path, 'branch', 'mine')],
    ['a stash', (path: string) => (appendFileSync(join(path, 'run.sh'), 'x'), git(path, 'stash', '-q'))],
  ])('stays because of %s', (_name, edit) => {
    const spec = specOf('main');
    const { prior, after } = apply(spec);
    edit(spec.path);
    expect(undo(spec, prior, after)).toBe('foreign');
    expect(undo(spec, prior, undefined)).toBe('foreign');
    rmSync(spec.path, { recursive: true });
  });
  it('does not run what the repository’s own configuration names', () => {
    const spec = specOf('main');
    const { prior, after } = apply(spec);
    git(spec.path, 'config', 'core.fsmonitor', `touch ${join(folder, 'pwned')}`);
    expect(undo(spec, prior, after)).toBe('foreign');
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });
});
