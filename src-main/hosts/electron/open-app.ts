import type { BrowserWindow, Session } from 'electron';
import path from 'node:path';
import type { AppHost, AppService } from '../../app/service';
import { linkAddress } from '../../contract/links';
import { linkSchema } from '../../contract/methods';
import type { Settings } from '../../contract/settings';
import type { Words } from '../../words/words';
import { followTheme, onSettings } from './appearance';
import { watchPage } from './crash';
import type { ElectronParts } from './desktop-parts';
import type { ErrorLog } from './error-log';
import { answerWindow } from './ipc';
import { guardLeaving } from './leaving';
import { menuTemplate } from './menu';
import { askPerson, type Question } from './questions';
import { showWindow, windowOptions } from './window';
import { keepPlace, readPlace } from './window-state';

interface AppParts {
  readonly electron: ElectronParts;
  readonly process: Pick<NodeJS.Process, 'platform'>;
  readonly dataDir: string;
  /** The preload's file. */
  readonly preload: string;
  readonly session: Session;
  readonly service: AppService;
  readonly host: AppHost;
  readonly homepage: string | undefined;
  readonly log: ErrorLog;
  /** The words of a language, from now on. */
  wordsFor(language: Settings['language']): Words;
}

/**
 * The window with what belongs to it: answers, menu, theme, the way out.
 * @param opened told of the window before it loads anything
 */
export async function openApp(parts: AppParts, opened: (window: BrowserWindow) => void): Promise<void> {
  const { electron, service, log } = parts;
  const { app, nativeTheme, screen } = electron;
  const placeFile = path.join(parts.dataDir, 'window.json');
  const displays = screen.getAllDisplays().map((display) => display.workArea);
  const place = await readPlace(placeFile, displays);
  nativeTheme.themeSource = service.settings.theme;
  const window = new electron.BrowserWindow(
    windowOptions({
      place,
      dark: nativeTheme.shouldUseDarkColors,
      preload: parts.preload,
      session: parts.session,
      development: !app.isPackaged,
    }),
  );
  opened(window);

  const ask = (question: Question, safe: 'yes' | 'no') => (over: AbortSignal) =>
    askPerson(electron.dialog, window, parts.wordsFor(service.settings.language), question, safe, over);
  guardLeaving({
    app,
    window,
    power: electron.powerMonitor,
    service,
    ask: (about, over) => ask(about, 'no')(over),
    tidy: () => keepPlace(placeFile, window),
    failed: (error) => log.error('close', error),
  });
  watchPage({
    contents: window.webContents,
    ask: (about, over) => ask(about, about === 'gone' ? 'yes' : 'no')(over),
    quit: () => app.quit(),
    log: (reason) => log.note('page', reason),
  });
  answerWindow(electron.ipcMain, window.webContents, service);
  followTheme(nativeTheme, window, service);
  onSettings(service, ({ language }) => {
    const template = menuTemplate({
      words: parts.wordsFor(language),
      platform: parts.process.platform,
      development: !app.isPackaged,
      links: linkSchema.options.filter((link) => linkAddress(link, parts.homepage) !== undefined),
      openLink: (link) => void parts.host.openLink(link).catch((error: unknown) => log.error('link', error)),
    });
    electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(template));
  });
  await showWindow(window, place);
}
