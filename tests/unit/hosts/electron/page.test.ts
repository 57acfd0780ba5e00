import type { Session, WebContents } from 'electron';
import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { limitDownloads } from '../../../../src-main/hosts/electron/downloads';
import { confine } from '../../../../src-main/hosts/electron/navigation';
import { resolveNothing, shutNetwork } from '../../../../src-main/hosts/electron/network';
import { isOwnUrl, startUrl } from '../../../../src-main/hosts/electron/origin';
import { denyPermissions } from '../../../../src-main/hosts/electron/permissions';
import { FakeContents, prevented } from './doubles';

const isWindow = ({ id }: { readonly id: number }) => id === 1;

describe('the page', () => {
  function confined() {
    const contents = new FakeContents();
    confine(contents as unknown as WebContents);
    return contents;
  }

  it('may load itself anew and go nowhere else', () => {
    const contents = confined();
    const goes = (url: string, isMainFrame = true) =>
      !contents.prevented('will-frame-navigate', { url, isMainFrame, isSameDocument: false });
    expect(goes(startUrl)).toBe(true);
    expect(goes(startUrl, false)).toBe(false);
    for (const url of [
      'https://example.com/',
      'http://localhost/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,hello',
      'about:blank',
      'twinspark://app/other.html',
      'twinspark://app.evil/',
      'blob:twinspark://app/1',
    ]) {
      expect(goes(url), url).toBe(false);
    }
  });

  it('is sent nowhere, embeds nothing, and cannot hold the window', () => {
    const contents = confined();
    expect(contents.prevented('will-redirect', { url: 'https://example.com/' })).toBe(true);
    expect(contents.prevented('will-attach-webview', {}, {}, { src: startUrl })).toBe(true);
    expect(contents.prevented('will-prevent-unload')).toBe(true);
    // An event that nobody guards is not prevented: the assertions above can fail.
    expect(contents.prevented('did-finish-load')).toBe(false);
    expect(contents.setWebRTCIPHandlingPolicy).toHaveBeenCalledWith('disable_non_proxied_udp');
  });

  it('opens no second window, not even of our own', () => {
    const contents = confined();
    for (const url of [startUrl, 'https://example.com/', 'about:blank']) {
      const details = { url } as Parameters<NonNullable<typeof contents.windowOpen>>[0];
      expect(contents.windowOpen?.(details)).toEqual({ action: 'deny' });
    }
  });
});

describe('permissions', () => {
  type Request = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>;
  type Check = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>;
  type Device = NonNullable<Parameters<Session['setDevicePermissionHandler']>[0]>;

  function guarded() {
    let request: Request | null = null;
    let check: Check | null = null;
    let device: Device | null = null;
    denyPermissions(
      {
        setPermissionRequestHandler: (handler) => void (request = handler),
        setPermissionCheckHandler: (handler) => void (check = handler),
        setDevicePermissionHandler: (handler) => void (device = handler),
      },
      isWindow,
    );
    return {
      request: (permission: string, requestingUrl = startUrl, isMainFrame = true, id = 1) => {
        let granted: boolean | undefined;
        const contents = new FakeContents(id) as unknown as WebContents;
        request?.(contents, permission as Parameters<Request>[1], (value) => (granted = value), {
          requestingUrl,
          isMainFrame,
        });
        return granted;
      },
      check: (permission: string, requestingUrl = startUrl, isMainFrame = true, id: number | null = 1) =>
        check?.(
          id === null ? null : (new FakeContents(id) as unknown as WebContents),
          permission as Parameters<Check>[1],
          requestingUrl,
          { requestingUrl, isMainFrame },
        ),
      device: () => device?.({} as Parameters<Device>[0]),
    };
  }

  it('grant our page to write the clipboard, and nobody else', () => {
    const { request, check } = guarded();
    expect(request('clipboard-sanitized-write')).toBe(true);
    expect(check('clipboard-sanitized-write')).toBe(true);
    for (const asked of [request, check]) {
      expect(asked('clipboard-sanitized-write', 'https://example.com/')).toBe(false);
      expect(asked('clipboard-sanitized-write', startUrl, false)).toBe(false);
      expect(asked('clipboard-sanitized-write', startUrl, true, 2)).toBe(false);
    }
    expect(check('clipboard-sanitized-write', startUrl, true, null)).toBe(false);
  });

  it.each([
    'clipboard-read',
    'deprecated-sync-clipboard-read',
    'display-capture',
    'fileSystem',
    'fullscreen',
    'geolocation',
    'hid',
    'idle-detection',
    'keyboardLock',
    'local-fonts',
    'local-network-access',
    'media',
    'mediaKeySystem',
    'midi',
    'midiSysex',
    'notifications',
    'openExternal',
    'pointerLock',
    'serial',
    'storage-access',
    'usb',
    'window-management',
    'unknown',
    'what-comes-with-the-next-version',
  ])('deny %s to our own page', (permission) => {
    const { request, check } = guarded();
    expect(request(permission)).toBe(false);
    expect(check(permission)).toBe(false);
  });

  it('deny every device', () => {
    expect(guarded().device()).toBe(false);
  });
});

describe('the network', () => {
  function shut(development: boolean) {
    type Listener = NonNullable<Parameters<Session['webRequest']['onBeforeRequest']>[0]>;
    let before: Listener | null = null;
    let verify: Parameters<Session['setCertificateVerifyProc']>[0] = null;
    const webRequest = {
      onBeforeRequest: (listener: Listener | null) => void (before = listener),
    } as unknown as Session['webRequest'];
    const setSpellCheckerEnabled = vi.fn<Session['setSpellCheckerEnabled']>();
    const setProxy = vi.fn<Session['setProxy']>(() => Promise.resolve());
    shutNetwork(
      {
        webRequest,
        setSpellCheckerEnabled,
        setProxy,
        setCertificateVerifyProc: (proc) => void (verify = proc),
      },
      development,
    );
    return {
      setSpellCheckerEnabled,
      setProxy,
      loads: (url: string) => {
        let cancelled: boolean | undefined;
        before?.({ url } as Parameters<Listener>[0], ({ cancel }) => (cancelled = cancel));
        return cancelled === false;
      },
      trusts: () => {
        let result: number | undefined;
        verify?.(
          { hostname: 'example.com', errorCode: 0, verificationResult: 'OK' } as never,
          (value) => (result = value),
        );
        return result === 0;
      },
    };
  }

  it('lets our files, and what the page made, be loaded', () => {
    const { loads } = shut(false);
    for (const url of [
      'twinspark://app/',
      'twinspark://app/assets/a.js',
      'blob:twinspark://app/1',
      'data:,a',
    ]) {
      expect(loads(url), url).toBe(true);
    }
  });

  it('lets nothing else be loaded', () => {
    const { loads } = shut(false);
    for (const url of [
      'http://127.0.0.1/',
      'https://example.com/',
      'ws://example.com/',
      'wss://example.com/',
      'ftp://example.com/',
      'file:///etc/passwd',
      'chrome-extension://abc/',
      'chrome://gpu/',
      'devtools://devtools/bundled/devtools_app.html',
      'blob:https://example.com/1',
      'twinspark://evil/',
      'twinspark://app@evil/',
      'not an address',
    ]) {
      expect(loads(url), url).toBe(false);
    }
  });

  it('lets developer tools load themselves in development only', () => {
    expect(shut(true).loads('devtools://devtools/bundled/devtools_app.html')).toBe(true);
    expect(shut(true).loads('https://example.com/')).toBe(false);
  });

  it('trusts no certificate, not even a good one, and fetches nothing by itself', () => {
    const { trusts, setProxy, setSpellCheckerEnabled } = shut(false);
    expect(trusts()).toBe(false);
    expect(setProxy).toHaveBeenCalledWith({ mode: 'direct' });
    expect(setSpellCheckerEnabled).toHaveBeenCalledWith(false);
    const appendSwitch = vi.fn();
    resolveNothing({ appendSwitch });
    expect(appendSwitch).toHaveBeenCalledWith('host-resolver-rules', 'MAP * ~NOTFOUND');
  });
});

describe('saving', () => {
  function save(chain: string[], id = 1, name = 'twinspark-log.txt') {
    const session = new EventEmitter();
    limitDownloads(session as unknown as Session, isWindow);
    const item = { getURLChain: () => chain, getFilename: () => name, setSaveDialogOptions: vi.fn() };
    const stopped = prevented(session, 'will-download', {}, item, new FakeContents(id));
    return { stopped, options: item.setSaveDialogOptions.mock.calls[0]?.[0] as unknown };
  }

  it('is offered for what our page made, under a name without folders', () => {
    const made = save(['blob:twinspark://app/1'], 1, '../../.bashrc');
    expect(made).toEqual({ stopped: false, options: { defaultPath: '.bashrc' } });
  });

  it('is refused for everything else', () => {
    expect(save(['https://example.com/a.exe']).stopped).toBe(true);
    expect(save(['data:text/plain,a']).stopped).toBe(true);
    expect(save(['blob:https://example.com/1']).stopped).toBe(true);
    expect(save(['https://example.com/a', 'blob:twinspark://app/1']).stopped).toBe(true);
    expect(save(['blob:twinspark://app/1'], 2).stopped).toBe(true);
  });
});

describe('our own addresses', () => {
  it('are told from those that look alike', () => {
    expect(isOwnUrl('twinspark://app/assets/a.js')).toBe(true);
    for (const url of [
      'twinspark://app.evil/',
      'twinspark://evil/app',
      'twinspark://app@evil/',
      'twinspark://user@app/',
      'twinspark://app:1/',
      'twinspark:app/',
      'xtwinspark://app/',
      'https://app/',
      '',
    ]) {
      expect(isOwnUrl(url), url).toBe(false);
    }
  });
});
