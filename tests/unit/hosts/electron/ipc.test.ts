import type { WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../../src-main/contract/limits';
import { answerWindow } from '../../../../src-main/hosts/electron/ipc';
import { FakeContents, FakeIpcMain, FakeService, frame } from './doubles';

const push = { type: 'terminal', id: 't1', text: 'hello' } as const;

function open() {
  const contents = new FakeContents();
  const ipcMain = new FakeIpcMain();
  const service = new FakeService();
  answerWindow(ipcMain, contents as unknown as WebContents, service);
  const sender = contents as unknown as WebContents;
  const ask = (method: unknown, params: unknown, senderFrame = frame()) =>
    ipcMain.invoke({ sender, senderFrame }, method, params);
  return { contents, ipcMain, service, sender, ask };
}

describe('a question of the window', () => {
  it('is answered when our page asks', async () => {
    const { ask, service } = open();
    service.ask.mockResolvedValue({ result: { seq: 3 } });
    expect(await ask('app.snapshot', {})).toEqual({ result: { seq: 3 } });
    expect(service.ask).toHaveBeenCalledWith('app.snapshot', {});
  });

  // The case above differs from each of these in one thing only.
  it.each([
    ['a frame inside the page', frame({ parent: frame() })],
    ['another frame of the same process', frame({ frameToken: 'OTHER' })],
    ['a frame of another process', frame({ processId: 8 })],
    ['another origin', frame({ origin: 'https://evil.example', url: 'https://evil.example/' })],
    ['another host of our scheme', frame({ origin: 'twinspark://evil', url: 'twinspark://evil/' })],
    ['a host that begins like ours', frame({ origin: 'twinspark://app.evil', url: 'twinspark://app.evil/' })],
    ['our address in a sandbox without origin', frame({ origin: 'null' })],
    ['our origin on a blank page', frame({ url: 'about:blank' })],
  ])('is refused from %s', async (_what, senderFrame) => {
    const { ask, service } = open();
    await expect(ask('app.snapshot', {}, senderFrame)).rejects.toThrow('refused');
    expect(service.ask).not.toHaveBeenCalled();
    expect(service.sinks.size).toBe(0);
  });

  it('is refused from other contents, and from a frame that is gone', async () => {
    const { ipcMain, sender, service } = open();
    const other = new FakeContents(2) as unknown as WebContents;
    await expect(ipcMain.invoke({ sender: other, senderFrame: frame() }, 'app.snapshot', {})).rejects.toThrow(
      'refused',
    );
    await expect(ipcMain.invoke({ sender, senderFrame: null }, 'app.snapshot', {})).rejects.toThrow(
      'refused',
    );
    expect(service.ask).not.toHaveBeenCalled();
  });

  it.each([
    'app.quit',
    '__proto__',
    'constructor',
    '',
    7,
    ['app.snapshot'],
    { toString: () => 'app.snapshot' },
  ])('for the unknown method %j is a bad request', async (method) => {
    const { ask, service } = open();
    expect(await ask(method, {})).toEqual({ failure: { code: 'BAD_REQUEST', params: { reason: 'method' } } });
    expect(service.ask).not.toHaveBeenCalled();
  });

  it('is taken up to the limit of characters and not beyond', async () => {
    const { ask, service } = open();
    const most = 'x'.repeat(limits.requestCharacters - '{"id":""}'.length);
    expect(await ask('terminal.write', { id: most })).toEqual({ result: {} });
    expect(await ask('terminal.write', { id: `${most}x` })).toEqual({
      failure: { code: 'BAD_REQUEST', params: { reason: 'size' } },
    });
    expect(service.ask).toHaveBeenCalledTimes(1);
  });

  it('is plain data when it arrives, as over a wire', async () => {
    const { ask, service } = open();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const bad = { failure: { code: 'BAD_REQUEST', params: { reason: 'size' } } };
    expect(await ask('app.snapshot', loop)).toEqual(bad);
    expect(await ask('app.snapshot', { number: 1n })).toEqual(bad);
    await ask('app.snapshot', { map: new Map([['a', 1]]), date: new Date(0) });
    expect(service.ask.mock.calls).toEqual([['app.snapshot', { map: {}, date: '1970-01-01T00:00:00.000Z' }]]);
  });
});

describe('what main tells', () => {
  it('goes to a page from its first question until it is left', async () => {
    const { contents, service, ask } = open();
    service.tell(push);
    expect(contents.send).not.toHaveBeenCalled();
    await ask('app.snapshot', {});
    await ask('log.read', {});
    service.tell(push);
    expect(contents.send.mock.calls).toEqual([['twinspark:push', push]]);

    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    contents.emit('did-start-navigation', { isMainFrame: false, isSameDocument: false });
    expect(service.sinks.size).toBe(1);
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    expect(service.sinks.size).toBe(0);
    await ask('app.snapshot', {});
    expect(service.sinks.size).toBe(1);
  });

  it.each(['render-process-gone', 'destroyed'])('ends with %s', async (event) => {
    const { contents, service, ask } = open();
    await ask('app.snapshot', {});
    contents.emit(event, {}, { reason: 'crashed', exitCode: 1 });
    expect(service.sinks.size).toBe(0);
  });

  it('does not begin by a malformed question', async () => {
    const { service, ask } = open();
    await ask('nothing', {});
    expect(service.sinks.size).toBe(0);
  });
});
