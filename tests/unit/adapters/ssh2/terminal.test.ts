import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { ServerChannel } from 'ssh2';
import { terminalWindow } from '../../../../src-main/adapters/ssh2/narrow-window';
import type { Session, Terminal } from '../../../../src-main/core/ports';
import { connector, removeFolders } from './fixtures/laptop';
import { NodeServer, type NodeServerOptions, type ServedShell } from './fixtures/node-server';

const size = { columns: 80, rows: 24 };
const servers: NodeServer[] = [];
const sessions: Session[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(removeFolders);

async function logIn(options: NodeServerOptions = {}) {
  const shells: ServedShell[] = [];
  const server = await NodeServer.start({ onShell: (shell) => void shells.push(shell), ...options });
  servers.push(server);
  const session = await (await connector()).connect(server.address);
  sessions.push(session);
  return { server, session, shells };
}

async function open(options: NodeServerOptions = {}) {
  const { server, session, shells } = await logIn(options);
  const terminal = await session.openTerminal(size);
  return { server, session, terminal, shell: shells[0]! };
}

/** What is told, and a wait for a length of it. */
function listen(terminal: Terminal) {
  const heard = { text: '', waiters: [] as { length: number; go: () => void }[] };
  terminal.onData((text) => {
    heard.text += text;
    for (const { length, go } of heard.waiters) if (heard.text.length >= length) go();
  });
  return {
    get text() {
      return heard.text;
    },
    reached: (length: number) =>
      new Promise<void>((go) => (heard.text.length >= length ? go() : heard.waiters.push({ length, go }))),
  };
}

/** Bytes that the server may still send. */
const window = (channel: ServerChannel) =>
  (channel as unknown as { outgoing: { window: number } }).outgoing.window;

/** Everything that the server sent before has arrived: it answers one after the other on the connection. */
const settled = (session: Session) => session.exec({ script: 'true', root: false });

describe('a terminal', () => {
  it('asks for its size and kind, and sends no variables', async () => {
    const { shell } = await open();
    expect(shell.pty).toMatchObject({ cols: 80, rows: 24, term: 'xterm-256color' });
    expect(shell.env).toEqual([]);
  });

  it('is told resizes and what is typed, in order', async () => {
    const { session, terminal, shell } = await open();
    terminal.resize({ columns: 132, rows: 50 });
    terminal.resize({ columns: 40, rows: 10 });
    terminal.write('안녕\u0003');
    const [typed] = (await once(shell.channel, 'data')) as [Buffer];
    expect(typed.toString()).toBe('안녕\u0003');
    await settled(session);
    expect(shell.sizes).toEqual(['132x50', '40x10']);
  });

  it('tells characters whole, wherever the chunks are cut, and keeps escape sequences', async () => {
    const { terminal, shell } = await open();
    const text = '\u001b[31m스파크 👍\u001b[0m';
    const told: string[] = [];
    terminal.onData((chunk) => told.push(chunk));
    for (const byte of Buffer.from(text)) shell.channel.write(Buffer.from([byte]));
    shell.channel.exit(0);
    shell.channel.end();
    await terminal.closed;
    expect(told.join('')).toBe(text);
    expect(told.every((chunk) => !chunk.includes('\ufffd'))).toBe(true);
  });

  it('keeps what is printed before somebody listens', async () => {
    const { session, terminal, shell } = await open();
    shell.channel.write('early');
    await settled(session);
    const heard = listen(terminal);
    await heard.reached(5);
    expect(heard.text).toBe('early');
  });

  it.each([
    ['a status', (channel: ServerChannel) => channel.exit(7), { kind: 'exit', code: 7 }],
    [
      'a signal',
      (channel: ServerChannel) => channel.exit('HUP', false, ''),
      { kind: 'exit', code: null, signal: 'SIGHUP' },
    ],
    ['nothing said', () => undefined, { kind: 'exit', code: null }],
  ])('ends with %s, after its last words', async (_how, exit, end) => {
    const { terminal, shell } = await open();
    const heard = listen(terminal);
    shell.channel.write('logout\r\n');
    exit(shell.channel);
    shell.channel.end();
    expect(await terminal.closed).toEqual(end);
    expect(heard.text).toBe('logout\r\n');
    terminal.write('nobody');
    terminal.resize(size);
    terminal.close();
  });

  it('is lost with the connection, paused or not', async () => {
    const { server, session, terminal } = await open();
    const other = await session.openTerminal(size);
    listen(terminal);
    listen(other);
    other.pause();
    server.cut();
    expect(await Promise.all([terminal.closed, other.closed])).toEqual([{ kind: 'lost' }, { kind: 'lost' }]);
  });

  it('hangs up when it is closed, also while paused and full', async () => {
    const { session, terminal, shell } = await open();
    const heard = listen(terminal);
    terminal.pause();
    shell.channel.write('x'.repeat(2 * terminalWindow));
    await settled(session);
    const gone = once(shell.channel.resume(), 'close');
    terminal.close();
    expect(await terminal.closed).toEqual({ kind: 'exit', code: null });
    await gone;
    expect(heard.text).toBe('');
  });

  it('is refused where the server gives no terminal', async () => {
    const { session } = await logIn({ onShell: undefined as never });
    await expect(session.openTerminal(size)).rejects.toMatchObject({
      info: { code: 'TERMINAL_UNAVAILABLE', node: 'spark-a' },
    });
    expect((await session.exec({ script: 'echo on', root: false })).stdout).toBe('on\n');
  });

  it('is not opened for somebody who has left, nor on a lost connection', async () => {
    let onHangUp: () => void = () => undefined;
    const hungUp = new Promise<void>((resolve) => (onHangUp = resolve));
    const { server, session } = await logIn({
      onShell: ({ channel }) => void channel.resume().once('close', onHangUp),
    });
    const signal = AbortSignal.abort();
    await expect(session.openTerminal(size, { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    const stop = new AbortController();
    const opening = session.openTerminal(size, { signal: stop.signal });
    stop.abort();
    await expect(opening).rejects.toMatchObject({ code: 'CANCELLED' });
    // The one that came too late is closed again.
    await hungUp;
    const { lost } = session;
    server.cut();
    if (!lost.aborted) await once(lost, 'abort');
    await expect(session.openTerminal(size)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('back-pressure', () => {
  it('gives the server a narrow window, and never more', async () => {
    const { session, terminal, shell } = await open();
    expect(window(shell.channel)).toBe(terminalWindow);
    const heard = listen(terminal);
    for (let round = 1; round <= 8; round++) {
      shell.channel.write('x'.repeat(terminalWindow));
      await heard.reached(round * terminalWindow);
      await settled(session);
      expect(window(shell.channel)).toBeLessThanOrEqual(terminalWindow);
    }
  });

  it('stops the server after one window, lets Ctrl-C through, and loses nothing', async () => {
    const { session, terminal, shell } = await open();
    const heard = listen(terminal);
    terminal.pause();
    const flood = '0123456789abcdef'.repeat(512 * 1024);
    let sent = false;
    shell.channel.write(flood, () => (sent = true));
    await settled(session);
    expect(window(shell.channel)).toBe(0);
    expect([sent, heard.text]).toEqual([false, '']);
    const typed = once(shell.channel, 'data');
    terminal.write('\u0003');
    expect(String((await typed)[0])).toBe('\u0003');
    terminal.resume();
    await heard.reached(flood.length);
    expect(heard.text === flood).toBe(true);
  });

  it('refuses input that nobody reads, instead of keeping it', async () => {
    const { terminal } = await open({
      onShell: ({ channel }) => void channel.pause(),
    });
    const paste = 'x'.repeat(64 * 1024);
    const pasteAll = () => {
      for (let count = 0; count < 64; count++) terminal.write(paste);
    };
    expect(pasteAll).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }) as Error);
  });
});

describe('channels', () => {
  it('terminals and commands together stay within the budget, and commands get through', async () => {
    const { server, session, shells } = await logIn();
    for (let count = 0; count < 3; count++) await session.openTerminal(size);
    const many = Array.from({ length: 30 }, (_, index) => `${index}\n`);
    const ran = await Promise.all(many.map((line) => session.exec({ script: `echo ${line}`, root: false })));
    expect(ran.map(({ stdout }) => stdout)).toEqual(many);
    expect(shells).toHaveLength(3);
    expect(server.peakSessions).toBeLessThanOrEqual(8);
  });

  it('a terminal finds room while commands keep all channels busy', async () => {
    const { server, session } = await logIn();
    const busy = Array.from({ length: 40 }, () => session.exec({ script: 'true', root: false }));
    await session.openTerminal(size);
    await Promise.all(busy);
    expect(server.peakSessions).toBeLessThanOrEqual(8);
  });

  it('a fourth terminal is refused until one is closed, and then had at once', async () => {
    const { session } = await logIn();
    const first = await session.openTerminal(size);
    await Promise.all([session.openTerminal(size), session.openTerminal(size)]);
    await expect(session.openTerminal(size)).rejects.toMatchObject({
      info: { code: 'TERMINAL_LIMIT', params: { limit: 3 }, node: 'spark-a' },
    });
    first.close();
    await session.openTerminal(size);
  });

  it('a server that allows few sessions keeps them for commands', async () => {
    const { session } = await logIn({ maxSessions: 2 });
    // So many at once show how few it allows.
    await Promise.all(Array.from({ length: 8 }, () => session.exec({ script: 'true', root: false })));
    await expect(session.openTerminal(size)).rejects.toMatchObject({
      info: { code: 'TERMINAL_UNAVAILABLE', params: { reason: 'MaxSessions 2' } },
    });
    expect((await session.exec({ script: 'echo on', root: false })).stdout).toBe('on\n');
  });
});
