import type { BrowserWindow, Dialog, MessageBoxOptions, NativeTheme, Session, WebContents } from 'electron';
import { EventEmitter } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followTheme } from '../../../../src-main/hosts/electron/appearance';
import { watchPage } from '../../../../src-main/hosts/electron/crash';
import { askPerson } from '../../../../src-main/hosts/electron/questions';
import { bringForward, showWindow, windowOptions } from '../../../../src-main/hosts/electron/window';
import { keepPlace, readPlace } from '../../../../src-main/hosts/electron/window-state';
import { defaultSettings } from '../../../../src-main/contract/settings';
import { loadWords } from '../../../../src-main/words/words';
import { deferred, FakeContents, FakeService, settled } from './doubles';

describe('the window', () => {
  const place = { bounds: { width: 1280, height: 800 }, maximized: false };
  const options = (development: boolean, dark = true) =>
    windowOptions({
      place,
      dark,
      preload: '/app/preload.cjs',
      session: {} as unknown as Session,
      development,
    });

  it('gives the page nothing of this computer', () => {
    expect(options(false).webPreferences).toMatchObject({
      preload: '/app/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: false,
    });
    expect(options(true).webPreferences?.devTools).toBe(true);
  });

  it('has its least size and a background that does not flash', () => {
    expect(options(false)).toMatchObject({
      width: 1280,
      height: 800,
      minWidth: 960,
      minHeight: 640,
      show: false,
    });
    expect(options(false, true).backgroundColor).toBe('#101317');
    expect(options(false, false).backgroundColor).toBe('#f4f6f9');
  });

  it.each([true, false])('is shown when its page is there (maximised: %s)', async (maximized) => {
    const events = new EventEmitter();
    const window = Object.assign(events, {
      show: vi.fn<BrowserWindow['show']>(),
      maximize: vi.fn<BrowserWindow['maximize']>(),
      loadURL: vi.fn<BrowserWindow['loadURL']>(() => Promise.resolve()),
    });
    await showWindow(window as unknown as BrowserWindow, { ...place, maximized });
    expect(window.loadURL).toHaveBeenCalledWith('twinspark://app/');
    expect(window.show).not.toHaveBeenCalled();
    events.emit('ready-to-show');
    expect(window.show).toHaveBeenCalledOnce();
    expect(window.maximize).toHaveBeenCalledTimes(maximized ? 1 : 0);
  });

  it.each([true, false])('comes to the front (minimised: %s)', (minimized) => {
    const window = { isMinimized: () => minimized, restore: vi.fn(), show: vi.fn(), focus: vi.fn() };
    bringForward(window);
    expect(window.restore).toHaveBeenCalledTimes(minimized ? 1 : 0);
    expect(window.focus).toHaveBeenCalledOnce();
  });

  it('follows the theme of the settings, and the system’s', () => {
    const service = new FakeService();
    const theme = Object.assign(new EventEmitter(), {
      themeSource: 'light',
      shouldUseDarkColors: false,
    });
    const window = { setBackgroundColor: vi.fn<(color: string) => void>(), isDestroyed: () => false };
    followTheme(theme as unknown as NativeTheme, window, service);
    expect(theme.themeSource).toBe('system');
    service.settings = { ...defaultSettings, theme: 'dark' };
    service.tell({ type: 'slice', seq: 1, slice: 'pair', value: {} });
    expect(theme.themeSource).toBe('system');
    service.tell({ type: 'slice', seq: 2, slice: 'settings', value: service.settings });
    expect(theme.themeSource).toBe('dark');
    theme.shouldUseDarkColors = true;
    theme.emit('updated');
    expect(window.setBackgroundColor).toHaveBeenCalledWith('#101317');
  });
});

describe('the window’s place', () => {
  const laptop = { x: 0, y: 25, width: 1440, height: 875 };
  const screen = { x: 1440, y: 0, width: 2560, height: 1400 };
  const usual = { bounds: { width: 1280, height: 800 }, maximized: false };
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'twinspark-place-'));
    file = path.join(folder, 'window.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function keep(bounds: { x: number; y: number; width: number; height: number }, maximized = false) {
    const window = { getNormalBounds: () => bounds, isMaximized: () => maximized, isDestroyed: () => false };
    await keepPlace(file, window);
  }

  it('is where it was', async () => {
    const bounds = { x: 1600, y: 100, width: 1500, height: 900 };
    await keep(bounds, true);
    expect(await readPlace(file, [laptop, screen])).toEqual({ bounds, maximized: true });
    expect(await readdir(folder)).toEqual(['window.json']);
  });

  it.each([
    ['its display is gone', { x: 1600, y: 100, width: 1500, height: 900 }],
    ['it is left of every display', { x: -1400, y: 100, width: 1280, height: 800 }],
    ['its upper edge is above', { x: 100, y: -300, width: 1280, height: 800 }],
    ['its upper edge is below', { x: 100, y: 895, width: 1280, height: 800 }],
    ['too little of it can be taken hold of', { x: 1400, y: 100, width: 1280, height: 800 }],
  ])('is the middle when %s', async (_what, bounds) => {
    await keep(bounds);
    expect(await readPlace(file, [laptop])).toEqual(usual);
  });

  it('is kept when enough of it can be taken hold of', async () => {
    const bounds = { x: 1300, y: 25, width: 1280, height: 800 };
    await keep(bounds);
    expect(await readPlace(file, [laptop])).toEqual({ bounds, maximized: false });
  });

  it('is no larger than its display, and no smaller than the least size', async () => {
    await keep({ x: 10, y: 30, width: 9000, height: 9000 });
    expect((await readPlace(file, [laptop])).bounds).toMatchObject({ width: 1440, height: 875 });
    expect((await readPlace(file, [{ ...laptop, width: 800 }])).bounds).toMatchObject({ width: 960 });
  });

  it.each(['', '{', '[]', '{"x":0}', '{"x":0,"y":0,"width":10,"height":10,"maximized":false}'])(
    'is the usual one for the file %j',
    async (text) => {
      await writeFile(file, text);
      expect(await readPlace(file, [laptop])).toEqual(usual);
    },
  );

  it('that cannot be written keeps nobody from leaving', async () => {
    await writeFile(path.join(folder, 'no-folder'), '');
    file = path.join(folder, 'no-folder', 'window.json');
    await expect(keep({ x: 0, y: 0, width: 1280, height: 800 })).resolves.toBeUndefined();
  });
});

describe('a page that ends or hangs', () => {
  function watched() {
    const contents = new FakeContents();
    const answers = { gone: deferred<boolean>(), unresponsive: deferred<boolean>() };
    const ask = vi.fn<Parameters<typeof watchPage>[0]['ask']>((about) => answers[about].promise);
    const quit = vi.fn();
    const log = vi.fn();
    watchPage({ contents: contents as unknown as WebContents, ask, quit, log });
    const end = (reason: string) => contents.emit('render-process-gone', {}, { reason, exitCode: 5 });
    return { contents, answers, ask, quit, log, end };
  }

  it('is loaded anew when the person wants', async () => {
    const { contents, answers, quit, log, end } = watched();
    end('crashed');
    expect(log).toHaveBeenCalledWith('crashed 5');
    expect(contents.reload).not.toHaveBeenCalled();
    answers.gone.resolve(true);
    await settled();
    expect(contents.reload).toHaveBeenCalledOnce();
    expect(quit).not.toHaveBeenCalled();
  });

  it('is left when the person wants', async () => {
    const { contents, answers, quit, end } = watched();
    end('oom');
    answers.gone.resolve(false);
    await settled();
    expect(quit).toHaveBeenCalledOnce();
    expect(contents.reload).not.toHaveBeenCalled();
  });

  it('that ends as it should is not asked about', () => {
    const { ask, end } = watched();
    end('clean-exit');
    expect(ask).not.toHaveBeenCalled();
  });

  it('and hangs is ended and loaded anew, with one question', async () => {
    const { contents, answers, ask, end } = watched();
    contents.emit('unresponsive');
    contents.emit('unresponsive');
    expect(ask).toHaveBeenCalledOnce();
    answers.unresponsive.resolve(true);
    await settled();
    expect(contents.forcefullyCrashRenderer).toHaveBeenCalledOnce();
    end('killed');
    expect(contents.reload).toHaveBeenCalledOnce();
    expect(ask).toHaveBeenCalledOnce();
  });

  it('and hangs is waited for, and the question goes when it answers again', async () => {
    const { contents, answers, ask } = watched();
    contents.emit('unresponsive');
    contents.emit('responsive');
    expect(ask.mock.calls[0]?.[1].aborted).toBe(true);
    answers.unresponsive.resolve(true);
    await settled();
    expect(contents.forcefullyCrashRenderer).not.toHaveBeenCalled();
  });
});

describe('a question to the person', () => {
  async function ask(response: number, safe: 'yes' | 'no', over = new AbortController().signal) {
    const showMessageBox = vi.fn<
      (window: BrowserWindow, options: MessageBoxOptions) => ReturnType<Dialog['showMessageBox']>
    >(() => Promise.resolve({ response, checkboxChecked: false }));
    const dialog = { showMessageBox } as unknown as Dialog;
    const words = await loadWords('ko');
    const answer = await askPerson(dialog, {} as unknown as BrowserWindow, words, 'changing', safe, over);
    return { answer, options: showMessageBox.mock.calls[0]?.[1] };
  }

  it('is asked in the person’s language, and means what was pressed', async () => {
    const { answer, options } = await ask(0, 'no');
    expect(answer).toBe(true);
    expect(options?.buttons).toEqual(['실행을 취소하고 종료', '계속 실행']);
    expect((await ask(1, 'no')).answer).toBe(false);
  });

  it('has what changes least as its default and for Escape', async () => {
    expect((await ask(1, 'no')).options).toMatchObject({ defaultId: 1, cancelId: 1 });
    expect((await ask(1, 'yes')).options).toMatchObject({ defaultId: 0, cancelId: 0 });
  });

  it('is answered with no once it does not matter', async () => {
    expect((await ask(0, 'yes', AbortSignal.abort())).answer).toBe(false);
  });
});
