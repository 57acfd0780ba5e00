import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { methodNames } from '../../src-main/contract/method-names';
import { electronHere, startArguments } from './binary';

const here = electronHere();
if ('skip' in here) console.log(here.skip);
const binary = 'binary' in here ? here.binary : '';

test.describe('the built desktop app', () => {
  test.skip('skip' in here, 'skip' in here ? here.skip : '');

  let dataDir: string;
  let app: ElectronApplication;
  let page: Page;

  test.beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'twinspark-electron-'));
    app = await _electron.launch({
      executablePath: binary,
      args: startArguments(dataDir),
      env: { ...(process.env as Record<string, string>), LANG: 'en_US.UTF-8' },
    });
    page = await app.firstWindow();
  });
  test.afterAll(async () => {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('shows the welcome view, from our own scheme', async () => {
    expect(page.url()).toBe('twinspark://app/');
    await expect(page.getByRole('main')).toBeVisible();
    await expect(page.getByRole('button', { name: /practice/i })).toBeVisible();
    const shown = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => [window.isVisible(), window.getMinimumSize()]),
    );
    expect(shown).toEqual([[true, [960, 640]]]);
  });

  test('gives the page functions by name and nothing else', async () => {
    expect(await page.evaluate('Object.keys(window.twinspark).sort()')).toEqual(['ask', 'onPush']);
    expect(await page.evaluate('Object.keys(window.twinspark.ask)')).toEqual([...methodNames]);
    expect(await page.evaluate('[typeof require, typeof process, typeof module]')).toEqual([
      'undefined',
      'undefined',
      'undefined',
    ]);
    expect(
      await page.evaluate('window.twinspark.ask["link.open"]({ link: "https://example.com" })'),
    ).toMatchObject({
      failure: { code: 'BAD_REQUEST' },
    });
  });

  test('runs no inline script and no text as code', async () => {
    const ran = await page.evaluate(`(() => {
      try {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.head.append(script);
      } catch {}
      return window.ran === true;
    })()`);
    expect(ran).toBe(false);
    expect(await page.evaluate(`(() => { try { return eval('1'); } catch { return 'refused'; } })()`)).toBe(
      'refused',
    );
  });

  test('opens no second window and goes nowhere', async () => {
    expect(await page.evaluate(`window.open('https://example.com/') === null`)).toBe(true);
    expect(await page.evaluate(`window.open('twinspark://app/') === null`)).toBe(true);
    expect(app.windows()).toHaveLength(1);
    await page.evaluate(`void (location.href = 'https://example.com/')`);
    await page.evaluate(`void (location.href = 'twinspark://app/missing')`);
    expect(page.url()).toBe('twinspark://app/');
    await expect(page.getByRole('main')).toBeVisible();
  });

  test('reaches no network and no device', async () => {
    const reached = `(async () => {
      try { await fetch('https://example.com/'); return true; } catch { return false; }
    })()`;
    expect(await page.evaluate(reached)).toBe(false);
    const state = `(name) => navigator.permissions.query({ name }).then((status) => status.state)`;
    expect(await page.evaluate(`(${state})('geolocation')`)).toBe('denied');
    expect(await page.evaluate(`(${state})('camera')`)).toBe('denied');
  });

  test('started a second time leaves the window to the first', async () => {
    const second = spawn(binary, startArguments(dataDir), { stdio: 'ignore' });
    const [code] = (await once(second, 'exit')) as [number | null];
    expect(code).toBe(0);
    expect(app.windows()).toHaveLength(1);
  });

  test('keeps nothing of the page on the disk', async () => {
    const kept = await readdir(path.join(dataDir, 'desktop', 'Local Storage')).catch(() => []);
    expect(await page.evaluate(`(localStorage.setItem('a', 'b'), localStorage.getItem('a'))`)).toBe('b');
    expect(await readdir(path.join(dataDir, 'desktop', 'Local Storage')).catch(() => [])).toEqual(kept);
  });
});
