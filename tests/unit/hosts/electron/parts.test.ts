import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { linkAddress } from '../../../../src-main/contract/links';
import { linkSchema } from '../../../../src-main/contract/methods';
import { dataFolder } from '../../../../src-main/hosts/electron/data-folder';
import { ErrorLog } from '../../../../src-main/hosts/electron/error-log';
import { openLink } from '../../../../src-main/hosts/electron/links';
import { menuTemplate } from '../../../../src-main/hosts/electron/menu';
import { refusedSwitches } from '../../../../src-main/hosts/electron/switches';
import { loadWords } from '../../../../src-main/words/words';

describe('switches', () => {
  it.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--inspect',
    '--inspect-brk=0',
    '--no-sandbox',
    '--disable-web-security',
    '--js-flags=--allow-natives-syntax',
    '--load-extension=/tmp/x',
    '--renderer-cmd-prefix=xterm',
    '--gpu-launcher=/tmp/x',
    '--user-data-dir=/tmp/x',
    '--password-store=basic',
    '--host-resolver-rules=',
    '--ignore-certificate-errors',
    '-r',
    '/remote-debugging-port=9222',
  ])('%s is refused when packaged', (word) => {
    const argv = ['/opt/Twinspark/twinspark', '--data-dir=/tmp/data', word];
    expect(refusedSwitches(argv, true)).toEqual([word.split('=')[0]]);
    expect(refusedSwitches(argv, false)).toEqual([]);
  });

  it('of our own, of displays, and folders are taken', () => {
    const argv = [
      '/opt/t',
      '--data-dir',
      '/tmp/data',
      '--ozone-platform=wayland',
      '--lang=ko',
      '--disable-gpu',
    ];
    expect(refusedSwitches(argv, true)).toEqual([]);
  });
});

describe('the data folder', () => {
  it('is the one that is named, else the one of the variable, else the system’s', () => {
    const env = { TWINSPARK_DATA_DIR: '/from/env' };
    expect(dataFolder(['t', '--data-dir', 'here'], env, '/cwd')).toBe('/cwd/here');
    expect(dataFolder(['t', '--data-dir=/there'], env, '/work')).toBe('/there');
    expect(dataFolder(['t'], env, '/work')).toBe('/from/env');
    expect(dataFolder(['t'], { TWINSPARK_DATA_DIR: '' }, '/work')).toMatch(/twinspark/);
  });
});

describe('links', () => {
  it('open an https address by name', async () => {
    const openExternal = vi.fn(() => Promise.resolve());
    for (const link of linkSchema.options)
      await openLink({ openExternal }, link, 'https://example.com/twinspark');
    expect(openExternal.mock.calls).toHaveLength(linkSchema.options.length);
    for (const [url] of openExternal.mock.calls as unknown as [string][]) expect(url).toMatch(/^https:\/\//);
  });

  it.each([undefined, '', 'http://example.com', 'file:///etc/passwd', 'javascript:alert(1)', 'https:'])(
    'open nothing with the homepage %s',
    async (homepage) => {
      const openExternal = vi.fn(() => Promise.resolve());
      await expect(openLink({ openExternal }, 'project', homepage)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(openExternal).not.toHaveBeenCalled();
      expect(linkAddress('documentation', homepage)).toBeUndefined();
    },
  );
});

describe('the menu', () => {
  const of = async (platform: NodeJS.Platform, language: 'en' | 'ko', development = false) => {
    const openLinkOf = vi.fn();
    const words = await loadWords(language);
    const links = ['documentation', 'nvidia-connect-two-sparks'] as const;
    const template = menuTemplate({ words, platform, development, links, openLink: openLinkOf });
    const items = template.flatMap((menu) => [menu, ...(Array.isArray(menu.submenu) ? menu.submenu : [])]);
    return { template, items, openLinkOf };
  };

  it.each(['darwin', 'win32', 'linux'] as const)('of %s has words in both languages', async (platform) => {
    for (const language of ['en', 'ko'] as const) {
      const { items } = await of(platform, language, true);
      for (const { label, type } of items) {
        if (type !== 'separator') expect(label).toMatch(/^(?!window\.menu)./);
      }
    }
    const quit = async (language: 'en' | 'ko') =>
      (await of(platform, language)).items.find(({ role }) => role === 'quit');
    expect((await quit('en'))?.label).toBe('Quit Twinspark');
    expect((await quit('ko'))?.label).toBe('Twinspark 종료');
  });

  it('has developer tools in development only', async () => {
    const has = async (development: boolean) =>
      (await of('linux', 'en', development)).items.some(({ role }) => role === 'toggleDevTools');
    expect(await has(true)).toBe(true);
    expect(await has(false)).toBe(false);
  });

  it('takes no key from a terminal where Ctrl is the menu’s key', async () => {
    const roles = async (platform: NodeJS.Platform) =>
      (await of(platform, 'en')).items.map(({ role }) => role);
    for (const role of ['minimize', 'close'] as const) {
      expect(await roles('linux')).not.toContain(role);
      expect(await roles('win32')).not.toContain(role);
    }
    expect(await roles('darwin')).toContain('minimize');
    const reload = (await of('linux', 'en')).items.find(({ role }) => role === 'reload');
    expect(reload?.accelerator).toBe('F5');
  });

  it('opens pages by name', async () => {
    const { items, openLinkOf } = await of('linux', 'en');
    const page = items.find(({ label }) => label === 'Documentation');
    (page?.click as (() => void) | undefined)?.();
    expect(openLinkOf).toHaveBeenCalledWith('documentation');
    expect(items.some(({ label }) => label === 'Project page')).toBe(false);
  });
});

describe('the error log', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'twinspark-log-'));
    file = path.join(folder, 'desktop.log');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const text = () => readFileSync(file, 'utf8');

  it('says what kind of error it was and where it came from', () => {
    const log = new ErrorLog(file, 10_000, () => new Date(0));
    const error = Object.assign(new TypeError('boom'), { code: 'ECONNRESET', syscall: 'read' });
    log.error('uncaughtException', new Error('outer', { cause: error }));
    expect(text()).toMatch(/^1970-01-01T00:00:00.000Z uncaughtException Error\n {4}at .*parts\.test\.ts:\d+/);
    expect(text()).toMatch(/cause: TypeError ECONNRESET read\n {4}at .*parts\.test\.ts:\d+/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('never says what the error said', () => {
    const log = new ErrorLog(file);
    const errors: unknown[] = ['hunter2', { password: 'hunter2' }, new Error('hunter2')];
    errors.push(new Error('two lines\n    at hunter2 (file.js:1:1)'));
    errors.push(Object.assign(new Error('x'), { name: 'hunter2!', code: 'hunter2 is it' }));
    try {
      JSON.parse('hunter2');
    } catch (error) {
      errors.push(error, new Error('outer', { cause: error }));
    }
    const renamed = new Error('hunter2');
    renamed.message = 'another';
    errors.push(renamed);
    for (const error of errors) log.error('unhandledRejection', error);
    expect(text().match(/unhandledRejection/g)).toHaveLength(errors.length);
    expect(text()).not.toContain('hunter2');
  });

  it('stays small, and keeps what came before', () => {
    const log = new ErrorLog(file, 1000);
    for (let at = 0; at < 100; at++) log.note('page', `${'x'.repeat(50)} ${at}`);
    log.note('page', 'y'.repeat(100_000));
    expect(statSync(`${file}.1`).size).toBeLessThanOrEqual(1100);
    expect(statSync(file).size).toBeLessThanOrEqual(9000);
  });

  it('is no further error when it cannot be written', () => {
    expect(() => new ErrorLog(path.join(folder, 'no', 'folder')).note('page', 'x')).not.toThrow();
  });
});
