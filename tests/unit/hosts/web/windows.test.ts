import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../../src-main/contract/limits';
import type { Push } from '../../../../src-main/contract/wire';
import { Failure } from '../../../../src-main/core/failure';
import { startWebServer } from '../../../../src-main/hosts/web/server';
import { largestMessageBytes, windowBounds } from '../../../../src-main/hosts/web/window-socket';
import { builtFolder, DoubleApp, serveDouble, signIn, TestWindow, type Session } from './support';

const slice = (seq: number, value: unknown = seq, name = 'pulse'): Push => ({
  type: 'slice',
  seq,
  slice: name,
  value,
});

async function oneWindow(options: Parameters<typeof serveDouble>[0] = {}) {
  const served = await serveDouble(options);
  const session = await signIn(served.server);
  return { ...served, session, window: await TestWindow.open(served.server, session) };
}

describe('a window', () => {
  it('gets answers, failures and pushes as texts', async () => {
    const { app, window } = await oneWindow();
    window.ask(7, 'link.open', { link: 'project' });
    expect(await window.next()).toEqual({
      type: 'answer',
      id: 7,
      result: { method: 'link.open', params: { link: 'project' } },
    });
    const failure = new Failure('NOT_FOUND', { what: 'x' }).info;
    app.answer = () => Promise.resolve({ failure });
    window.ask(8);
    expect(await window.next()).toEqual({ type: 'answer', id: 8, failure });
    app.push(slice(1, { text: '<b>\u001b[2J' }));
    expect(await window.next()).toEqual(slice(1, { text: '<b>\u001b[2J' }));
  });

  it('hears of the app from the first moment, and its first question is not lost', async () => {
    const { app, server, session } = await oneWindow();
    const window = await TestWindow.open(server, session);
    window.ask(0);
    expect(await window.next()).toMatchObject({ id: 0 });
    expect(app.sinks.size).toBe(2);
  });

  it('is one of several, each with its own questions; one that goes takes nothing along', async () => {
    const { app, server, window: first, session } = await oneWindow();
    const second = await TestWindow.open(server, session);
    app.push(slice(1));
    expect(await first.next()).toEqual(slice(1));
    expect(await second.next()).toEqual(slice(1));
    first.ask(5, 'one');
    second.ask(5, 'two');
    expect(await first.next()).toMatchObject({ id: 5, result: { method: 'one' } });
    expect(await second.next()).toMatchObject({ id: 5, result: { method: 'two' } });

    let end: () => void = () => undefined;
    app.answer = () => new Promise((resolve) => (end = () => resolve({ result: {} })));
    first.ask(6, 'long.work');
    await seen(() => app.asked.some(({ method }) => method === 'long.work'));
    first.socket.close();
    await first.closed;
    await seen(() => app.sinks.size === 1);
    end();
    app.push(slice(2));
    expect(await second.next()).toEqual(slice(2));
  });

  it('is sent away when the server closes, and the app is left alone', async () => {
    const { app, server, window } = await oneWindow();
    await server.close();
    expect(await window.closed).toBe(1001);
    expect(app.sinks.size).toBe(0);
  });

  it('is sent away at last when it does not answer the goodbye', async () => {
    const { server, window } = await oneWindow();
    window.socket.pause();
    await server.close();
    expect(server.port).toBeGreaterThan(0);
  });
});

describe('what cannot be understood', () => {
  const badRequest = { failure: { code: 'BAD_REQUEST', params: { reason: 'message' } } };

  it.each([
    [{ id: 3 }],
    [{ id: 3, method: 7, params: {} }],
    [{ id: 3, method: 'x'.repeat(65), params: {} }],
    [{ id: 3, method: 'app.snapshot', params: {}, more: 1 }],
  ])('is answered where it has an id: %j', async (message) => {
    const { app, window } = await oneWindow();
    window.socket.send(JSON.stringify(message));
    expect(await window.next()).toMatchObject({ type: 'answer', id: 3, ...badRequest });
    expect(app.asked).toEqual([]);
    window.ask(4);
    expect(await window.next()).toMatchObject({ id: 4, result: {} });
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[1]'],
    ['a number', '1'],
    ['no id', '{"method":"app.snapshot","params":{}}'],
    ['an id that is none', '{"id":-1,"method":"app.snapshot","params":{}}'],
    ['an id that is a text', '{"id":"1","method":"app.snapshot","params":{}}'],
    ['deep nesting', '['.repeat(100_000)],
  ])('ends the connection where it has none: %s', async (_name, text) => {
    const { app, server, session, window } = await oneWindow();
    window.socket.send(text);
    // What was sent behind it is not looked at.
    window.ask(1);
    expect(await window.closed).toBe(1008);
    expect(app.asked).toEqual([]);
    await stillServes(server, session);
  });

  it('ends the connection when it is binary, no UTF-8, or no WebSocket frame', async () => {
    const { server, session } = await oneWindow();
    const good = JSON.stringify({ id: 1, method: 'app.snapshot', params: {} });
    const sends: [number, (window: TestWindow) => void][] = [
      [1003, ({ socket }) => socket.send(Buffer.from(good))],
      [1007, ({ socket }) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false })],
      [1002, ({ socket }) => rawSocket(socket).write(Buffer.from([0xff, 0xff, 0xff, 0xff]))],
    ];
    for (const [code, sending] of sends) {
      const window = await TestWindow.open(server, session);
      sending(window);
      expect(await window.closed).toBe(code);
    }
    const text = await TestWindow.open(server, session);
    text.socket.send(good);
    expect(await text.next()).toMatchObject({ id: 1 });
    await stillServes(server, session);
  });

  it('is refused by size: the largest passes, one more does not, in characters and in bytes', async () => {
    const { app, server, session, window } = await oneWindow();
    const ofLength = (length: number, character: string) => {
      const empty = JSON.stringify({ id: 1, method: 'm', params: '' });
      return empty.replace('""', `"${character.repeat(length - empty.length)}"`);
    };
    for (const character of ['a', '가']) {
      const largest = ofLength(limits.requestCharacters, character);
      expect(largest).toHaveLength(limits.requestCharacters);
      window.socket.send(largest);
      expect(await window.next()).toMatchObject({ id: 1, result: { method: 'm' } });
      const other = await TestWindow.open(server, session);
      other.socket.send(ofLength(limits.requestCharacters + 1, character));
      expect(await other.closed).toBe(1009);
    }
    // By the length that the frame announces: nothing of it is read or kept.
    const announced = Buffer.alloc(14);
    announced.set([0x81, 0xff]);
    announced.writeBigUInt64BE(BigInt(largestMessageBytes + 1), 2);
    const huge = await TestWindow.open(server, session);
    rawSocket(huge.socket).write(announced);
    expect(await huge.closed).toBe(1009);
    expect(app.asked).toHaveLength(2);
    await stillServes(server, session);
  });

  it('leaves an app that breaks its word a failed answer, not a dead server', async () => {
    const { app, server, session, window } = await oneWindow();
    app.answer = () => Promise.reject(new Error('broken'));
    window.ask(1);
    expect(await window.next()).toMatchObject({ id: 1, failure: { code: 'INTERNAL' } });
    app.answer = () => Promise.resolve({ result: {} });
    await stillServes(server, session);
  });

  async function stillServes(server: Awaited<ReturnType<typeof startWebServer>>, session: Session) {
    const window = await TestWindow.open(server, session);
    window.ask(1);
    expect(await window.next()).toMatchObject({ id: 1, result: {} });
  }
});

describe('a window that asks too much', () => {
  it('waits: no more than so many questions are under way, and none is lost', async () => {
    const { app, window } = await oneWindow();
    const open: ((answer: { result: unknown }) => void)[] = [];
    app.answer = () => new Promise((resolve) => open.push(resolve));
    const count = windowBounds.questions * 3;
    for (let id = 0; id < count; id++) window.ask(id);
    const answers = new Set<unknown>();
    while (answers.size < count) {
      await seen(() => open.length > 0);
      expect(app.asked.length - answers.size).toBeLessThanOrEqual(windowBounds.questions);
      open.shift()?.({ result: {} });
      answers.add((await window.next())['id']);
    }
    expect([...answers]).toEqual(Array.from({ length: count }, (_, id) => id));
  });
});

describe('a window that does not read', () => {
  const chunk = 'x'.repeat(64 * 1024);

  it('is told the newest of each slice when it reads again, and every text of a terminal', async () => {
    const { app, window } = await oneWindow({
      bounds: { ...windowBounds, behindBytes: 1024 * 1024 },
    });
    window.socket.pause();
    // More than the system's own buffers hold.
    const count = 400;
    for (let seq = 1; seq <= count; seq++) app.push(slice(seq, chunk));
    app.push({ type: 'log', seq: count + 1, lines: [] });
    app.push(slice(count + 2, 'last', 'plan'));
    app.push({ type: 'terminal', id: 't', text: 'hello' });
    window.socket.resume();
    const seqs: number[] = [];
    const told: unknown[] = [];
    while (seqs.at(-1) !== count + 2) {
      const message = await window.next();
      if (message['type'] === 'terminal') told.push(message);
      else seqs.push(message['seq'] as number);
    }
    expect(seqs.length).toBeLessThan(count);
    // In order, with a gap that says that something is missing, and the newest of each at the end.
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(seqs.slice(-3)).toEqual([count, count + 1, count + 2]);
    expect(told).toEqual([{ type: 'terminal', id: 't', text: 'hello' }]);
    app.push(slice(count + 3));
    expect(await window.next()).toEqual(slice(count + 3));
  });

  it('loses nothing as long as it keeps up', async () => {
    const { app, window } = await oneWindow();
    for (let seq = 1; seq <= 200; seq++) {
      app.push(slice(seq, chunk));
      expect(await window.next()).toMatchObject({ seq });
    }
  });

  it('is given up when too much waits for it, with a reason, and others go on', async () => {
    const { app, server, session, window } = await oneWindow({
      bounds: { ...windowBounds, mostBytes: 16 * 1024 * 1024 },
    });
    const other = await TestWindow.open(server, session);
    window.socket.pause();
    for (let count = 0; count < 500 && app.sinks.size > 0; count++) {
      app.push({ type: 'terminal', id: 't', text: chunk });
      expect(await other.next()).toMatchObject({ type: 'terminal' });
    }
    window.socket.resume();
    expect(await window.closed).toBe(1013);
    await seen(() => app.sinks.size === 1);
    other.ask(1);
    expect(await other.next()).toMatchObject({ id: 1 });
  });
});

describe('the port', () => {
  it('that is taken is said to be', async () => {
    const { port } = await serveDouble();
    const second = startWebServer({ app: new DoubleApp(), files: await builtFolder(), port });
    await expect(second).rejects.toMatchObject({ info: { code: 'SERVER_PORT_BUSY', params: { port } } });
  });

  it('is free again after closing', async () => {
    const first = await serveDouble();
    await TestWindow.open(first.server, await signIn(first.server));
    await first.server.close();
    await serveDouble({ port: first.port });
  });
});

/** Waits for something that other events of this process bring about. */
async function seen(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 1, timeout: 4_000 }).toBe(true);
}

function rawSocket(socket: TestWindow['socket']) {
  return (socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket;
}
