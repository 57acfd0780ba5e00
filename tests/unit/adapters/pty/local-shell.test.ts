import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IPty } from 'node-pty';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type PtyLibrary, PtyLocalShell } from '../../../../src-main/adapters/pty/local-shell';
import type { Computer } from '../../../../src-main/adapters/pty/shell-choice';
import type { Terminal } from '../../../../src-main/core/ports';
import { SystemClock } from '../../../../src-main/adapters/laptop/system-clock';

const size = { columns: 80, rows: 24 };
const clock = new SystemClock();

describe('without node-pty', () => {
  it('there is none, it says why, and is tried again', async () => {
    let tries = 0;
    const load = () => {
      tries++;
      return Promise.reject(new Error('no prebuilt binary'));
    };
    const shell = new PtyLocalShell({ clock, load });
    expect(await shell.available()).toBe(false);
    await expect(shell.open(size)).rejects.toMatchObject({
      info: { code: 'TERMINAL_UNAVAILABLE', params: { reason: 'no prebuilt binary' } },
    });
    expect(tries).toBe(2);
  });

  it('a shell that cannot be started is told alike', async () => {
    const library: PtyLibrary = {
      spawn: () => {
        throw new Error('forkpty(3) failed.');
      },
    };
    const shell = new PtyLocalShell({ clock, load: () => Promise.resolve(library) });
    await expect(shell.open(size)).rejects.toMatchObject({
      info: { code: 'TERMINAL_UNAVAILABLE', params: { reason: 'forkpty(3) failed.' } },
    });
  });
});

it.each([
  ['win32', true],
  ['linux', undefined],
] as const)('on %s useConptyDll is %s', async (platform, expected) => {
  const seen: unknown[] = [];
  const pty = { onExit: () => undefined, pause: () => undefined } as unknown as IPty;
  const library: PtyLibrary = {
    spawn: (_file, _args, options) => {
      seen.push((options as { useConptyDll?: boolean }).useConptyDll);
      return pty;
    },
  };
  const computer = (): Computer => ({
    platform,
    env: {},
    home: '/',
    accountShell: null,
    exists: () => false,
  });
  await new PtyLocalShell({ clock, computer, load: () => Promise.resolve(library) }).open(size);
  expect(seen).toEqual([expected]);
});

const none =
  process.platform === 'win32'
    ? 'skipped: the scripts of this test are for sh'
    : !(await new PtyLocalShell({ clock }).available()) && 'skipped: node-pty cannot be loaded here';
if (none !== false) console.log(`a shell of this computer: ${none}`);

describe.skipIf(none !== false)('a shell of this computer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinspark-pty-'));
  const out = join(folder, 'out');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const terminals: Terminal[] = [];
  afterEach(async () => {
    for (const terminal of terminals.splice(0)) {
      terminal.close();
      await terminal.closed;
    }
  });

  async function open(env: NodeJS.ProcessEnv = {}) {
    const computer = (): Computer => ({
      platform: 'linux',
      env: { PATH: process.env['PATH'], OUT: out, PS1: '$ ', ...env },
      home: '/',
      accountShell: '/bin/sh',
      exists: (path) => path === '/bin/sh' || path === '/',
    });
    const terminal = await new PtyLocalShell({ clock, computer }).open(size);
    terminals.push(terminal);
    return { terminal, heard: listen(terminal) };
  }

  /** Everything told, and a wait for a text in what was told since the last wait. */
  function listen(terminal: Terminal) {
    const heard = { total: 0, recent: '' };
    let check: () => void = () => undefined;
    terminal.onData((text) => {
      heard.total += text.length;
      heard.recent = (heard.recent + text).slice(-100_000);
      check();
    });
    return {
      total: () => heard.total,
      until: (wanted: RegExp) =>
        new Promise<string>((resolve) => {
          check = () => {
            const found = wanted.exec(heard.recent);
            if (found === null) return;
            heard.recent = heard.recent.slice(found.index + found[0].length);
            check = () => undefined;
            resolve(found[0]);
          };
          check();
        }),
    };
  }

  it('runs, knows its size, and is resized', async () => {
    const { terminal, heard } = await open();
    await heard.until(/\$ $/);
    terminal.write('stty size; echo "$TERM"\r');
    await heard.until(/\n24 80\r\nxterm-256color\r\n\$ $/);
    terminal.resize({ columns: 133, rows: 41 });
    terminal.write('stty size\r');
    await heard.until(/\n41 133\r\n/);
  });

  it('prints characters whole, and nothing is lost of the first ones', async () => {
    const { terminal, heard } = await open({ PS1: '스파크 👍 ' });
    await heard.until(/스파크 👍 /u);
    terminal.write('printf "%s" "한글" | cut -b1-6\r');
    await heard.until(/\n한글\r\n/);
  });

  it.each([
    ['exit 7\r', { kind: 'exit', code: 7 }],
    ['kill -9 $$\r', { kind: 'exit', code: null, signal: 'SIGKILL' }],
  ])('%j ends it', async (line, end) => {
    const { terminal, heard } = await open();
    await heard.until(/\$ $/);
    terminal.write(line);
    expect(await terminal.closed).toEqual(end);
    terminal.write('nobody');
    terminal.resize(size);
    terminal.pause();
    terminal.resume();
  });

  it('a paused flood stops at its source, and Ctrl-C goes through', async () => {
    const { terminal, heard } = await open();
    const other = await open();
    await heard.until(/\$ $/);
    terminal.pause();
    terminal.write('trap "echo stop""ped" INT; yes | head -c 300000; echo through > $OUT; yes\r');
    // While another prints twenty times as much, this one gets nowhere.
    other.terminal.write('yes | head -c 6000000; echo re""ady\r');
    await other.heard.until(/ready/);
    expect(existsSync(out)).toBe(false);
    terminal.write('\u0003');
    terminal.resume();
    await heard.until(/stopped/);
    expect(heard.total()).toBeLessThan(300_000);
  });

  it('closing hangs up, even on a shell that ignores it', async () => {
    const { terminal, heard } = await open();
    await heard.until(/\$ $/);
    terminal.write('trap "" HUP; echo rea""dy; while :; do read line; done\r');
    await heard.until(/ready/);
    terminal.close();
    terminal.close();
    expect(await terminal.closed).toEqual({ kind: 'exit', code: null, signal: 'SIGKILL' });
  });
});
