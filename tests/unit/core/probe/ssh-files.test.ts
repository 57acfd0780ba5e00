import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintLine, publicKeyLine } from '../../../../src-main/core/probe/ssh-keys';
import { parseSshFiles, sshSection } from '../../../../src-main/core/probe/ssh-files';
import { fakeCommands } from './fake-commands';

let home = '';
let fake = fakeCommands({});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'twinspark-home-'));
  fake.remove();
  fake = fakeCommands({ getent: `echo 'ann:x:1000:1000:Ann:${home}:/bin/bash'` });
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  fake.remove();
});

const ssh = (name: string) => join(home, '.ssh', name);
const script = () => {
  const env = { ...process.env, LC_ALL: 'C', PATH: `${fake.path}:${process.env['PATH']}` };
  return execFileSync('/bin/sh', ['-c', sshSection('ann').script.text], { encoding: 'utf8', env });
};
const generate = (name: string, ...more: string[]) => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ann@spark', '-f', ssh(name), ...more]);
};
const fingerprint = (path: string) =>
  execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' }).split(' ')[1];

describe('SSH files of an account', () => {
  it('are known to be absent where there is no folder', () => {
    const absent = { exists: false };
    expect(parseSshFiles(script())).toMatchObject({
      known: true,
      value: {
        user: 'ann',
        home,
        directoryMode: null,
        keys: [],
        authorizedKeys: absent,
        knownHosts: absent,
        config: absent,
      },
    });
  });

  it('are the keys with their fingerprints and the three files with their bytes', () => {
    mkdirSync(ssh(''), { mode: 0o700 });
    chmodSync(ssh(''), 0o700);
    generate('id_ed25519');
    generate('lonely');
    rmSync(ssh('lonely'));
    generate('id_bare');
    rmSync(ssh('id_bare.pub'));
    generate('id_locked', '-N', 'secret words');
    rmSync(ssh('id_locked.pub'));
    writeFileSync(ssh('note.pub'), 'not a key\n');
    writeFileSync(ssh('authorized_keys'), 'ssh-ed25519 AAAA x\n', { mode: 0o600 });
    writeFileSync(ssh('real-config'), 'Host *\n  User ann\n', { mode: 0o644 });
    symlinkSync('real-config', ssh('config'));
    const text = script();
    const read = parseSshFiles(text);
    expect(read).toMatchObject({
      known: true,
      value: {
        directoryMode: '0700',
        authorizedKeys: { exists: true, mode: '0600', content: 'ssh-ed25519 AAAA x\n' },
        knownHosts: { exists: false },
        config: { exists: true, content: 'Host *\n  User ann\n' },
      },
    });
    const publicKey = readFileSync(ssh('id_ed25519.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    expect(read.known && read.value.keys).toEqual([
      {
        path: ssh('id_bare'),
        type: 'ssh-ed25519',
        fingerprint: fingerprint(ssh('id_bare')),
        publicKey: expect.stringMatching(/^ssh-ed25519 \S+$/) as unknown,
        hasPrivate: true,
      },
      {
        path: ssh('id_ed25519'),
        type: 'ssh-ed25519',
        fingerprint: fingerprint(ssh('id_ed25519.pub')),
        publicKey,
        hasPrivate: true,
      },
      {
        path: ssh('id_locked'),
        type: 'ed25519',
        fingerprint: fingerprint(ssh('id_locked')),
        publicKey: '',
        hasPrivate: true,
      },
      {
        path: ssh('lonely'),
        type: 'ssh-ed25519',
        fingerprint: fingerprint(ssh('lonely.pub')),
        publicKey: expect.stringMatching(/^ssh-ed25519 \S+$/) as unknown,
        hasPrivate: false,
      },
    ]);
    expect(text).not.toContain('PRIVATE KEY');
  });

  it('never block on what is no file', () => {
    mkdirSync(ssh(''));
    execFileSync('mkfifo', [ssh('authorized_keys'), ssh('id_pipe'), ssh('x.pub')]);
    mkdirSync(ssh('config'));
    expect(parseSshFiles(script())).toMatchObject({
      known: true,
      value: { authorizedKeys: { type: 'other' }, config: { type: 'directory' }, keys: [] },
    });
  });

  it('say which account there is none of', () => {
    fake.remove();
    fake = fakeCommands({ getent: 'exit 2' });
    expect(() => script()).toThrow(/no such account/);
  });
});

describe('a public key line', () => {
  it('is taken when its inner type is the one it says', () => {
    const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOoAcrzW8NqThGnURhBGVEF+7IRfAAAAAAAAAAAAAAAAAAAA';
    expect(publicKeyLine(`${line} ann@spark\n`)).toMatchObject({ type: 'ssh-ed25519', publicKey: line });
    expect(publicKeyLine(line.replace('ssh-ed25519', 'ssh-rsa'))).toBeNull();
    for (const text of [
      '',
      'ssh-rsa',
      'ssh-rsa AAAA',
      'ssh-rsa %%%%',
      '-----BEGIN OPENSSH PRIVATE KEY-----',
    ]) {
      expect(publicKeyLine(text)).toBeNull();
    }
  });

  it('has a fingerprint as ssh-keygen prints it', () => {
    const hash = 'SHA256:' + 'A'.repeat(43);
    expect(fingerprintLine(`256 ${hash} ann@spark (ED25519)`)).toEqual({
      fingerprint: hash,
      type: 'ed25519',
    });
    expect(fingerprintLine(`256 MD5:aa ann (ED25519)`)).toBeNull();
  });
});
