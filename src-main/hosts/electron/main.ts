import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
} from 'electron';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import manifest from '../../../package.json';
import { loadWords } from '../../words/words';
import { desktop } from './desktop';

// Awaited before `ready`: Electron waits for this module.
const words = { en: await loadWords('en'), ko: await loadWords('ko') };
const dist = path.join(import.meta.dirname, '..');

void desktop({
  electron: {
    app,
    BrowserWindow,
    dialog,
    ipcMain,
    Menu,
    nativeTheme,
    powerMonitor,
    protocol,
    safeStorage,
    screen,
    session,
    shell,
  },
  process,
  stderr: process.stderr,
  version: manifest.version,
  homepage: 'homepage' in manifest && typeof manifest.homepage === 'string' ? manifest.homepage : undefined,
  words,
  built: { renderer: path.join(dist, 'renderer'), preload: path.join(dist, 'preload', 'preload.cjs') },
  compose: async (options) => {
    const { composeApp } = await import('../compose-app');
    const laptop = { home: homedir(), localUser: userInfo().username, env: process.env };
    return composeApp({ ...options, laptop });
  },
});
