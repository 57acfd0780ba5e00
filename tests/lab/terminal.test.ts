import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KnownHosts } from '../../src-main/adapters/ssh2/known-hosts';
import { highWater } from '../../src-main/app/terminals/flow';
import type { Session } from '../../src-main/core/ports';
import { connector, folder, refuseKeys, removeFolders } from '../unit/adapters/ssh2/fixtures/laptop';
import { accessFiles } from './access';
import { Lab } from './lab';
import { Screen } from './screen';
import { skipped } from './skipped';

describe.skipIf(skipped())('terminals on a real node', () => {
  let lab: Lab;
  let session: Session;
  const screens: Screen[] = [];

  beforeAll(async () => {
    lab = await Lab.up({ login: 'key', sudo: 'nopasswd' });
    const { host, user } = lab.node(1);
    const ownFile = join(await folder(), 'known_hosts');
    const knownHosts = new KnownHosts({ files: [lab.knownHostsFile], ownFile });
    const { identity } = accessFiles(lab.plan.stateDir);
    session = await (
      await connector({ knownHosts, hostKeys: refuseKeys })
    ).connect({ name: 'spark-a', host, port: 22, user, identityFile: identity });
  });
  afterEach(() => {
    for (const screen of screens.splice(0)) screen.terminals.closeAll();
  });
  afterAll(async () => {
    await session.close();
    await lab.down();
    await removeFolders();
  });

  /** A terminal whose prompt is `ready> ` at the start of a line. */
  async function open(): Promise<Screen> {
    const screen = new Screen(session);
    screens.push(screen);
    // Without the marks of bracketed paste around each prompt.
    screen.type(`bind 'set enable-bracketed-paste off'; PS1='rea''dy> '\r`);
    await screen.until(/[\r\n]ready> /);
    return screen;
  }

  const run = async (script: string) => (await session.exec({ script, root: false })).stdout.trim();

  /**
   * Bytes that the newest program of that name has written when it writes no more: its count, read until it stands
   * still. One that nothing stops writes hundreds of megabytes meanwhile.
   */
  async function writtenUntilBlocked(program: string): Promise<number> {
    const script = `pid=$(pgrep -xn ${program}); last=
      while now=$(sed -n 's/^wchar: //p' /proc/$pid/io); [ "$now" != "$last" ]; do last=$now; sleep 0.2; done; echo $now`;
    return Number(await run(script));
  }

  it('is a terminal of its size, and is resized', async () => {
    const screen = await open();
    screen.type('stty size; echo "$TERM"; tty; id -un\r');
    await screen.until(/\n24 80\r\nxterm-256color\r\n\/dev\/pts\/\d+\r\nnvidia\r\nready> /);
    screen.terminals.resize(screen.id, { columns: 132, rows: 43 });
    screen.type('stty size\r');
    await screen.until(/\n43 132\r\nready> /);
  });

  it('50 MB arrive whole, and little of it is ever held here', async () => {
    const flood = '/tmp/flood';
    await run(`head -c 37500000 /dev/urandom | base64 > ${flood}`);
    const [sum = '', bytes = ''] = (await run(`sha256sum < ${flood}; stat -c %s ${flood}`)).split(/[\s-]+/);
    expect(Number(bytes)).toBeGreaterThan(50_000_000);
    const screen = await open();
    screen.type(`stty -opost -echo; echo be''gin\r`);
    await screen.until(/begin\n/);
    const hash = createHash('sha256');
    let left = Number(bytes);
    screen.onText = (text) => {
      // The prompt stands before and after it.
      const from = text.startsWith('ready> ') && left === Number(bytes) ? 'ready> '.length : 0;
      const part = text.slice(from, from + left);
      left -= part.length;
      hash.update(part);
    };
    const before = process.memoryUsage().rss;
    let most = 0;
    const { onText } = screen;
    screen.onText = (text) => {
      onText(text);
      most = Math.max(most, process.memoryUsage().rss);
    };
    screen.type(`cat ${flood}\r`);
    await screen.until(/\nready> $/);
    expect([left, hash.digest('hex')]).toEqual([0, sum]);
    expect(screen.mostHeld).toBeLessThan(highWater + 64 * 1024);
    expect(most - before).toBeLessThan(64_000_000);
  });

  it('a screen that shows nothing stops the program on the node', async () => {
    const screen = await open();
    screen.speed = 0;
    screen.type('base64 /dev/urandom\r');
    await screen.holding(highWater);
    expect(await writtenUntilBlocked('base64')).toBeLessThan(1_000_000);
    expect(screen.held).toBeLessThan(highWater + 64 * 1024);
    screen.speed = Infinity;
    screen.type('\u0003');
    screen.work();
    await screen.until(/\nready> /);
  });

  it.each([1_000_000, 5_000_000])(
    'Ctrl-C is answered in a second on a screen of %s characters/s',
    async (speed) => {
      const screen = await open();
      screen.speed = 0;
      screen.type('yes "a line of a flood that nobody wants to see to its end"\r');
      await screen.holding(highWater);
      // Everything on the way is full: the worst moment.
      expect(await writtenUntilBlocked('yes')).toBeGreaterThan(highWater);
      screen.speed = speed;
      screen.work();
      const before = performance.now();
      screen.type('\u0003');
      await screen.until(/\nready> /);
      const took = performance.now() - before;
      expect(took).toBeLessThan(1_000);
    },
  );

  it('commands run beside three flooding terminals', async () => {
    const flooding = await Promise.all([open(), open(), open()]);
    for (const screen of flooding) {
      screen.speed = 1_000_000;
      screen.type('yes\r');
    }
    await Promise.all(flooding.map((screen) => screen.holding(highWater)));
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        session.exec({ script: 'id -u', root: index % 2 === 0 }, { timeoutMs: 20_000 }),
      ),
    );
    expect(results.every(({ code }) => code === 0)).toBe(true);
    await expect(session.openTerminal({ columns: 80, rows: 24 })).rejects.toMatchObject({
      code: 'TERMINAL_LIMIT',
    });
  });

  it('the shell’s status is told', async () => {
    const screen = await open();
    screen.type('exit 7\r');
    expect((await screen.ended()).end).toEqual({ kind: 'exit', code: 7, failure: null });
  });

  it('closing hangs up what runs in it', async () => {
    const screen = await open();
    screen.type('sleep 54321\r');
    await run('until pgrep -f "sleep 5432[1]"; do sleep 0.05; done');
    screen.terminals.close(screen.id);
    await run('while pgrep -f "sleep 5432[1]"; do sleep 0.05; done');
  });

  it('a killed connection is told as lost, and the same terminal opens again', async () => {
    const screen = await open();
    const { lost } = session;
    await lab.exec(1, 'pkill -KILL -f "^sshd: nvidia"');
    expect((await screen.ended()).end).toEqual({ kind: 'lost', code: null, failure: null });
    if (!lost.aborted) await once(lost, 'abort');
    screen.reopen();
    expect((await screen.ended()).end).toMatchObject({
      kind: 'failed',
      failure: { code: 'CONNECTION_LOST' },
    });
    await session.reconnect({ timeoutMs: 30_000 });
    screen.reopen();
    screen.type('echo ba""ck\r');
    await screen.until(/[\r\n]back\r\n/);
    expect(screen.entry).toMatchObject({ state: 'open', opened: 3 });
  });
});
