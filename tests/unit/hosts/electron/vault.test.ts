import type { SafeStorage } from 'electron';
import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openVault } from '../../../../src-main/hosts/electron/vault';

type Backend = ReturnType<SafeStorage['getSelectedStorageBackend']>;

/** A keyring that really encrypts, with a key of its own unless one is given. */
function keyring(backend: Backend, available = true, key = randomBytes(32)) {
  return {
    getSelectedStorageBackend: () => backend,
    isAsyncEncryptionAvailable: () => Promise.resolve(available),
    encryptStringAsync: (text: string) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Promise.resolve(Buffer.concat([iv, cipher.getAuthTag(), body]));
    },
    decryptStringAsync: (sealed: Buffer) => {
      const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
      cipher.setAuthTag(sealed.subarray(12, 28));
      const result = Buffer.concat([cipher.update(sealed.subarray(28)), cipher.final()]).toString('utf8');
      return Promise.resolve({ result, shouldReEncrypt: false });
    },
  } satisfies Partial<SafeStorage>;
}

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twinspark-vault-'));
  file = path.join(folder, 'secrets.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function opened(keeper = keyring('gnome_libsecret'), platform: NodeJS.Platform = 'linux') {
  const vault = await openVault(keeper, platform, file);
  if (!vault) throw new Error('no vault');
  return vault;
}

describe('where secrets may be kept', () => {
  it.each(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'] as const)(
    'on Linux: %s',
    async (backend) => {
      expect(await openVault(keyring(backend), 'linux', file)).toBeDefined();
    },
  );

  it.each(['basic_text', 'unknown'] as const)('nowhere on a Linux with %s', async (backend) => {
    // Chromium says that it can encrypt here too, with a password that everybody knows.
    expect(await openVault(keyring(backend), 'linux', file)).toBeUndefined();
  });

  it.each(['darwin', 'win32'] as const)('on %s, by the system, if it can', async (platform) => {
    expect(await openVault(keyring('unknown'), platform, file)).toBeDefined();
    expect(await openVault(keyring('unknown', false), platform, file)).toBeUndefined();
  });

  it('nowhere when the keyring is locked or fails', async () => {
    expect(await openVault(keyring('gnome_libsecret', false), 'linux', file)).toBeUndefined();
    const failing = {
      ...keyring('gnome_libsecret'),
      isAsyncEncryptionAvailable: () => Promise.reject(new Error('no bus')),
    };
    expect(await openVault(failing, 'linux', file)).toBeUndefined();
  });
});

describe('the vault', () => {
  it('gives back what was put in, also after a restart', async () => {
    const keeper = keyring('gnome_libsecret');
    const vault = await opened(keeper);
    await Promise.all([vault.set('login spark-1', 'hunter2'), vault.set('login spark-2', 'correct horse')]);
    const again = await opened(keeper);
    expect(await again.get('login spark-1')).toBe('hunter2');
    expect(await again.get('login spark-2')).toBe('correct horse');
    expect(await again.get('login spark-3')).toBeUndefined();
    expect(await again.get('toString')).toBeUndefined();
  });

  it('leaves neither secrets nor names readable, in a file that only the person can read', async () => {
    const vault = await opened();
    await vault.set('login spark-1', 'hunter2');
    const text = await readFile(file, 'utf8');
    const { data } = JSON.parse(text) as { data: string };
    for (const shown of [text, Buffer.from(data, 'base64').toString('latin1')]) {
      expect(shown).not.toContain('hunter2');
      expect(shown).not.toContain('spark-1');
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['secrets.json']);
  });

  it('forgets everything', async () => {
    const vault = await opened();
    await vault.set('a', 'b');
    await vault.clear();
    expect(await vault.get('a')).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
    await vault.clear();
  });

  it('refuses a file of another keyring: nothing read, nothing written over, until it is cleared', async () => {
    // It could even be decrypted: that it was written elsewhere is enough.
    const key = randomBytes(32);
    await (await opened(keyring('kwallet6', true, key))).set('a', 'b');
    const before = await readFile(file, 'utf8');
    const vault = await opened(keyring('gnome_libsecret', true, key));
    expect(await vault.get('a')).toBeUndefined();
    await expect(vault.set('a', 'c')).rejects.toMatchObject({ code: 'SECRET_NOT_SAVED' });
    expect(await readFile(file, 'utf8')).toBe(before);
    await vault.clear();
    await vault.set('a', 'c');
    expect(await vault.get('a')).toBe('c');
  });

  it('leaves alone what it cannot read: damage, another key', async () => {
    await (await opened()).set('a', 'b');
    const vault = await opened();
    expect(await vault.get('a')).toBeUndefined();
    await expect(vault.set('a', 'c')).rejects.toMatchObject({ code: 'SECRET_NOT_SAVED' });
    await writeFile(file, '{"version":1');
    expect(await vault.get('a')).toBeUndefined();
    await expect(vault.set('a', 'c')).rejects.toMatchObject({ code: 'SECRET_NOT_SAVED' });
    expect(await readFile(file, 'utf8')).toBe('{"version":1');
  });

  it('never tells a secret by its failure', async () => {
    const leaking = {
      ...keyring('gnome_libsecret'),
      encryptStringAsync: (text: string) => Promise.reject(new Error(`cannot encrypt ${text}`)),
    };
    const failure = await (await opened(leaking)).set('a', 'hunter2').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SECRET_NOT_SAVED' });
    expect(JSON.stringify([failure, String(failure), (failure as Error).cause])).not.toContain('hunter2');
  });
});
