import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KnownHosts } from '../../../../src-main/adapters/ssh2/known-hosts';
import { matchesHost, parseKnownHosts } from '../../../../src-main/adapters/ssh2/known-hosts-line';
import { fingerprint, keyType } from '../../../../src-main/adapters/ssh2/wire';
import { folder, removeFolders } from './fixtures/laptop';
import { newKey, publicBlob } from './fixtures/node-server';

afterAll(removeFolders);

const ours = publicBlob(newKey());
const other = publicBlob(newKey());
const ecdsa = publicBlob(newKey('ecdsa'));
const text = (key: Buffer) => `${keyType(key)} ${key.toString('base64')}`;
const hashed = (name: string) => {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

describe('the host field of a line', () => {
  it.each([
    ['spark', 'spark', true],
    ['Spark', 'spark', true],
    ['spark,other', 'other', true],
    ['spark', 'spark2', false],
    ['spark*', 'spark2', true],
    ['*.local', 'spark.local', true],
    ['s?ark', 'spark', true],
    ['s?ark', 'sark', false],
    ['*a*b', 'xaxxbxb', true],
    ['*,!spark', 'spark', false],
    ['!spark,*', 'spark', false],
    ['!spark', 'other', false],
    ['[spark]:2222', '[spark]:2222', true],
    ['spark', '[spark]:2222', false],
    ['[192.168.1.?]:22*', '[192.168.1.5]:2222', true],
    [hashed('spark'), 'spark', true],
    [hashed('spark'), 'other', false],
    [hashed('[spark]:2222'), '[spark]:2222', true],
    ['|2|AAAA|BBBB', 'spark', false],
    ['|1|nothing', 'spark', false],
  ])('%s against %s is %s', (field, name, expected) => {
    expect(matchesHost(field, name)).toBe(expected);
  });
});

describe('lines', () => {
  it('are left out when they cannot be used, and the rest is kept', () => {
    const lines = [
      '# a comment',
      '',
      '   ',
      'spark',
      `spark ssh-rsa ${ours.toString('base64')}`,
      'spark ssh-ed25519 ***',
      `@unknown spark ${text(ours)}`,
      `  spark\t${text(ours)} a comment\r`,
      `@revoked * ${text(other)}`,
    ];
    expect(parseKnownHosts(lines.join('\n'), 'file')).toMatchObject([
      { marker: 'none', hosts: 'spark', place: 'file:8' },
      { marker: 'revoked', hosts: '*', place: 'file:9' },
    ]);
  });
});

describe('a verdict', () => {
  const check = async (content: string, host = 'spark', port = 22, key = ours) => {
    const dir = await folder();
    await writeFile(join(dir, 'known_hosts'), content);
    const known = new KnownHosts({ files: [join(dir, 'known_hosts')], ownFile: join(dir, 'own') });
    return { verdict: await known.check(host, port, key), types: await known.knownTypes(host, port), dir };
  };

  it('is known for the same key, also in capitals', async () => {
    expect((await check(`spark ${text(ours)}\n`, 'SPARK')).verdict).toEqual({ kind: 'known' });
  });

  it('is unknown without a line, and without a file', async () => {
    expect((await check('')).verdict).toEqual({ kind: 'unknown', otherTypes: false });
    const known = new KnownHosts({ files: ['/nonexistent/known_hosts'], ownFile: '/nonexistent/own' });
    expect(await known.check('spark', 22, ours)).toEqual({ kind: 'unknown', otherTypes: false });
  });

  it('is changed for another key of the same type, and says where the expected one stands', async () => {
    const { verdict, dir } = await check(`# first\nspark ${text(other)}\n`);
    expect(verdict).toEqual({
      kind: 'changed',
      expected: fingerprint(other),
      place: `${join(dir, 'known_hosts')}:2`,
    });
  });

  it('is known when one of several keys of the type is the same', async () => {
    expect((await check(`spark ${text(other)}\nspark ${text(ours)}\n`)).verdict).toEqual({ kind: 'known' });
  });

  it('is unknown when only keys of other types are known, which are then preferred', async () => {
    const { verdict, types } = await check(`spark ${text(ecdsa)}\n`);
    expect(verdict).toEqual({ kind: 'unknown', otherTypes: true });
    expect(types).toEqual(['ecdsa-sha2-nistp256']);
  });

  it('is revoked whatever else is known', async () => {
    const { verdict } = await check(`spark ${text(ours)}\n@revoked * ${text(ours)}\n`);
    expect(verdict).toMatchObject({ kind: 'revoked' });
  });

  it('is not touched by a certificate authority', async () => {
    expect((await check(`@cert-authority spark ${text(other)}\n`)).verdict).toEqual({
      kind: 'unknown',
      otherTypes: false,
    });
  });

  it('falls back to the name without its port only to know a key, not to call it changed', async () => {
    expect((await check(`spark ${text(ours)}\n`, 'spark', 2222)).verdict).toEqual({ kind: 'known' });
    expect((await check(`spark ${text(other)}\n`, 'spark', 2222)).verdict).toMatchObject({ kind: 'unknown' });
    expect(
      (await check(`[spark]:2222 ${text(other)}\nspark ${text(ours)}\n`, 'spark', 2222)).verdict,
    ).toMatchObject({
      kind: 'changed',
    });
  });
});

describe('an accepted key', () => {
  it('is appended to the own file, which only its owner can read, and is known from then on', async () => {
    const dir = await folder();
    const user = join(dir, 'known_hosts');
    await writeFile(user, '# mine\n');
    const own = join(dir, 'data', 'known_hosts');
    const known = new KnownHosts({ files: [user], ownFile: own });
    await Promise.all([known.accept('spark', 22, ours), known.accept('spark', 2222, other)]);
    expect(await known.check('spark', 22, ours)).toEqual({ kind: 'known' });
    expect(await known.check('spark', 2222, other)).toEqual({ kind: 'known' });
    expect((await stat(own)).mode & 0o777).toBe(0o600);
    expect(await readFile(user, 'utf8')).toBe('# mine\n');
    expect((await readFile(own, 'utf8')).split('\n')).toHaveLength(3);
  });

  it('does not join a line that a crash has torn', async () => {
    const own = join(await folder(), 'own');
    await writeFile(own, 'spark ssh-ed25519 AAAAC3Nz');
    const known = new KnownHosts({ files: [], ownFile: own });
    await known.accept('spark', 22, ours);
    expect(await known.check('spark', 22, ours)).toEqual({ kind: 'known' });
  });
});
