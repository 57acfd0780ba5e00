import type * as Electron from 'electron';
import type { AppHost, AppService } from '../../app/service';
import type { Language, Words } from '../../words/words';

/** What is used of Electron. */
export type ElectronParts = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeTheme'
  | 'powerMonitor'
  | 'protocol'
  | 'safeStorage'
  | 'screen'
  | 'session'
  | 'shell'
>;

/** All that the desktop app is made of; main.ts has the real parts, tests have doubles. */
export interface DesktopParts {
  readonly electron: ElectronParts;
  readonly process: Pick<NodeJS.Process, 'argv' | 'env' | 'platform' | 'cwd' | 'on'>;
  readonly stderr: { write(text: string): unknown };
  readonly version: string;
  /** The repository's page. */
  readonly homepage: string | undefined;
  readonly words: Readonly<Record<Language, Words>>;
  /** Of the build: the window's folder, and the preload's file. */
  readonly built: { readonly renderer: string; readonly preload: string };
  readonly compose: (options: { dataDir: string; host: AppHost }) => Promise<AppService>;
}
