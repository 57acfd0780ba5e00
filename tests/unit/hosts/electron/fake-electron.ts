import type { App, BrowserWindowConstructorOptions, Protocol, Session } from 'electron';
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import type { ElectronParts } from '../../../../src-main/hosts/electron/desktop-parts';
import { FakeContents, FakeIpcMain, prevented } from './doubles';

/** Electron as a whole, with the order in which things were done to it. */
export class FakeElectron {
  readonly order: string[] = [];
  readonly windows: FakeWindow[] = [];
  readonly ipcMain = new FakeIpcMain();
  readonly power = new EventEmitter();
  readonly app: FakeApp;
  readonly sessions = new Map<string, FakeSession>();
  readonly errorBox = vi.fn<(title: string, content: string) => void>();
  readonly openExternal = vi.fn(() => Promise.resolve());
  readonly menus: unknown[] = [];

  constructor({ packaged = true, locked = false, languages = ['en-US'] } = {}) {
    this.app = new FakeApp(this, packaged, locked, languages);
  }

  session(name: string): FakeSession {
    const made = this.sessions.get(name) ?? new FakeSession();
    this.sessions.set(name, made);
    return made;
  }

  parts(): ElectronParts {
    const fake = {
      app: this.app,
      BrowserWindow: windowClass(this),
      dialog: {
        showErrorBox: this.errorBox,
        showMessageBox: vi.fn(() => Promise.resolve({ response: 1, checkboxChecked: false })),
      },
      ipcMain: this.ipcMain,
      Menu: {
        buildFromTemplate: (template: unknown) => template,
        setApplicationMenu: (menu: unknown) => this.menus.push(menu),
      },
      nativeTheme: Object.assign(new EventEmitter(), { themeSource: 'system', shouldUseDarkColors: true }),
      powerMonitor: this.power,
      protocol: { registerSchemesAsPrivileged: () => this.order.push('scheme') },
      safeStorage: {
        getSelectedStorageBackend: () => 'basic_text',
        isAsyncEncryptionAvailable: () => Promise.resolve(true),
      },
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
      session: {
        defaultSession: this.session('default'),
        fromPartition: (name: string) => this.session(name),
      },
      shell: { openExternal: this.openExternal },
    };
    return fake as unknown as ElectronParts;
  }
}

class FakeSession extends EventEmitter {
  readonly protocol = { handle: vi.fn<Protocol['handle']>() };
  readonly setPermissionRequestHandler = vi.fn<Session['setPermissionRequestHandler']>();
  readonly setPermissionCheckHandler = vi.fn<Session['setPermissionCheckHandler']>();
  readonly setDevicePermissionHandler = vi.fn<Session['setDevicePermissionHandler']>();
  readonly setCertificateVerifyProc = vi.fn<Session['setCertificateVerifyProc']>();
  readonly setSpellCheckerEnabled = vi.fn<Session['setSpellCheckerEnabled']>();
  readonly setProxy = vi.fn<Session['setProxy']>(() => Promise.resolve());
  readonly webRequest = { onBeforeRequest: vi.fn<Session['webRequest']['onBeforeRequest']>() };
}

export class FakeApp extends EventEmitter {
  readonly paths: Record<string, string> = {};
  readonly exit = vi.fn<App['exit']>();
  gone = false;

  constructor(
    private readonly of: FakeElectron,
    readonly isPackaged: boolean,
    private readonly locked: boolean,
    private readonly languages: string[],
  ) {
    super();
  }

  readonly commandLine = { appendSwitch: (name: string) => void this.of.order.push(`switch ${name}`) };
  readonly setPath: App['setPath'] = (name, value) => {
    this.paths[name] = value;
  };
  readonly enableSandbox: App['enableSandbox'] = () => void this.of.order.push('sandbox');
  readonly getPreferredSystemLanguages: App['getPreferredSystemLanguages'] = () => this.languages;
  readonly requestSingleInstanceLock: App['requestSingleInstanceLock'] = () => !this.locked;
  readonly whenReady: App['whenReady'] = () => {
    this.of.order.push('ready');
    return Promise.resolve();
  };
  readonly quit: App['quit'] = () => {
    if (prevented(this, 'before-quit')) return;
    if (this.of.windows.some((window) => prevented(window, 'close'))) return;
    this.gone = true;
  };
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly focus = vi.fn();
  readonly show = vi.fn();
  readonly restore = vi.fn();
  readonly maximize = vi.fn();
  readonly setBackgroundColor = vi.fn();
  readonly loadURL = vi.fn(() => Promise.resolve());
  readonly isMinimized = () => true;
  readonly isMaximized = () => false;
  readonly isDestroyed = () => false;
  readonly getNormalBounds = () => ({ x: 10, y: 20, width: 1280, height: 800 });

  constructor(
    of: FakeElectron,
    readonly options: BrowserWindowConstructorOptions | undefined,
  ) {
    super();
    of.windows.push(this);
    of.order.push('window');
    of.app.emit('web-contents-created', {}, this.webContents);
  }
}

function windowClass(of: FakeElectron) {
  return class extends FakeWindow {
    constructor(options?: BrowserWindowConstructorOptions) {
      super(of, options);
    }
  };
}
