import type { IpcMain, IpcMainInvokeEvent, WebContents, WebFrameMain } from 'electron';
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import type { AppService } from '../../../../src-main/app/service';
import { defaultSettings, type Settings } from '../../../../src-main/contract/settings';
import type { Push } from '../../../../src-main/contract/wire';
import { ownOrigin, startUrl } from '../../../../src-main/hosts/electron/origin';

/**
 * Doubles of what Electron gives, typed by what it publishes: a member that Electron does not have, or has in another
 * form, does not compile. Events are told as Electron tells them.
 */
export function frame(of: Partial<WebFrameMain> = {}): WebFrameMain {
  const top = {
    parent: null,
    processId: 7,
    frameToken: 'TOP',
    origin: ownOrigin,
    url: startUrl,
  } satisfies Partial<WebFrameMain>;
  return Object.assign(Object.create(null), top, of) as WebFrameMain;
}

export class FakeContents extends EventEmitter {
  readonly send = vi.fn<WebContents['send']>();
  readonly reload = vi.fn<WebContents['reload']>();
  readonly forcefullyCrashRenderer = vi.fn<WebContents['forcefullyCrashRenderer']>();
  readonly setWebRTCIPHandlingPolicy = vi.fn<WebContents['setWebRTCIPHandlingPolicy']>();
  windowOpen: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined;
  destroyed = false;

  constructor(
    readonly id = 1,
    readonly mainFrame: WebFrameMain = frame(),
  ) {
    super();
  }

  readonly setWindowOpenHandler: WebContents['setWindowOpenHandler'] = (handler) => {
    this.windowOpen = handler;
  };
  readonly isDestroyed: WebContents['isDestroyed'] = () => this.destroyed;

  /** @returns whether a listener has prevented what the event announces */
  prevented(name: string, details: object = {}, ...rest: unknown[]): boolean {
    return prevented(this, name, details, ...rest);
  }
}

/** Tells an event that can be prevented. @returns whether it was */
export function prevented(of: EventEmitter, name: string, details: object = {}, ...rest: unknown[]): boolean {
  let stopped = false;
  of.emit(name, { ...details, preventDefault: () => (stopped = true) }, ...rest);
  return stopped;
}

type Handler = Parameters<IpcMain['handle']>[1];

export class FakeIpcMain {
  readonly handlers = new Map<string, Handler>();
  readonly handle: IpcMain['handle'] = (channel, handler) => {
    this.handlers.set(channel, handler);
  };

  /** What `ipcRenderer.invoke` of that frame would get: rejects when the handler throws. */
  async invoke(
    from: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
    ...args: unknown[]
  ): Promise<unknown> {
    const event = { type: 'frame', frameId: 1, processId: 7, ...from } as IpcMainInvokeEvent;
    return (await this.handlers.get('twinspark:ask')?.(event, ...args)) as unknown;
  }
}

export class FakeService implements AppService {
  activity: AppService['activity'] = 'idle';
  settings: Settings = defaultSettings;
  readonly ask = vi.fn<AppService['ask']>(() => Promise.resolve({ result: {} }));
  readonly woke = vi.fn<AppService['woke']>();
  readonly close = vi.fn<AppService['close']>(() => Promise.resolve());
  readonly sinks = new Set<(push: Push) => void>();

  subscribe(sink: (push: Push) => void): () => void {
    this.sinks.add(sink);
    return () => this.sinks.delete(sink);
  }

  tell(push: Push): void {
    for (const sink of this.sinks) sink(push);
  }
}

/** A promise that a test settles. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

/** Lets everything that is already settled take its course. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
