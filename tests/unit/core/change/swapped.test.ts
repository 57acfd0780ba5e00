import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { block } from '../../../../src-main/core/change/block';
import { directory } from '../../../../src-main/core/change/directory';
import { file } from '../../../../src-main/core/change/file';
import { keypair } from '../../../../src-main/core/change/keypair';
import type { ChangeKind } from '../../../../src-main/core/change/kind';
import { scope } from './support';

const own = { owner: String(process.getuid?.() ?? 0), group: String(process.getgid?.() ?? 0) };
const temp = (base: string) => `.${base}.twinspark-run-1-7`;

let home: string;
let outside: string;
let bin: string;
let folder: string;
beforeEach(() => {
  const top = mkdtempSync(join(tmpdir(), 'twinspark-'));
  [home, outside, bin] = [join(top, 'home'), join(top, 'outside'), join(top, 'bin')];
  folder = join(home, 'ssh');
  for (const path of [home, outside, bin, folder]) mkdirSync(path);
  // As if they belonged to the account.
  for (const path of [home, folder]) chmodSync(path, 0o777);
  writeFileSync(join(outside, 'precious'), 'precious', { mode: 0o640 });
});
afterEach(() => rmSync(join(home, '..'), { recursive: true }));

/** Lets the account do something right before, or right after, root's script runs a command for the first time. */
function when(moment: 'before' | 'after', command: string, deed: string): void {
  const once = `if [ ! -e "$0.done" ]; then : >"$0.done"; cd ${folder}\n${deed}\nfi`;
  const real = `PATH=$\{PATH#*:} command ${command} "$@" || exit`;
  const steps = moment === 'before' ? [`(${once})`, real] : [real, `(${once})`];
  writeFileSync(join(bin, command), `#!/bin/sh\n${steps.join('\n')}\n`, { mode: 0o755 });
}

function apply<Spec, State>(kind: ChangeKind<Spec, State>, given: object) {
  const spec = kind.spec.parse(given);
  const sh = (script: string, input = '', env = process.env) =>
    spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', input, env });
  const prior = kind.parse(spec, sh(kind.read(spec).text).stdout);
  const [command] = kind.forward(spec, prior, scope).commands;
  const input = command?.input?.kind === 'text' ? command.input.text : '';
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const { status, stderr } = sh(command?.script.text ?? 'exit 9', input, env);
  return { status, stderr, after: () => kind.parse(spec, sh(kind.read(spec).text).stdout) };
}

function untouched(): void {
  expect(readdirSync(outside)).toEqual(['precious']);
  expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('precious');
  expect(statSync(join(outside, 'precious')).mode & 0o7777).toBe(0o640);
  expect(statSync(outside).mode & 0o7777).toBe(0o755);
}

const text = () => ({ path: join(folder, 'config'), content: 'ours\n', mode: '0604', ...own });

describe('an account that exchanges names while root works in its folder', () => {
  it('is not needed for a file to get its place', () => {
    expect(apply(file, text())).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(folder)).toEqual(['config']);
    expect(statSync(join(folder, 'config')).mode & 0o7777).toBe(0o604);
  });

  it.each(['chown', 'chmod', 'sync', 'mv'])('cannot lead %s to another file', (command) => {
    const name = temp('config');
    when('before', command, `mv ${name} away; mkdir ${name}; ln -s ${outside}/precious ${name}/new`);
    expect(apply(file, text()).status).toBe(0);
    expect(readFileSync(join(folder, 'config'), 'utf8')).toBe('ours\n');
    expect(statSync(join(folder, 'config')).mode & 0o7777).toBe(0o604);
    untouched();
  });

  it('cannot lead the new file into another folder by a link in its place', () => {
    when('before', 'mv', `ln -s ${outside} config`);
    expect(apply(file, text()).status).toBe(0);
    expect(lstatSync(join(folder, 'config')).isFile()).toBe(true);
    untouched();
  });

  it.each([
    ['the whole folder before', 'before', 'cd ..; mv ssh away; ln -s $OUT ssh'],
    ['the new folder right after', 'after', `mv ${temp('config')} away; ln -s $OUT ${temp('config')}`],
    ['another of its own for it', 'after', `mv ${temp('config')} away; mkdir -m 777 ${temp('config')}`],
  ] as const)('cannot exchange %s mkdir', (_, moment, deed) => {
    when(moment, 'mkdir', deed.replaceAll('$OUT', outside));
    const { status } = apply(file, text());
    if (moment === 'after') expect(status).toBe(1);
    untouched();
  });

  it('cannot exchange the folder before root goes there', () => {
    when('before', 'stat', `cd ..; mv ssh away; ln -s ${outside} ssh`);
    const { status, stderr } = apply(file, text());
    expect(status).toBe(1);
    expect(stderr).toContain('leads elsewhere');
    untouched();
  });

  it('cannot have another file’s content copied into its own', () => {
    writeFileSync(join(folder, 'config'), 'its own\n');
    when('before', 'head', `ln -sf ${outside}/precious config`);
    const parts = [{ kind: 'text', text: 'ours\n' }];
    const spec = { path: text().path, ...own, mode: '0600', label: 'x', place: 'end', parts };
    expect(apply(block, spec).status).toBe(1);
    expect(readdirSync(folder)).toEqual(['config']);
    untouched();
  });

  it('cannot lead a key pair elsewhere', () => {
    when('before', 'chown', `mv ${temp('id')} away; ln -s ${outside} ${temp('id')}`);
    when('before', 'ln', `ln -s ${outside} id.pub`);
    const spec = { path: join(folder, 'id'), user: own.owner, group: own.group, comment: 'c' };
    expect(apply(keypair, { ...spec, source: { kind: 'generate' } }).status).toBe(1);
    untouched();
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    rmSync(bin, { recursive: true });
    const made = apply(keypair, { ...spec, source: { kind: 'generate' } });
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(folder)).toEqual(['id', 'id.pub']);
    expect(made.after()).toMatchObject({
      private: { mode: '0600' },
      public: { mode: '0644' },
      leftovers: [],
    });
  });

  it('cannot have another folder made its own', () => {
    const spec = { path: folder, mode: '0700', ...own, adjust: true };
    when('before', 'chown', `cd ..; mv ssh away; ln -s ${outside} ssh`);
    expect(apply(directory, spec).status).toBe(0);
    untouched();
    expect(statSync(join(home, 'away')).mode & 0o7777).toBe(0o700);
    rmSync(bin, { recursive: true });
    expect(apply(directory, { ...spec, path: join(home, 'new') })).toMatchObject({ status: 0, stderr: '' });
    expect(statSync(join(home, 'new')).mode & 0o7777).toBe(0o700);
  });
});
