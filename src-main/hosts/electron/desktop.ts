import type { BrowserWindow } from 'electron';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { AppHost } from '../../app/service';
import { toFailure } from '../../core/failure';
import { chooseLanguage, type Language } from '../../words/words';
import { dataFolder } from './data-folder';
import type { DesktopParts } from './desktop-parts';
import { ErrorLog } from './error-log';
import { openLink } from './links';
import { confine } from './navigation';
import { resolveNothing } from './network';
import { openApp } from './open-app';
import { openSession } from './open-session';
import { registerScheme } from './scheme';
import { refusedSwitches } from './switches';
import { openVault } from './vault';
import { bringForward } from './window';

/** Starts the desktop app. What has to be before `ready` happens before this returns. */
export function desktop(parts: DesktopParts): Promise<void> {
  const { electron, process } = parts;
  const { app } = electron;
  const refused = refusedSwitches(process.argv, app.isPackaged);
  if (refused.length > 0) {
    const words = parts.words[chooseLanguage(undefined, process.env)];
    parts.stderr.write(`${words.say('window.quit.switches', { switches: refused.join(' ') })}\n`);
    app.exit(2);
    return Promise.resolve();
  }
  const dataDir = dataFolder(process.argv, process.env, process.cwd());
  // What Chromium keeps lies there too: one app for each data folder.
  const profile = path.join(dataDir, 'desktop');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', profile);
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return Promise.resolve();
  }
  app.enableSandbox();
  registerScheme(electron.protocol);
  resolveNothing(app.commandLine);
  app.on('web-contents-created', (_event, contents) => confine(contents));
  return run(parts, dataDir, new ErrorLog(path.join(dataDir, 'desktop.log')));
}

async function run(parts: DesktopParts, dataDir: string, log: ErrorLog): Promise<void> {
  const { electron, process } = parts;
  const { app, dialog } = electron;
  let window: BrowserWindow | undefined;
  let say = parts.words[chooseLanguage(undefined, process.env)];
  const isWindow = ({ id }: { readonly id: number }) => window?.webContents.id === id;

  process.on('unhandledRejection', (error) => log.error('unhandledRejection', error));
  process.on('uncaughtException', (error) => {
    log.error('uncaughtException', error);
    // What is under way is taken back as at any other leaving.
    const message = say.say('window.quit.error.title');
    const detail = say.say('window.quit.error.detail', { file: path.join(dataDir, 'desktop.log') });
    void dialog
      .showMessageBox({ type: 'error', title: 'Twinspark', message, detail })
      .finally(() => app.quit());
  });
  app.on('second-instance', () => {
    if (window) bringForward(window);
  });
  app.on('window-all-closed', () => app.quit());

  await app.whenReady();
  try {
    const systemLanguage = chooseLanguage(app.getPreferredSystemLanguages()[0], {});
    const wordsFor = (language: Language | 'system') =>
      (say = parts.words[language === 'system' ? systemLanguage : language]);
    wordsFor('system');
    const session = await openSession(electron, parts.built.renderer, isWindow);
    const host: AppHost = {
      info: {
        version: parts.version,
        host: 'desktop',
        platform: known(process.platform),
        systemLanguage,
      },
      openLink: (link) => openLink(electron.shell, link, parts.homepage),
      vault: await openVault(electron.safeStorage, process.platform, path.join(dataDir, 'secrets.json')),
    };
    const service = await parts.compose({ dataDir, host });
    const { homepage } = parts;
    const { preload } = parts.built;
    await openApp(
      { electron, process, dataDir, preload, session, service, host, homepage, log, wordsFor },
      (opened) => {
        window = opened;
      },
    );
  } catch (error) {
    log.error('start', error);
    const { what, remedy } = say.failure(toFailure(error).info);
    dialog.showErrorBox('Twinspark', `${what}\n\n${remedy}`);
    app.exit(1);
  }
}

function known(platform: NodeJS.Platform): AppHost['info']['platform'] {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other';
}
