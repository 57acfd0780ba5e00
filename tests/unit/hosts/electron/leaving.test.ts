import type { App, BrowserWindow, PowerMonitor } from 'electron';
import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { guardLeaving, type LeavingParts } from '../../../../src-main/hosts/electron/leaving';
import { deferred, FakeService, prevented, settled } from './doubles';

/** Quits as Electron does: `before-quit`, then `close` of the window, each of which may stop it. */
class FakeApp extends EventEmitter {
  gone = false;

  constructor(readonly window: EventEmitter) {
    super();
  }

  readonly quit = vi.fn<App['quit']>(() => {
    if (prevented(this, 'before-quit') || prevented(this.window, 'close')) return;
    this.gone = true;
  });
}

function guarded(activity: FakeService['activity']) {
  const window = new EventEmitter();
  const app = new FakeApp(window);
  const power = new EventEmitter();
  const service = new FakeService();
  service.activity = activity;
  const answers = {
    changing: deferred<boolean>(),
    closing: deferred<boolean>(),
  };
  const ask = vi.fn<LeavingParts['ask']>((about) => answers[about].promise);
  const tidy = vi.fn(() => Promise.resolve());
  const failed = vi.fn();
  guardLeaving({
    app: app as unknown as App,
    window: window as unknown as BrowserWindow,
    power: power as unknown as PowerMonitor,
    service,
    ask,
    tidy,
    failed,
  });
  return { app, window, power, service, answers, ask, tidy, failed };
}

describe('leaving', () => {
  it.each(['idle', 'reading'] as const)('while %s closes the app first and asks nobody', async (activity) => {
    const { app, service, ask, tidy } = guarded(activity);
    const closed = deferred<undefined>();
    service.close.mockReturnValue(closed.promise);
    app.quit();
    await settled();
    expect(app.gone).toBe(false);
    closed.resolve(undefined);
    await settled();
    expect(app.gone).toBe(true);
    expect(ask).not.toHaveBeenCalled();
    expect(tidy).toHaveBeenCalledOnce();
  });

  it('while changing asks, and keeps running when the person says so', async () => {
    const { app, service, ask, answers } = guarded('changing');
    app.quit();
    app.quit();
    expect(ask.mock.calls.map(([about]) => about)).toEqual(['changing']);
    answers.changing.resolve(false);
    await settled();
    expect(service.close).not.toHaveBeenCalled();
    expect(app.gone).toBe(false);
    answers.changing = deferred();
    app.quit();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('while changing goes when the person says so, after the change is taken back', async () => {
    const { app, service, answers } = guarded('changing');
    const closed = deferred<undefined>();
    service.close.mockReturnValue(closed.promise);
    app.quit();
    answers.changing.resolve(true);
    await settled();
    expect(service.close).toHaveBeenCalledOnce();
    expect(app.gone).toBe(false);
    closed.resolve(undefined);
    await settled();
    expect(app.gone).toBe(true);
  });

  it('by closing the window asks just the same', async () => {
    const { app, window, ask, answers } = guarded('changing');
    expect(prevented(window, 'close')).toBe(true);
    expect(ask).toHaveBeenCalledOnce();
    answers.changing.resolve(true);
    await settled();
    expect(app.gone).toBe(true);
    expect(prevented(window, 'close')).toBe(false);
  });

  it('a second time, while it still finishes, offers to go at once or to wait', async () => {
    const { app, service, ask, answers } = guarded('idle');
    service.close.mockReturnValue(deferred<undefined>().promise);
    app.quit();
    app.quit();
    expect(ask.mock.calls.map(([about]) => about)).toEqual(['closing']);
    answers.closing.resolve(false);
    await settled();
    expect(app.gone).toBe(false);
    answers.closing = deferred();
    app.quit();
    answers.closing.resolve(true);
    await settled();
    expect(app.gone).toBe(true);
    expect(service.close).toHaveBeenCalledOnce();
  });

  it('takes the question away when there is nothing left to wait for', async () => {
    const { app, service, ask } = guarded('idle');
    const closed = deferred<undefined>();
    service.close.mockReturnValue(closed.promise);
    app.quit();
    app.quit();
    const over = ask.mock.calls[0]?.[1];
    expect(over?.aborted).toBe(false);
    closed.resolve(undefined);
    await settled();
    expect(over?.aborted).toBe(true);
    expect(app.gone).toBe(true);
  });

  it('goes on when closing fails, and somebody learns of it', async () => {
    const { app, service, failed } = guarded('idle');
    const error = new Error('lost');
    service.close.mockRejectedValue(error);
    app.quit();
    await settled();
    expect(failed).toHaveBeenCalledWith(error);
    expect(app.gone).toBe(true);
  });

  it('asks nobody when the computer goes down, and takes an open question for answered', async () => {
    const { app, power, service, answers } = guarded('changing');
    app.quit();
    power.emit('shutdown');
    answers.changing.resolve(false);
    await settled();
    expect(service.close).toHaveBeenCalledOnce();
    expect(app.gone).toBe(true);
    const windows = guarded('changing');
    windows.window.emit('query-session-end', {});
    await settled();
    expect(windows.app.gone).toBe(true);
    expect(windows.ask).not.toHaveBeenCalled();
  });

  it('looks at the connections when the computer has slept', () => {
    const { power, service } = guarded('idle');
    expect(service.woke).not.toHaveBeenCalled();
    power.emit('resume');
    expect(service.woke).toHaveBeenCalledOnce();
  });
});
