import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import type { AppService } from '../../app/service';
import { channels } from '../preload/channels';
import { limits } from '../../contract/limits';
import { methodNames } from '../../contract/method-names';
import type { FailureInfo } from '../../contract/failure';
import { isOwnUrl, ownOrigin } from './origin';

const known: ReadonlySet<unknown> = new Set(methodNames);

/**
 * Answers the window's questions and tells it what changes. Only the page of our window is heard; what it says is data of
 * bounded size, as it would be over a wire.
 *
 * @throws in the window, for anybody else
 */
export function answerWindow(
  ipcMain: Pick<IpcMain, 'handle'>,
  contents: Pick<WebContents, 'id' | 'mainFrame' | 'on' | 'send' | 'isDestroyed'>,
  service: Pick<AppService, 'ask' | 'subscribe'>,
): void {
  let ended: (() => void) | undefined;
  const end = () => {
    ended?.();
    ended = undefined;
  };
  // A page is told of changes from its first question on: what was before is in the snapshot that it asks for.
  const begin = () => {
    ended ??= service.subscribe((push) => {
      if (!contents.isDestroyed()) contents.send(channels.push, push);
    });
  };
  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) end();
  });
  contents.on('render-process-gone', end);
  contents.on('destroyed', end);

  ipcMain.handle(channels.ask, (event, method: unknown, params: unknown) => {
    if (!isPage(event, contents)) throw new Error('refused');
    if (!isMethod(method)) return bad('method');
    const given = asData(params);
    if (given === undefined) return bad('size');
    begin();
    return service.ask(method, given.value);
  });
}

/** The top frame of our window, still there, and showing our page; a sandboxed frame has another origin. */
function isPage(event: IpcMainInvokeEvent, contents: Pick<WebContents, 'id' | 'mainFrame'>): boolean {
  const frame = event.senderFrame;
  return (
    event.sender.id === contents.id &&
    frame !== null &&
    frame.parent === null &&
    frame.processId === contents.mainFrame.processId &&
    frame.frameToken === contents.mainFrame.frameToken &&
    frame.origin === ownOrigin &&
    isOwnUrl(frame.url)
  );
}

/** What would have come over a wire: plain data within the limit; undefined for anything else. */
function asData(params: unknown): { readonly value: unknown } | undefined {
  try {
    const text = JSON.stringify(params ?? null);
    return text.length <= limits.requestCharacters ? { value: JSON.parse(text) as unknown } : undefined;
  } catch {
    return undefined;
  }
}

function isMethod(method: unknown): method is string {
  return known.has(method);
}

function bad(reason: string): { failure: FailureInfo } {
  return { failure: { code: 'BAD_REQUEST', params: { reason } } };
}
