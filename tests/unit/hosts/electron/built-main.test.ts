import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../../../package.json';

const root = path.resolve(import.meta.dirname, '../../../..');
const run = promisify(execFile);
/** What a package carries beside the bundle. */
const libraries = ['ssh2', 'asn1', 'bcrypt-pbkdf', 'safer-buffer', 'tweetnacl', 'node-pty'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twinspark-main-'));
  await build({
    root,
    configFile: path.join(root, 'vite.main.config.ts'),
    logLevel: 'error',
    build: { outDir: path.join(folder, 'dist', 'main'), emptyOutDir: true },
  });
  await mkdir(path.join(folder, 'dist', 'renderer'), { recursive: true });
  await writeFile(path.join(folder, 'dist', 'renderer', 'index.html'), '<p>page</p>');
  await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
  const modules = path.join(folder, 'node_modules');
  await mkdir(path.join(modules, 'electron'), { recursive: true });
  for (const name of libraries) {
    await symlink(path.join(root, 'node_modules', name), path.join(modules, name), 'junction');
  }
  const module = path.join(modules, 'electron', 'index.mjs');
  await copyFile(path.join(import.meta.dirname, 'fixtures', 'electron-module.mjs'), module);
  await writeFile(path.join(modules, 'electron', 'package.json'), '{"main":"index.mjs"}');
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (...argv: string[]) =>
  run(process.execPath, [path.join(folder, 'dist', 'main', 'main.js'), ...argv], { timeout: 60_000 });

interface Seen {
  readonly handlers: readonly string[];
  readonly statuses: Readonly<Record<string, number>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly answers: readonly unknown[];
}

describe('the built main process', () => {
  it('starts the whole app, answers its page and is left', { timeout: 60_000 }, async () => {
    const dataDir = path.join(folder, 'data');
    const { stdout, stderr } = await start(`--data-dir=${dataDir}`);
    const seen = JSON.parse(stdout) as Seen;
    expect(stderr).toBe('');
    expect(seen.handlers).toEqual(['twinspark:ask']);
    expect(seen.statuses).toEqual({ 'twinspark://app/': 200 });
    expect(seen.headers['content-security-policy']).toContain("default-src 'none'");
    expect(seen.answers).toMatchObject([
      {
        result: {
          state: { app: { version, host: 'desktop', canSaveSecrets: false, dataFolder: dataDir } },
        },
      },
      { failure: { code: 'BAD_REQUEST' } },
    ]);
    expect(await readdir(dataDir)).toEqual(expect.arrayContaining(['desktop', 'window.json']));
  });

  it('packaged ends at once, with the reason, for a switch that opens it', { timeout: 60_000 }, async () => {
    await expect(start('--remote-debugging-port=9222')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--remote-debugging-port') as string,
    });
  });
});
