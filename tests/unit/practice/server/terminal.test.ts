import ssh2, { type ClientChannel } from 'ssh2';
import { afterEach, expect, test, vi } from 'vitest';
import type { PracticePair } from '../../../../src-main/practice/practice';
import { practice } from '../pair';

/** An upper bound against a hang: the interpreter takes a while for megabytes. */
vi.setConfig({ testTimeout: 60_000 });

const clients: ssh2.Client[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.end();
});

/** What a person sees of a terminal, and what they type. */
class Screen {
  #text = '';
  #wake: () => void = () => undefined;
  ended = false;

  constructor(readonly channel: ClientChannel) {
    channel.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString('utf8');
      this.#wake();
    });
    channel.on('close', () => {
      this.ended = true;
      this.#wake();
    });
  }

  type(text: string): void {
    this.channel.write(text);
  }

  /** What has come up to and with the text, once it is there. */
  async until(text: string): Promise<string> {
    for (;;) {
      const at = this.#text.indexOf(text);
      if (at >= 0) {
        const seen = this.#text.slice(0, at + text.length);
        this.#text = this.#text.slice(at + text.length);
        return seen;
      }
      if (this.ended) throw new Error(`the terminal ended before ${text}: ${this.#text.slice(-500)}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** As {@link until}, for a flood: what comes before is not kept. */
  async past(text: string): Promise<void> {
    for (;;) {
      const at = this.#text.indexOf(text);
      this.#text = this.#text.slice(at < 0 ? -text.length : at + text.length);
      if (at >= 0) return;
      if (this.ended) throw new Error(`the terminal ended before ${text}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Runs a line and returns what it printed, without the echo and the next prompt. */
  async run(line: string): Promise<string> {
    this.type(`${line}\r`);
    await this.until('\r\n');
    const all = await this.until('$ ');
    return all.slice(0, all.lastIndexOf('\r\n') + 2);
  }

  async closed(): Promise<void> {
    while (!this.ended) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

async function terminal(pair: PracticePair, size = { cols: 80, rows: 24 }): Promise<Screen> {
  const client = new ssh2.Client();
  clients.push(client);
  const [{ host, port, user: username }] = pair.nodes;
  return new Promise((resolve, reject) => {
    client.on('error', reject);
    client.on('ready', () =>
      client.shell({ term: 'xterm-256color', ...size }, (error, channel) => {
        if (error === undefined) resolve(new Screen(channel));
        else reject(error);
      }),
    );
    client.connect({ host, port, username, password: pair.loginPassword });
  });
}

test('lines are run where the last one has left the shell', async () => {
  const screen = await terminal(await practice());
  const greeting = await screen.until(':~$ ');
  expect(greeting).toMatch(/nvidia@spark-[0-9a-f]{4}:~\$ $/);
  await screen.run('cd /etc; x=5; export y=6');
  expect(await screen.run('echo $PWD $x $y; sh -c "echo [$y]"')).toBe('/etc 5 6\r\n[6]\r\n');
  expect(await screen.run('false; echo $?')).toBe('1\r\n');
});

test('a line is edited: back, left, up, and given up', async () => {
  const screen = await terminal(await practice());
  await screen.until('$ ');
  screen.type('echo axc\x7f\x7f\x7f');
  screen.type('abd\x1b[Dc\r');
  expect(await screen.until('\r\nabcd\r\n')).toContain('echo abcd');
  await screen.until('$ ');
  screen.type('nonsense\x03');
  await screen.until('^C\r\n');
  await screen.until('$ ');
  screen.type('\x1b[A\r');
  await screen.until('\r\nabcd\r\n');
  await screen.until('$ ');
  screen.type('echo 한글\x7f국\r');
  await screen.until('\r\n한국\r\n');
});

test('a line that is longer than the window is drawn over its rows', async () => {
  const screen = await terminal(await practice(), { cols: 30, rows: 10 });
  await screen.until('$ ');
  const long = 'x'.repeat(70);
  screen.type(`echo ${long}`);
  screen.type('\x01\x1b[C\x1b[C\x1b[C\x1b[C\x1b[C\x05y\r');
  await screen.until(`\r\n${long}y\r\n`);
});

test('paths are completed', async () => {
  const screen = await terminal(await practice());
  await screen.until('$ ');
  screen.type('cat /etc/hostna\t\r');
  expect(await screen.until('\r\nspark-')).toContain('cat /etc/hostname ');
});

test('Ctrl-C ends a command, and a flood that the window holds back', async () => {
  const screen = await terminal(await practice());
  await screen.until('$ ');
  screen.type('sleep 60\r');
  await screen.until('sleep 60\r\n');
  screen.type('\x03');
  await screen.until('^C\r\n');
  await screen.until('$ ');
  screen.type('yes\r');
  await screen.until('y\r\ny\r\n');
  screen.type('\x03');
  await screen.past('^C\r\n');
  await screen.until('$ ');
  expect(await screen.run('echo $?')).toBe('130\r\n');
});

test('Ctrl-C ends what a command has left to print', async () => {
  const screen = await terminal(await practice());
  await screen.until('$ ');
  await screen.run('seq 1 90000 >big; cat big big big big big big big big >bigger');
  screen.type('cat bigger; echo done\r');
  await screen.until('\r\n1\r\n2\r\n');
  screen.type('\x03');
  await screen.past('^C\r\n');
  expect(await screen.until('$ ')).not.toContain('done');
  expect(await screen.run('echo still')).toBe('still\r\n');
});

test('a long list comes whole and in order', async () => {
  const screen = await terminal(await practice());
  await screen.until('$ ');
  const printed = (await screen.run('seq 1 200000')).split('\r\n');
  expect(printed.slice(0, -1)).toEqual(Array.from({ length: 200_000 }, (_, index) => String(index + 1)));
});

test('sudo asks on the terminal without showing the answer, and once', async () => {
  const pair = await practice();
  const screen = await terminal(pair);
  await screen.until('$ ');
  screen.type('sudo id -u\r');
  await screen.until('[sudo] password for nvidia: ');
  screen.type('wrong\r');
  await screen.until('Sorry, try again.\r\n[sudo] password for nvidia: ');
  screen.type(`${pair.loginPassword}\r`);
  expect(await screen.until('$ ')).toMatch(/^\r\n0\r\n/);
  screen.type('sudo -i\r');
  expect(await screen.until('# ')).toContain('root@');
  screen.type('id -un\r');
  await screen.until('\r\nroot\r\n');
  screen.type('exit\r');
  await screen.until('$ ');
});

test('exit and Ctrl-D close it', async () => {
  const pair = await practice();
  for (const [keys, code] of [
    ['exit 3\r', 3],
    ['\x04', 0],
  ] as const) {
    const screen = await terminal(pair);
    await screen.until('$ ');
    const exit = new Promise((resolve) => screen.channel.once('exit', resolve));
    screen.type(keys);
    expect(await exit).toBe(code);
    await screen.closed();
  }
});
