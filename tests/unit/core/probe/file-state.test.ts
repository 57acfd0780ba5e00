import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CONTENT_LIMIT,
  fileStateScript,
  parseFileState,
  parseFileStates,
} from '../../../../src-main/core/probe/file-state';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twinspark file-state '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const read = (path: string, options?: { follow?: boolean }) =>
  parseFileState(
    execFileSync('/bin/sh', ['-c', fileStateScript([path], options).text], { encoding: 'utf8' }),
  );
const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const owner = { uid: process.getuid!(), gid: process.getgid!() };

describe('a file as the shell sees it', () => {
  it.each(['plain text\n', '', 'no last newline', '한국어 ünïcode\r\n', 'quotes \' " $(id) `id`\n'])(
    'keeps the bytes of %j',
    (content) => {
      writeFileSync(at('file'), content, { mode: 0o640 });
      chmodSync(at('file'), 0o640);
      expect(read(at('file'))).toEqual({
        known: true,
        value: {
          exists: true,
          mode: '0640',
          ...owner,
          sizeBytes: Buffer.byteLength(content),
          sha256: sha256(content),
          content,
        },
      });
    },
  );

  it('keeps all four digits of the mode', () => {
    writeFileSync(at('file'), 'x');
    chmodSync(at('file'), 0o4755);
    expect(read(at('file'))).toMatchObject({ value: { mode: '4755' } });
    chmodSync(at('file'), 0o000);
    expect(read(at('file')).known && read(at('file'))).toMatchObject(
      owner.uid === 0 ? { value: { mode: '0000' } } : {},
    );
  });

  it('keeps only the hash of what is binary or large', () => {
    const binary = Uint8Array.from([0xff, 0x00, 0x0a]);
    const large = 'a'.repeat(CONTENT_LIMIT + 1);
    writeFileSync(at('binary'), binary);
    writeFileSync(at('large'), large);
    writeFileSync(at('just'), large.slice(1));
    for (const [name, data] of [
      ['binary', binary],
      ['large', large],
    ] as const) {
      const state = read(at(name));
      expect(state).toMatchObject({ known: true, value: { sha256: sha256(data), sizeBytes: data.length } });
      expect(state.known && state.value).not.toHaveProperty('content');
    }
    expect(read(at('just'))).toMatchObject({ value: { content: large.slice(1) } });
  });

  it('tells absent, symlink, directory and device apart', () => {
    writeFileSync(at('file'), 'x');
    symlinkSync('file', at('link'));
    symlinkSync('nowhere\n', at('dangling'));
    mkdirSync(at('folder'), { mode: 0o700 });
    expect(read(at('none'))).toEqual({ known: true, value: { exists: false } });
    expect(read(at('none/below'))).toEqual({ known: true, value: { exists: false } });
    expect(read(at('link'))).toMatchObject({ value: { type: 'symlink', target: 'file', sha256: '' } });
    expect(read(at('link'), { follow: true })).toMatchObject({ value: { exists: true, content: 'x' } });
    expect(read(at('dangling'), { follow: true })).toMatchObject({
      value: { type: 'symlink', target: 'nowhere\n' },
    });
    expect(read(at('folder'))).toMatchObject({ value: { type: 'directory', mode: '0700' } });
    expect(read('/dev/null')).toMatchObject({ value: { type: 'other' } });
  });

  it('takes any path as one word', () => {
    for (const name of ["it's", '-n', '$(id)', 'a b', '*', 'ä']) {
      writeFileSync(at(name), name);
      expect(read(at(name))).toMatchObject({ value: { content: name } });
    }
  });

  it.runIf(process.getuid!() === 0)('says not permitted, not absent, where it may not look', () => {
    writeFileSync(at('closed'), 'x', { mode: 0o600 });
    mkdirSync(at('locked'), { mode: 0o700 });
    chmodSync(folder, 0o755);
    const script = fileStateScript([at('closed'), at('locked/file'), at('locked/a/b')]).text;
    const text = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', uid: 65534, gid: 65534 });
    const entries = parseFileStates(text);
    expect(entries.known && entries.value.map((one) => one.state)).toEqual([
      expect.objectContaining({ known: false, reason: 'not-permitted' }),
      expect.objectContaining({ known: false, reason: 'not-permitted' }),
      expect.objectContaining({ known: false, reason: 'not-permitted' }),
    ]);
  });
});

it.each([
  'f 600 0 0 1 - - /a\n',
  'f 600 0 0 1 - =%%% /a\n',
  'f 600 0 0 1 - =YQ= /a\n',
  'f 999 0 0 1 - =YQ== /a\n',
  'f 600 0 0 99999999999999999999 - =YQ== /a\n',
  'f 600 0 0 1 - =YQ== a\n',
  'q 600 0 0 1 - =YQ== /a\n',
  'f 600 0 0 1 - =YQ== /a\n- - - - - - - /b\n',
])('%j is no file line', (text) => {
  expect(parseFileState(text)).toMatchObject({ known: false, reason: 'malformed' });
});
