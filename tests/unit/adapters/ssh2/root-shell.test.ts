import type { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { dispatcher, evalLine, frameLine } from '../../../../src-main/adapters/ssh2/shell-text';
import type { ExecOptions, Session } from '../../../../src-main/core/ports';
import { FakeSudo } from './fixtures/fake-sudo';
import { connector, FakeClock, folder, realClock, removeFolders, ScriptedSecrets } from './fixtures/laptop';
import { NodeServer, run } from './fixtures/node-server';

const open: { server: NodeServer; session: Session }[] = [];
afterEach(async () => {
  for (const { server, session } of open.splice(0)) {
    await session.close();
    await server.stop();
  }
});
afterAll(removeFolders);

async function start(behaviour = 'nopasswd', passwords: (string | undefined)[] = [], clock = realClock) {
  const sudo = await FakeSudo.create(behaviour);
  const server = await NodeServer.start({ env: sudo.env });
  const secrets = new ScriptedSecrets({ 'sudo-password': passwords });
  const session = await (await connector({ secrets, clock })).connect(server.address);
  open.push({ server, session });
  const exec = (script: string, options?: ExecOptions, stdin?: string) =>
    session.exec({ script, root: true, ...(stdin === undefined ? {} : { stdin }) }, options);
  return { sudo, server, secrets, session, exec };
}

function alive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function onLine() {
  let tell: (line: string) => void = () => undefined;
  const line = new Promise<string>((resolve) => (tell = resolve));
  return { line, onLine: (_stream: unknown, text: string) => tell(text) };
}

describe('sudo', () => {
  it('is asked once for many commands, and the person once', async () => {
    const { exec, secrets, sudo } = await start('password', ['right']);
    for (let round = 0; round < 3; round++) expect((await exec('echo ok')).stdout).toBe('ok\n');
    expect(await sudo.log()).toEqual(['start', 'password right']);
    expect(secrets.asked).toEqual([{ kind: 'sudo-password', node: 'spark-a', user: 'nvidia' }]);
  });

  it('that does not ask gets no password', async () => {
    const { exec, secrets, sudo } = await start('nopasswd', ['right']);
    expect((await exec('cat')).stdout).toBe('');
    expect(await sudo.log()).toEqual(['start']);
    expect(secrets.asked).toEqual([]);
  });

  it('that refuses a password is asked again on a new channel, with another one', async () => {
    const { exec, secrets, sudo } = await start('password', ['wrong', 'right']);
    expect((await exec('echo ok')).stdout).toBe('ok\n');
    expect(await sudo.log()).toEqual(['start', 'password wrong', 'start', 'password right']);
    expect(secrets.asked.map(({ retry }) => retry)).toEqual([undefined, true]);
  });

  it.each(['password', 'one-try'])('that refuses three is given up (%s)', async (behaviour) => {
    const { exec, sudo } = await start(behaviour, ['a', 'b', 'c', 'right']);
    await expect(exec('echo ok')).rejects.toMatchObject({
      info: { code: 'SUDO_PASSWORD_WRONG', node: 'spark-a' },
    });
    expect(await sudo.log()).toHaveLength(6);
  });

  it('never gets the same wrong password twice', async () => {
    const { exec, sudo } = await start('password', ['wrong', 'wrong', 'right']);
    await expect(exec('echo ok')).rejects.toMatchObject({ code: 'SUDO_PASSWORD_WRONG' });
    expect((await sudo.log()).filter((line) => line === 'password wrong')).toHaveLength(1);
  });

  it('without a password to give says so', async () => {
    const { exec, sudo } = await start('password');
    await expect(exec('echo ok')).rejects.toMatchObject({ code: 'SUDO_PASSWORD_NEEDED' });
    expect(await sudo.log()).toEqual(['start']);
  });

  it('that does not allow it says so in its own words, without the password', async () => {
    const { exec } = await start('denied', ['right']);
    const error: unknown = await exec('echo ok').catch((e: unknown) => e);
    expect(error).toMatchObject({
      info: {
        code: 'SUDO_NOT_ALLOWED',
        evidence: expect.stringContaining('not in the sudoers file') as string,
      },
    });
    expect(JSON.stringify(error)).not.toContain('right');
  });

  it('that is not installed says so', async () => {
    const bin = join(await folder(), 'bin');
    await mkdir(bin);
    for (const tool of ['echo', 'cat', 'sh']) await symlink(`/bin/${tool}`, join(bin, tool));
    const server = await NodeServer.start({ env: { PATH: bin } });
    const session = await (await connector()).connect(server.address);
    open.push({ server, session });
    await expect(session.exec({ script: 'true', root: true })).rejects.toMatchObject({
      code: 'SUDO_MISSING',
    });
  });

  it('is not needed when root logs in', async () => {
    const server = await NodeServer.start({ env: { PATH: process.env['PATH'] }, user: 'root' });
    const session = await (await connector()).connect(server.address);
    open.push({ server, session });
    expect((await session.exec({ script: 'echo root', root: true })).stdout).toBe('root\n');
  });

  it('that hangs meets a limit', async () => {
    const clock = new FakeClock();
    const server = await NodeServer.start({
      onExec: (command, channel) => run(command, channel, { PATH: process.env['PATH'] }),
    });
    const secrets = { get: () => new Promise<undefined>(() => undefined) };
    const session = await (await connector({ clock, secrets })).connect(server.address);
    open.push({ server, session });
    const stop = new AbortController();
    const running = session.exec({ script: 'true', root: true }, { signal: stop.signal, timeoutMs: 77 });
    clock.advance(77);
    await expect(running).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT' });
  });
});

describe('a root command', () => {
  it.each([
    [
      'both streams and a status',
      'echo out; echo err >&2; exit 3',
      { code: 3, stdout: 'out\n', stderr: 'err\n' },
    ],
    ['output without a line end', 'printf out; printf err >&2', { code: 0, stdout: 'out', stderr: 'err' }],
    ['nothing', '', { code: 0, stdout: '', stderr: '' }],
    ['several lines', "cat <<'END'\nit's $x\nEND", { stdout: "it's $x\n" }],
    ['an empty input', 'cat; echo end', { stdout: 'end\n' }],
    ['NUL and escapes', `printf 'a\\000\\033[2Jb'`, { stdout: 'a\0\u001b[2Jb' }],
    ['a syntax error', 'if', { code: 2, stdout: '' }],
    ['LC_ALL', 'sh -c \'echo "$LC_ALL"\'', { stdout: 'C\n' }],
  ])('gives %s', async (_name, script, expected) => {
    const { exec } = await start();
    for (let round = 0; round < 2; round++) expect(await exec(script)).toMatchObject(expected);
  });

  it('gets its input whole, and leaves none of it to the next', async () => {
    const { exec } = await start();
    const stdin = 'line\n'.repeat(40_000);
    expect((await exec('cat', {}, stdin)).stdout).toBe(stdin);
    expect(await exec('head -c 3; exit 4', {}, stdin)).toMatchObject({ code: 4, stdout: 'lin' });
    expect((await exec('cat')).stdout).toBe('');
  });

  it('leaves no variables and no folder to the next', async () => {
    const { exec } = await start();
    await exec('left=over; cd /; umask 777; set -e; trap "echo trapped" EXIT');
    expect((await exec('echo "[$left]"; false; echo on')).stdout).toBe('[]\non\n');
  });

  it('is in nobody’s arguments, nor is its input or the password', async () => {
    const { exec, sudo } = await start('password', ['hidden-wrong', 'right']);
    const { stdout } = await exec(': hidden-script; cat > /dev/null; ps -e -o args', {}, 'hidden-input');
    expect(await sudo.log()).toContain('password hidden-wrong');
    const processes = stdout.split('\n');
    expect(processes.filter((text) => text.includes('LC_ALL=C')).length).toBeGreaterThan(0);
    expect(processes.filter((text) => text.includes('hidden-'))).toEqual([]);
  });

  it('runs beside others on shells of their own, no more than three', async () => {
    const { exec, sudo } = await start('password', ['right']);
    const results = await Promise.all(Array.from({ length: 12 }, (_, index) => exec(`echo ${index}`)));
    expect(results.map(({ stdout }) => stdout)).toEqual(results.map((_, index) => `${index}\n`));
    const starts = (await sudo.log()).filter((line) => line === 'start');
    expect(starts.length).toBeLessThanOrEqual(3);
  });

  it('streams without a limit when its output is handed on', async () => {
    const { exec } = await start();
    let bytes = 0;
    await exec('head -c 20000000 /dev/zero', { onStdout: (chunk) => void (bytes += chunk.length) });
    expect(bytes).toBe(20_000_000);
  });
});

describe('a root command that has to end', () => {
  const script = 'sleep 1000 & echo $!; wait';

  it('by a cancel is gone with what it started, and the shell goes on', async () => {
    const { exec, sudo } = await start('password', ['right']);
    const stop = new AbortController();
    const { line, onLine: tell } = onLine();
    const running = exec(script, { signal: stop.signal, onLine: tell });
    const pid = Number(await line);
    expect(alive(pid)).toBe(true);
    stop.abort();
    await expect(running).rejects.toMatchObject({ info: { code: 'CANCELLED', params: { ended: 'yes' } } });
    expect(alive(pid)).toBe(false);
    expect((await exec('echo on')).stdout).toBe('on\n');
    // One for the command, one that ended it.
    expect((await sudo.log()).filter((text) => text === 'start')).toHaveLength(2);
  });

  it('by too much output is gone too', async () => {
    const { exec } = await start();
    const { line, onLine: tell } = onLine();
    await expect(exec('echo $$; exec yes', { onLine: tell })).rejects.toMatchObject({
      info: { code: 'OUTPUT_LIMIT', params: { ended: 'yes' } },
    });
    expect(alive(Number(await line))).toBe(false);
    expect((await exec('echo on')).stdout).toBe('on\n');
  });

  it('and leaves something behind that holds its output costs the shell, not the next command', async () => {
    const { exec } = await start();
    const stop = new AbortController();
    const { line, onLine: tell } = onLine();
    const left = 'setsid sh -c \'trap "" TERM; echo $$; exec sleep 1000\' & wait';
    const running = exec(left, { signal: stop.signal, onLine: tell });
    const pid = Number(await line);
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await exec('echo on')).stdout).toBe('on\n');
    process.kill(pid, 'SIGKILL');
  });
});

describe.each([
  ['sh', ['/bin/sh']],
  ['bash as sh', ['bash', '--posix']],
])('the dispatcher, run by %s', (_name, [shell = 'sh', ...options]) => {
  /** Runs it with this input, then the end of input. */
  async function dispatch(input: string) {
    const child = spawn(shell, [...options, '-c', dispatcher('hello')]);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stdin.end(input);
    await new Promise((resolve) => child.on('close', resolve));
    return out;
  }

  it('runs what is complete and says the end with its nonce', async () => {
    const frame = `${frameLine('nonce', undefined)}\n${evalLine('echo ran; exit 7')}\n`;
    expect(await dispatch(frame)).toMatch(/^hello\n\d+\nran\nnonce 7\n$/);
  });

  it('runs nothing when the connection goes in the middle of a script', async () => {
    const file = join(await folder(), 'ran');
    const frame = `${frameLine('nonce', undefined)}\n${evalLine(`touch ${file}`)}`;
    expect(await dispatch(frame)).toBe('hello\n');
    expect(existsSync(file)).toBe(false);
  });

  it('runs nothing when the connection goes in the middle of an input', async () => {
    const file = join(await folder(), 'ran');
    const frame = `${frameLine('nonce', 100)}\n${evalLine(`cat > ${file}`)}\nAAAA`;
    expect(await dispatch(frame)).toBe('hello\n');
    expect(existsSync(file)).toBe(false);
  });
});
