import type { BrowserWindow, BrowserWindowConstructorOptions, Session } from 'electron';
import { startUrl } from './origin';
import { leastSize, type Place } from './window-state';

/** The page's own background, so that nothing flashes before it is there. */
export const backgrounds = { dark: '#101317', light: '#f4f6f9' } as const;

export function windowOptions(parts: {
  readonly place: Place;
  readonly dark: boolean;
  readonly preload: string;
  readonly session: Session;
  readonly development: boolean;
}): BrowserWindowConstructorOptions {
  return {
    ...parts.place.bounds,
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    title: 'Twinspark',
    show: false,
    backgroundColor: parts.dark ? backgrounds.dark : backgrounds.light,
    webPreferences: {
      preload: parts.preload,
      session: parts.session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: parts.development,
      // Progress and terminals go on behind other windows.
      backgroundThrottling: false,
    },
  };
}

/** Loads the page, and shows the window with it. */
export async function showWindow(
  window: Pick<BrowserWindow, 'once' | 'show' | 'maximize' | 'loadURL'>,
  place: Place,
): Promise<void> {
  window.once('ready-to-show', () => {
    if (place.maximized) window.maximize();
    window.show();
  });
  await window.loadURL(startUrl);
}

/** What a second start does: the window that is there comes to the front. */
export function bringForward(
  window: Pick<BrowserWindow, 'isMinimized' | 'restore' | 'show' | 'focus'>,
): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
