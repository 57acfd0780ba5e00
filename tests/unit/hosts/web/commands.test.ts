import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppService } from '../../../../src-main/app/service';
import { defaultSettings } from '../../../../src-main/contract/settings';
import type { NodeAddress } from '../../../../src-main/core/ports';
import { Cli } from '../../../../src-main/hosts/cli/cli';
import { readClusterFile } from '../../../../src-main/hosts/cli/cluster-file';
import { practice } from '../../../../src-main/hosts/cli/commands/practice';
import { serve, type ServeOptions, type ServeParts } from '../../../../src-main/hosts/cli/commands/serve';
import { Interrupts } from '../../../../src-main/hosts/cli/interrupts';
import { Output, type Io } from '../../../../src-main/hosts/cli/io';
import type { AppOptions } from '../../../../src-main/hosts/compose-app';
import { hasDisplay } from '../../../../src-main/hosts/web/open-browser';
import { loadWords } from '../../../../src-main/words/words';
import { builtFolder, DoubleApp, send, signIn, TestWindow, tokenOf } from './support';

interface Setting {
  readonly env?: Record<string, string>;
  readonly interactive?: boolean;
  readonly json?: boolean;
}

/** A command of the foreground: what it has written so far, and Ctrl-C. */
async function foreground({ env = {}, interactive = false, json = false }: Setting = {}) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'twinspark-serve-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const written = { out: '', err: '' };
  let wake: () => void = () => undefined;
  const write = (stream: 'out' | 'err') => (text: string) => {
    written[stream] += text;
    wake();
  };
  const io: Io = {
    stdout: { write: write('out') },
    stderr: { write: write('err') },
    env,
    cwd: '/',
    home: '/home/me',
    localUser: 'me',
    interactive,
    asker: () => Promise.reject(new Error('nobody is asked')),
  };
  const interrupts = new Interrupts(
    (what) => io.stderr.write(`${cli.interruptText(what)}\n`),
    () => undefined,
  );
  const words = await loadWords('en');
  const options = { dataDir, json };
  const compose = () => Promise.reject(new Error('no engine'));
  const cli = new Cli(io, words, options, interrupts.signal, compose, new Output(io, json));
  const said = async (stream: 'out' | 'err', pattern: RegExp) => {
    for (;;) {
      const match = pattern.exec(written[stream]);
      if (match) return match;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { cli, dataDir, written, said, interrupt: interrupts.handle };
}

const ADDRESS = /http:\/\/127\.0\.0\.1:(\d+)\/#token=[\w-]{43}/;

async function served(options: ServeOptions = {}, setting: Setting = {}, more: Partial<ServeParts> = {}) {
  const at = await foreground(setting);
  const double = new DoubleApp();
  const composed: AppOptions[] = [];
  const events: string[] = [];
  const app: AppService & { activity: AppService['activity'] } = {
    ask: double.ask,
    subscribe: double.subscribe,
    activity: 'idle',
    settings: defaultSettings,
    woke: () => undefined,
    close: () => {
      // The windows are still there.
      events.push(`app closed with ${double.sinks.size} windows`);
      return Promise.resolve();
    },
  };
  const launched: string[][] = [];
  const folder = await builtFolder();
  const ended = serve(at.cli, options, {
    compose: (given) => {
      composed.push(given);
      return Promise.resolve(app);
    },
    files: () => folder,
    platform: 'linux',
    launch: (program, args) => {
      launched.push([program, ...args]);
      return Promise.resolve();
    },
    ...more,
  });
  return { ...at, ended, app, events, composed, launched };
}

describe('serve', () => {
  it('prints an address that lets a browser in, and ends with Ctrl-C', async () => {
    const { ended, said, written, interrupt, composed, dataDir, events } = await served({ practice: true });
    const [url, port = ''] = await said('out', ADDRESS);
    expect(composed).toMatchObject([
      { dataDir, practice: true, host: { info: { host: 'browser', platform: 'linux' }, vault: undefined } },
    ]);
    await said('err', /Ctrl-C ends Twinspark/);
    const server = { port: Number(port), url };
    const session = await signIn(server);
    await said('err', /A browser has come in/);
    const window = await TestWindow.open(server, session);
    interrupt();
    expect(await ended).toEqual({ exitCode: 0, result: {} });
    expect(await window.closed).toBe(1001);
    expect(events).toEqual(['app closed with 1 windows']);
    expect(written.err).toContain('Closing connections');
    await expect(send(server.port, 'GET', '/', {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('says that a run is taken back when one is under way', async () => {
    const { ended, said, written, interrupt, app } = await served();
    await said('out', ADDRESS);
    app.activity = 'changing';
    interrupt();
    await ended;
    expect(written.err).toContain('What is half done is taken back first');
  });

  it('gives programs one line of JSON with the address', async () => {
    const { ended, said, written, interrupt } = await served({}, { json: true, interactive: true });
    const [url, port] = await said('out', ADDRESS);
    interrupt();
    await ended;
    expect(written.out.trimEnd().split('\n')).toEqual([
      JSON.stringify({ type: 'serving', url, port: Number(port) }),
    ]);
  });

  it('closes the app when the port is taken', async () => {
    const first = await served();
    const [, port = ''] = await first.said('out', ADDRESS);
    const second = await served({ port: Number(port) });
    await expect(second.ended).rejects.toMatchObject({ info: { code: 'SERVER_PORT_BUSY' } });
    expect(second.events).toHaveLength(1);
    first.interrupt();
    await first.ended;
  });

  it('tells who came by SSH how to get here', async () => {
    const { ended, said, interrupt } = await served(
      {},
      { env: { SSH_CONNECTION: '10.0.0.9 50000 10.0.0.1 2222' } },
    );
    const [, port = ''] = await said('out', ADDRESS);
    await said('err', new RegExp(`ssh -N -L ${port}:127\\.0\\.0\\.1:${port} -p 2222 me@10\\.0\\.0\\.1`));
    interrupt();
    await ended;
  });
});

describe('opening the browser', () => {
  const seen: Setting = { interactive: true, env: { DISPLAY: ':0' } };

  it('shows the token in no argument: a file of this person leads on, until a browser has come in', async () => {
    const { ended, said, launched, dataDir, interrupt } = await served({}, seen);
    const [url, port = ''] = await said('out', ADDRESS);
    await expect.poll(() => launched.length, { interval: 1 }).toBe(1);
    const [program, file = ''] = launched[0] ?? [];
    expect(program).toBe('xdg-open');
    expect(launched.join()).not.toContain(tokenOf(url));
    expect(path.dirname(file)).toBe(dataDir);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toContain(`content="0; url=${url}"`);
    await signIn({ port: Number(port), url });
    await expect.poll(() => readdir(dataDir), { interval: 1 }).toEqual([]);
    interrupt();
    await ended;
  });

  it('leaves no file behind when nobody came', async () => {
    const { ended, said, launched, dataDir, interrupt } = await served({}, seen);
    await said('out', ADDRESS);
    await expect.poll(() => launched.length, { interval: 1 }).toBe(1);
    interrupt();
    await ended;
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('goes on without one that cannot be opened', async () => {
    const launch = () => Promise.reject(new Error('ENOENT'));
    const { ended, said, dataDir, interrupt } = await served({ open: true }, {}, { launch });
    await said('err', /could not be opened/);
    expect(await readdir(dataDir)).toEqual([]);
    interrupt();
    expect(await ended).toMatchObject({ exitCode: 0 });
  });

  it.each<[string, ServeOptions, Setting, number]>([
    ['with a terminal and a display', {}, seen, 1],
    ['not without a display', {}, { interactive: true }, 0],
    ['not without a terminal', {}, { env: { DISPLAY: ':0' } }, 0],
    ['not for programs', {}, { ...seen, json: true }, 0],
    ['not with --no-open', { open: false }, seen, 0],
    ['with --open in any case', { open: true }, {}, 1],
  ])('%s', async (_name, options, setting, times) => {
    const { ended, said, launched, interrupt } = await served(options, setting);
    await said('out', ADDRESS);
    interrupt();
    await ended;
    expect(launched).toHaveLength(times);
  });

  it('knows where nobody sees a window', () => {
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
    expect(hasDisplay('darwin', {})).toBe(true);
    expect(hasDisplay('darwin', { SSH_CONNECTION: 'x' })).toBe(false);
  });
});

describe('practice', () => {
  const node = (name: string, port: number): NodeAddress => ({
    name,
    host: '127.0.0.1',
    port,
    user: 'nvidia',
    hostKey: `SHA256:${'a'.repeat(43)}`,
  });

  async function practised(setting: Setting = {}) {
    const at = await foreground(setting);
    const closing = new EventTarget();
    const closed = once(closing, 'closed');
    const pair = {
      nodes: [node('spark-1', 2001), node('spark-2', 2002)] as const,
      loginPassword: "it's practice",
      close: () => {
        closing.dispatchEvent(new Event('closed'));
        return Promise.resolve();
      },
    };
    return { ...at, closed, ended: practice(at.cli, () => Promise.resolve(pair)) };
  }

  it('writes a cluster file without a password, says how to use it, and takes it away again', async () => {
    const { ended, closed, said, written, interrupt, dataDir } = await practised();
    const [, file = ''] = await said('out', /-c (\S+)/);
    expect(written.out).toContain(`export TWINSPARK_PRACTICE_PASSWORD='it'\\''s practice'`);
    expect(file.startsWith(dataDir)).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain('practice"');
    expect(await readClusterFile(file, '/home/me')).toEqual([
      { ...node('spark-1', 2001), passwordEnv: 'TWINSPARK_PRACTICE_PASSWORD' },
      { ...node('spark-2', 2002), passwordEnv: 'TWINSPARK_PRACTICE_PASSWORD' },
    ]);
    interrupt();
    await closed;
    expect(await ended).toEqual({ exitCode: 0, result: {} });
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('gives programs the file and the variable in one line', async () => {
    const { ended, said, written, interrupt, dataDir } = await practised({ json: true });
    await said('out', /\n/);
    interrupt();
    await ended;
    const [line = '', ...rest] = written.out.trimEnd().split('\n');
    expect(rest).toEqual([]);
    expect(JSON.parse(line)).toEqual({
      type: 'practice',
      cluster: expect.stringContaining(dataDir) as string,
      env: { TWINSPARK_PRACTICE_PASSWORD: "it's practice" },
    });
  });
});
