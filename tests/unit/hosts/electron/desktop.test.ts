import { EventEmitter } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppHost } from '../../../../src-main/app/service';
import { defaultSettings } from '../../../../src-main/contract/settings';
import { desktop } from '../../../../src-main/hosts/electron/desktop';
import { loadWords } from '../../../../src-main/words/words';
import { FakeService, frame, settled } from './doubles';
import { FakeElectron } from './fake-electron';

const words = { en: await loadWords('en'), ko: await loadWords('ko') };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twinspark-desktop-'));
  await mkdir(path.join(folder, 'renderer'));
  await writeFile(path.join(folder, 'renderer', 'index.html'), '<p>page</p>');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function start(electron = new FakeElectron(), options: { argv?: string[]; fails?: Error } = {}) {
  const dataDir = path.join(folder, 'data');
  const service = new FakeService();
  const process = Object.assign(new EventEmitter(), {
    argv: ['/opt/twinspark', ...(options.argv ?? [])],
    env: { TWINSPARK_DATA_DIR: dataDir, LANG: 'C' },
    platform: 'linux' as const,
    cwd: () => '/',
  });
  const stderr = vi.fn();
  let host: AppHost | undefined;
  await desktop({
    electron: electron.parts(),
    process: process as unknown as NodeJS.Process,
    stderr: { write: stderr },
    version: '1.2.3',
    homepage: 'https://example.com/twinspark',
    words,
    built: { renderer: path.join(folder, 'renderer'), preload: '/app/preload.cjs' },
    compose: (given) => {
      electron.order.push('compose');
      host = given.host;
      return options.fails ? Promise.reject(options.fails) : Promise.resolve(service);
    },
  });
  return { electron, service, process, stderr, dataDir, host, window: electron.windows[0] };
}

describe('the desktop app', () => {
  it('has its sandbox, its scheme and its closed network before Electron is ready', async () => {
    const { electron, window, dataDir } = await start();
    expect(electron.order).toEqual([
      'sandbox',
      'scheme',
      'switch host-resolver-rules',
      'ready',
      'compose',
      'window',
    ]);
    expect(electron.app.paths).toEqual({ userData: path.join(dataDir, 'desktop') });
    expect(window?.loadURL).toHaveBeenCalledWith('twinspark://app/');
    expect(window?.options?.webPreferences?.preload).toBe('/app/preload.cjs');
  });

  it('guards the window’s session and the one that nobody means to use', async () => {
    const { electron, window } = await start();
    expect([...electron.sessions.keys()].sort()).toEqual(['default', 'twinspark']);
    for (const session of electron.sessions.values()) {
      expect(session.setPermissionRequestHandler).toHaveBeenCalledOnce();
      expect(session.setPermissionCheckHandler).toHaveBeenCalledOnce();
      expect(session.setDevicePermissionHandler).toHaveBeenCalledOnce();
      expect(session.setCertificateVerifyProc).toHaveBeenCalledOnce();
      expect(session.webRequest.onBeforeRequest).toHaveBeenCalledOnce();
      expect(session.listenerCount('will-download')).toBe(1);
    }
    expect(electron.sessions.get('twinspark')?.protocol.handle).toHaveBeenCalledOnce();
    expect(electron.sessions.get('default')?.protocol.handle).not.toHaveBeenCalled();
    expect(window?.options?.webPreferences?.session).toBe(electron.sessions.get('twinspark'));
    expect(window?.webContents.windowOpen).toBeDefined();
  });

  it('answers its page, and tells the app what this computer is', async () => {
    const { electron, window, service, host } = await start(
      new FakeElectron({ languages: ['ko-KR', 'en-US'] }),
    );
    const sender = window?.webContents as unknown as WebContents;
    await electron.ipcMain.invoke({ sender, senderFrame: frame() }, 'app.snapshot', {});
    expect(service.ask).toHaveBeenCalledWith('app.snapshot', {});
    expect(host?.info).toEqual({
      version: '1.2.3',
      host: 'desktop',
      platform: 'linux',
      systemLanguage: 'ko',
    });
    expect(host?.vault).toBeUndefined();
    await host?.openLink('project');
    expect(electron.openExternal.mock.calls).toEqual([['https://example.com/twinspark']]);
  });

  it('has its menu in the language of the settings, and follows them', async () => {
    const { electron, service } = await start();
    expect(JSON.stringify(electron.menus.at(-1))).toContain('Quit Twinspark');
    service.settings = { ...defaultSettings, language: 'ko' };
    service.tell({ type: 'slice', seq: 1, slice: 'settings', value: service.settings });
    expect(JSON.stringify(electron.menus.at(-1))).toContain('Twinspark 종료');
  });

  it('started a second time goes, and the first comes to the front', async () => {
    const second = await start(new FakeElectron({ locked: true }));
    expect(second.electron.app.exit).toHaveBeenCalledWith(0);
    expect(second.electron.order).toEqual([]);
    const first = await start();
    expect(first.window?.focus).not.toHaveBeenCalled();
    first.electron.app.emit('second-instance', {}, [], '/');
    expect(first.window?.restore).toHaveBeenCalledOnce();
    expect(first.window?.focus).toHaveBeenCalledOnce();
  });

  it('packaged does not start with a debugger, and says so', async () => {
    const { electron, stderr, dataDir } = await start(new FakeElectron(), {
      argv: ['--remote-debugging-port=9222'],
    });
    expect(electron.app.exit).toHaveBeenCalledWith(2);
    expect(electron.order).toEqual([]);
    expect(stderr.mock.calls.join('')).toContain('--remote-debugging-port');
    await expect(readdir(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
    const development = await start(new FakeElectron({ packaged: false }), {
      argv: ['--remote-debugging-port=9222'],
    });
    expect(development.electron.windows).toHaveLength(1);
  });

  it('keeps the window’s place and closes the app when it is left', async () => {
    const { electron, service, dataDir } = await start();
    electron.app.quit();
    await vi.waitFor(() => expect(electron.app.gone).toBe(true));
    expect(service.close).toHaveBeenCalledOnce();
    expect(JSON.parse(await readFile(path.join(dataDir, 'window.json'), 'utf8'))).toMatchObject({
      x: 10,
      y: 20,
    });
  });

  it('stays when it is changing nodes and the person keeps it running', async () => {
    const { electron, service } = await start();
    service.activity = 'changing';
    electron.app.quit();
    await settled();
    expect(electron.app.gone).toBe(false);
    expect(service.close).not.toHaveBeenCalled();
  });

  it('that cannot start says why, without what the error says', async () => {
    const { electron, dataDir } = await start(new FakeElectron(), { fails: new Error('hunter2') });
    expect(electron.errorBox).toHaveBeenCalledOnce();
    expect(electron.errorBox.mock.calls[0]?.[1]).toContain('Something went wrong inside Twinspark');
    expect(electron.app.exit).toHaveBeenCalledWith(1);
    expect(electron.windows).toEqual([]);
    const log = await readFile(path.join(dataDir, 'desktop.log'), 'utf8');
    expect(log).toContain(' start Error');
    expect(log).not.toContain('hunter2');
  });

  it('closes in order after an error that nobody caught', async () => {
    const { electron, process, service, dataDir } = await start();
    process.emit('unhandledRejection', new Error('hunter2'));
    await settled();
    expect(service.close).not.toHaveBeenCalled();
    process.emit('uncaughtException', new Error('hunter2'));
    await vi.waitFor(() => expect(electron.app.gone).toBe(true));
    expect(service.close).toHaveBeenCalledOnce();
    const log = await readFile(path.join(dataDir, 'desktop.log'), 'utf8');
    expect(log).toMatch(/unhandledRejection Error[\s\S]*uncaughtException Error/);
    expect(log).not.toContain('hunter2');
  });
});
