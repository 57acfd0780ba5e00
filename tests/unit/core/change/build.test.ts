import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../../../src-main/core/change/build';
import type { BuildSpec } from '../../../../src-main/core/change/build-spec';
import type { Command } from '../../../../src-main/core/ports';
import { hostile, scope } from './support';

const missing = ['make', 'runuser', 'getent'].find((tool) => spawnSync(tool, ['--version']).error);
const why =
  process.getuid?.() !== 0
    ? 'a build runs as another account, which needs root'
    : missing === undefined
      ? null
      : `${missing} is missing`;
if (why !== null) console.log(`skipped: ${why}`);

const base: BuildSpec = {
  source: '/home/u/src',
  revision: 'v1',
  path: '/home/u/made',
  owner: 'root',
  group: 'root',
  targets: ['all'],
  variables: {},
  search: [],
  results: ['bin/a'],
};

describe('a build judged', () => {
  const absent = { build: { type: 'absent' as const }, leftovers: [] };
  const parse = (output: string) => build.parse(base, output);
  it('takes nothing for its own that it cannot be', () => {
    const strange = parse('directory\nend .\n');
    expect(build.judge(base, absent, undefined, strange)).toBe('foreign');
    expect(build.judge(base, absent, undefined, parse('other\n'))).toBe('foreign');
    expect(build.judge(base, absent, undefined, parse('absent\nleft temp run-1-7\n'))).toBe('ours');
    expect(build.judge(base, absent, undefined, absent)).toBe('prior');
    expect(() => build.forward(base, strange, scope)).toThrow(/not-empty/);
  });
  it('does not act on a reading that is cut off', () => {
    for (const output of ['', 'directory\n', 'directory\nspec x\n', 'nothing\n'])
      expect(() => parse(output)).toThrow(/CHANGE_FAILED/);
  });
  it('keeps hostile words words', () => {
    const path = `/srv/${hostile.replaceAll('/', '_')}`;
    const spec = build.spec.parse({
      ...base,
      source: path,
      path: `${path}2`,
      variables: { NVCC_GENCODE: hostile },
      results: [hostile.replaceAll('/', '_')],
      search: [path],
    });
    const procedures = [build.forward(spec, absent, scope), build.backward(spec, absent, absent, scope)];
    const scripts = procedures.flatMap(({ commands }) => commands.map(({ script }) => script.text));
    for (const script of [...scripts, build.read(spec).text])
      execFileSync('/bin/sh', ['-n', '-c', script], { stdio: 'pipe' });
  });
});

describe.skipIf(why !== null)('a build', () => {
  let folder = '';
  const specOf = (changes: Partial<BuildSpec> = {}): BuildSpec =>
    build.spec.parse({ ...base, source: join(folder, 'src'), path: join(folder, 'made'), ...changes });
  const run = (command: Command) => spawnSync('/bin/sh', ['-c', command.script.text], { encoding: 'utf8' });
  const read = (spec: BuildSpec) =>
    build.parse(spec, execFileSync('/bin/sh', ['-c', build.read(spec).text], { encoding: 'utf8' }));
  const forward = (spec: BuildSpec) => run(build.forward(spec, read(spec), scope).commands[0]!);
  const undo = (spec: BuildSpec, prior: ReturnType<typeof read>, after?: ReturnType<typeof read>) => {
    const now = read(spec);
    const verdict = build.judge(spec, prior, after, now);
    if (verdict === 'ours') {
      for (const command of build.backward(spec, prior, now, scope).commands)
        expect(run(command).stderr).toBe('');
      expect(build.undone(spec, prior, read(spec))).toBe(true);
    }
    return verdict;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'twinspark-'));
    mkdirSync(join(folder, 'src'));
    const makefile = [
      'all: $(BUILDDIR)/bin/a',
      '$(BUILDDIR)/bin/a: a.txt',
      '\tmkdir -p $(@D)',
      '\techo home $(HOME), word "$(WORD)", stdin $$(cat | wc -c)',
      "\t@if grep -q error $<; then echo 'a.txt: error: no' >&2; exit 3; fi",
      '\tcp $< $@ && ln -sf a $(@D)/link',
      'nothing:',
      'killed:',
      '\tmkdir -p $(BUILDDIR)/half',
      '\tkill -9 $$(cat killme)',
      '',
    ];
    writeFileSync(join(folder, 'src/Makefile'), makefile.join('\n'));
    writeFileSync(join(folder, 'src/a.txt'), 'a\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is read with the rights of its owner, wherever links in it lead', () => {
    const shared = mkdtempSync(join(tmpdir(), 'twinspark-'));
    try {
      chmodSync(shared, 0o755);
      const path = join(shared, 'made');
      mkdirSync(join(path, 'bin'), { recursive: true });
      writeFileSync(join(shared, 'secret'), 'spec of root alone\n', { mode: 0o600 });
      writeFileSync(join(path, 'bin/a'), '');
      linkSync(join(shared, 'secret'), join(path, '.twinspark-build'));
      const script = (owner: string) => build.read(build.spec.parse({ ...base, path, owner })).text;
      const print = (owner: string) =>
        spawnSync('/bin/sh', ['-c', script(owner)], { encoding: 'utf8' }).stdout;
      expect(print('root')).toContain('of root alone');
      expect(print('nobody')).toContain('directory');
      expect(print('nobody')).not.toContain('alone');
      // An account that is gone has left nothing that it could lead anybody with.
      expect(print('no-such-account')).toContain('directory');
    } finally {
      rmSync(shared, { recursive: true, force: true });
    }
  });

  it('is made whole, known again, and gone', () => {
    const spec = specOf({ variables: { WORD: "it's $HOME" } });
    const prior = read(spec);
    for (const journaled of [true, false]) {
      const { status, stdout } = forward(spec);
      expect(status, stdout).toBe(0);
      expect(stdout).toContain('stdin 0');
      const after = read(spec);
      expect(build.achieved(spec, prior, after), build.text(after)).toBe(true);
      expect(build.satisfied(spec, after)).toBe(true);
      expect(readFileSync(join(spec.path, 'bin/a'), 'utf8')).toBe('a\n');
      // Another revision or another variable is another build.
      expect(build.satisfied({ ...spec, revision: 'v2' }, read({ ...spec, revision: 'v2' }))).toBe(false);
      expect(undo(spec, prior, journaled ? after : undefined)).toBe('ours');
      expect(existsSync(spec.path)).toBe(false);
    }
    expect(execFileSync('ls', ['-A', folder], { encoding: 'utf8' })).toBe('src\n');
  });

  it('leaves nothing when the compiler fails, and its last words are the reason', () => {
    const spec = specOf();
    const prior = read(spec);
    writeFileSync(join(folder, 'src/a.txt'), 'error\n');
    const { status, stdout } = forward(spec);
    writeFileSync(join(folder, 'src/a.txt'), 'a\n');
    expect(status).not.toBe(0);
    expect(stdout).toContain('a.txt: error: no');
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^make: .*\*\*\*|Leaving directory/);
    expect(read(spec)).toEqual(prior);
  });

  it('is not believed without its results', () => {
    const spec = specOf({ targets: ['nothing'] });
    const { status, stderr } = forward(spec);
    expect(status).toBe(1);
    expect(stderr).toContain('bin/a is not there');
    expect(read(spec).build.type).toBe('absent');
  });

  it('is known as ours when it was cut off by SIGKILL', () => {
    const spec = specOf({ targets: ['killed'] });
    const prior = read(spec);
    const { text } = build.forward(spec, prior, scope).commands[0]!.script;
    const killed = spawnSync('/bin/sh', ['-c', `echo $$ >${join(folder, 'src/killme')}\n${text}`]);
    expect(killed.signal).toBe('SIGKILL');
    const now = read(spec);
    expect(now.leftovers).toEqual(['temp run-1-7']);
    expect(undo(spec, prior)).toBe('ours');
    rmSync(join(folder, 'src/killme'));
    expect(execFileSync('ls', ['-A', folder], { encoding: 'utf8' })).toBe('src\n');
  });

  it.each([
    ['a new file', (path: string) => writeFileSync(join(path, 'mine'), 'x'), '+ ./mine'],
    ['an edit', (path: string) => appendFileSync(join(path, 'bin/a'), 'x'), '+ ./bin/a'],
    ['a removal', (path: string) => rmSync(join(path, 'bin/link')), '- ./bin/link'],
    ['a stamp that is gone', (path: string) => rmSync(join(path, '.twinspark-build')), ''],
  ])('stays because of %s', (_name, edit, shown) => {
    const spec = specOf();
    const prior = read(spec);
    expect(forward(spec).status).toBe(0);
    const after = read(spec);
    edit(spec.path);
    expect(build.text(read(spec))).toContain(shown);
    expect(undo(spec, prior, after)).toBe('foreign');
    expect(undo(spec, prior)).toBe('foreign');
    rmSync(spec.path, { recursive: true });
  });
});
