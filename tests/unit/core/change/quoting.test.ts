import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { block } from '../../../../src-main/core/change/block';
import { directory } from '../../../../src-main/core/change/directory';
import { file } from '../../../../src-main/core/change/file';
import { firewall } from '../../../../src-main/core/change/firewall';
import { keypair } from '../../../../src-main/core/change/keypair';
import type { Procedure } from '../../../../src-main/core/change/kind';
import { packages } from '../../../../src-main/core/change/package';
import { tree } from '../../../../src-main/core/change/tree';
import { uploadDigest } from '../../../../src-main/core/change/tree-spec';
import { unit } from '../../../../src-main/core/change/unit';
import { user } from '../../../../src-main/core/change/user';
import { absent, entry, hostile, scope } from './support';

/** Every script of a procedure, inputs' scripts included. */
function scripts(...procedures: Procedure[]): string[] {
  return procedures.flatMap(({ commands }) =>
    commands.flatMap((command) => [
      command.script.text,
      ...(command.input?.kind === 'output' ? [command.input.command.script.text] : []),
    ]),
  );
}

/** Lets the shell read a script without running it. */
function parses(script: string): void {
  execFileSync('/bin/sh', ['-n', '-c', script], { stdio: 'pipe' });
}

const path = `/srv/${hostile.replaceAll('/', '_')}`;
const own = { owner: 'root', group: 'root' };
const none = { entry: absent, leftovers: [] };

describe('hostile values', () => {
  it('stay values in files', () => {
    const spec = file.spec.parse({ path, content: hostile, mode: '0600', ...own });
    const before = { entry: entry(hostile), leftovers: ['kept run-1'] };
    const hidden = { entry: entry('x', { content: null, hidden: 'secret' }), leftovers: [] };
    const made = scripts(
      file.forward(spec, before, scope),
      file.forward(spec, hidden, scope),
      file.backward(spec, before, none, scope),
      file.backward(spec, hidden, none, scope),
    );
    [...made, file.read(spec).text].forEach(parses);
  });
  it('never bring a file’s content onto a command line', () => {
    const spec = file.spec.parse({ path: '/etc/x', content: 'precious', mode: '0600', ...own });
    const procedure = file.forward(spec, none, scope);
    expect(scripts(procedure).join('')).not.toContain('precious');
    expect(procedure.commands[0]?.input).toEqual({ kind: 'text', text: 'precious' });
  });
  it('stay values in blocks', () => {
    const spec = block.spec.parse({
      path,
      ...own,
      mode: '0600',
      label: 'x',
      place: 'end',
      parts: [
        { kind: 'text', text: hostile },
        { kind: 'local-file', path },
        { kind: 'peer-file', node: hostile, path },
      ],
    });
    const prior = { entry: absent, block: null, open: false, leftovers: [] };
    const now = { entry: entry('abc'), block: { start: 0, end: 3, text: 'abc' }, open: false, leftovers: [] };
    const made = scripts(block.forward(spec, prior, scope), block.backward(spec, prior, now, scope));
    [...made, block.read(spec).text].forEach(parses);
  });
  it('stay values in directories, keys and trees', () => {
    const folder = directory.spec.parse({ path, mode: '0700', ...own });
    const key = keypair.spec.parse({
      path,
      user: 'root',
      group: 'root',
      comment: hostile,
      source: { kind: 'copy', node: hostile, path },
    });
    const files = [{ path: hostile.replaceAll('/', '_'), mode: '0644', content: hostile }];
    const source = { kind: 'upload', sha256: uploadDigest(files), files };
    const leaves = tree.spec.parse({ path, ...own, source });
    const missing = { type: 'absent' as const };
    const noKey = { private: missing, public: missing, leftovers: [] };
    const noTree = { tree: missing, leftovers: [] };
    [
      directory.read(folder).text,
      keypair.read(key).text,
      tree.read(leaves).text,
      ...scripts(
        directory.forward(folder, missing, scope),
        directory.backward(folder, missing, missing, scope),
        keypair.forward(key, noKey, scope),
        keypair.forward({ ...key, source: { kind: 'generate' } }, noKey, scope),
        keypair.backward(key, noKey, noKey, scope),
        tree.forward(leaves, noTree, scope),
        tree.backward(leaves, noTree, noTree, scope),
      ),
    ].forEach(parses);
  });
  it('run nothing when the reading scripts meet them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'twinspark-'));
    try {
      const name = join(folder, hostile.replaceAll('/', '_'));
      writeFileSync(name, hostile);
      writeFileSync(join(folder, `.${hostile.replaceAll('/', '_')}.twinspark-run-1`), '');
      const spec = file.spec.parse({ path: name, content: null, mode: '0600', ...own });
      const output = execFileSync('/bin/sh', ['-c', file.read(spec).text], { encoding: 'utf8' });
      const state = file.parse(spec, output);
      expect(state.entry).toMatchObject({ type: 'file', content: hostile });
      expect(state.leftovers).toEqual(['temp run-1']);
      expect(readdirSync(folder)).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it.each([
    [user, { name: hostile, groups: [], shell: '/bin/sh', password: 'secret' }],
    [user, { name: 'x', groups: [hostile], shell: '/bin/sh', password: 'secret' }],
    [user, { name: 'x', groups: [], shell: hostile, password: 'secret' }],
    [user, { name: '-x', groups: [], shell: '/bin/sh', password: 'secret' }],
    [packages, { names: [hostile] }],
    [packages, { names: ['--purge'] }],
    [packages, { names: [] }],
    [unit, { unit: `${hostile}.service` }],
    [unit, { unit: '--now.service' }],
    [firewall, { interface: hostile, from: null, comment: 'c' }],
    [firewall, { interface: 'eth0', from: hostile, comment: 'c' }],
    [firewall, { interface: 'eth0', from: null, comment: "it's" }],
    [file, { path: 'relative', content: '', mode: '0600', ...own }],
    [file, { path: '/a/../b', content: '', mode: '0600', ...own }],
    [file, { path: '/a\nb', content: '', mode: '0600', ...own }],
    [file, { path: '/a', content: '', mode: '600', ...own }],
    [file, { path: '/a', content: '', mode: '0600', owner: '-R', group: 'root' }],
    [tree, { path: '/a', ...own, source: { kind: 'git', url: '--upload-pack=x', ref: 'main' } }],
    [tree, { path: '/a', ...own, source: { kind: 'git', url: 'ext::sh', ref: 'main' } }],
    [tree, { path: '/a', ...own, source: { kind: 'git', url: 'https://u:token@h/r', ref: 'main' } }],
    [tree, { path: '/a', ...own, source: { kind: 'git', url: 'https://h/r', ref: '--x' } }],
    [
      tree,
      {
        path: '/a',
        ...own,
        source: { kind: 'upload', sha256: 'no', files: [{ path: 'x', mode: '0644', content: '' }] },
      },
    ],
  ])('are refused where only plain words make sense: %#', (kind, spec) => {
    expect(kind.spec.safeParse(spec).success).toBe(false);
  });
  it('cannot end a block’s marker early', () => {
    const base = { path: '/a', ...own, mode: '0600', place: 'end', parts: [{ kind: 'text', text: 'x' }] };
    expect(block.spec.safeParse({ ...base, label: 'a\n# END twinspark a' }).success).toBe(false);
    const inside = [{ kind: 'text', text: 'x\n# END twinspark a\n' }];
    expect(block.spec.safeParse({ ...base, label: 'a', parts: inside }).success).toBe(false);
  });
});
