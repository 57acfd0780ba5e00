import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { userLine } from '../../../../src-main/adapters/ssh2/shell-text';
import type { ExecOptions, Session } from '../../../../src-main/core/ports';
import { connector, FakeClock, removeFolders } from './fixtures/laptop';
import { NodeServer, type NodeServerOptions, run } from './fixtures/node-server';

const open: { server: NodeServer; session: Session }[] = [];
afterEach(async () => {
  for (const { server, session } of open.splice(0)) {
    await session.close();
    await server.stop();
  }
});
afterAll(removeFolders);

async function start(options: NodeServerOptions = {}, more: Parameters<typeof connector>[0] = {}) {
  const server = await NodeServer.start(options);
  const session = await (await connector(more)).connect(server.address);
  open.push({ server, session });
  const exec = (script: string, options?: ExecOptions) => session.exec({ script, root: false }, options);
  return { server, session, exec };
}

/** Waits for a line of a running command. */
function onLine() {
  let tell: (line: string) => void = () => undefined;
  const line = new Promise<string>((resolve) => (tell = resolve));
  return { line, onLine: (_stream: unknown, text: string) => tell(text) };
}

/** Whether a process runs; one that is dead and not collected yet does not. */
const alive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a command', () => {
  it('gives both streams and the exit status', async () => {
    const { exec } = await start();
    expect(await exec('echo out; echo err >&2; exit 3')).toMatchObject({
      code: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('gives the signal that ended it', async () => {
    const { exec } = await start();
    expect(await exec('kill -s KILL $$')).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it.each([
    ['quotes', `printf %s "it's" '"$HOME"' "\\\\"`, `it's"$HOME"\\`],
    ['several lines', 'if true\nthen\n  echo a\n\n  echo b # c\nfi', 'a\nb\n'],
    ['a here-document', "cat <<'END'\n$x `y` \\\nEND", '$x `y` \\\n'],
    ['UTF-8', 'printf 스파크', '스파크'],
    ['nothing', '', ''],
    ['standard input that is empty', 'cat; echo end', 'end\n'],
    ['an early exit in a loop', 'for i in 1 2; do echo $i; exit 0; done', '1\n'],
    ['LC_ALL', 'sh -c \'echo "$LC_ALL"\'', 'C\n'],
  ])('runs as written: %s', async (_name, script, stdout) => {
    const { exec } = await start();
    expect(await exec(script)).toMatchObject({ code: 0, stdout, stderr: '' });
  });

  it('gets its input byte by byte', async () => {
    const { session } = await start();
    const stdin = Uint8Array.from({ length: 200_000 }, (_, index) => index % 256);
    const chunks: Uint8Array[] = [];
    const result = await session.exec(
      { script: 'cat; exit 4', root: false, stdin },
      { onStdout: (chunk) => void chunks.push(chunk) },
    );
    expect(result).toMatchObject({ code: 4, stdout: '' });
    expect(Buffer.concat(chunks).equals(stdin)).toBe(true);
  });

  it('need not read its input', async () => {
    const { session } = await start();
    const stdin = 'x'.repeat(1_000_000);
    expect(await session.exec({ script: 'exit 5', root: false, stdin })).toMatchObject({ code: 5 });
  });

  it('keeps NUL bytes and escape sequences', async () => {
    const { exec } = await start();
    expect((await exec(`printf 'a\\000\\033[2Jb'`)).stdout).toBe('a\0\u001b[2Jb');
  });

  it('is told line by line', async () => {
    const { exec } = await start();
    const lines: string[] = [];
    await exec('echo one; echo two >&2; printf three', {
      onLine: (stream, line) => void lines.push(`${stream} ${line}`),
    });
    expect(lines.sort()).toEqual(['stderr two', 'stdout one', 'stdout three']);
  });

  it('is in nobody’s arguments', async () => {
    const { session, server } = await start();
    const script = ': hidden-in-script; cat > /dev/null; ps -e -o args';
    const { stdout } = await session.exec({ script, root: false, stdin: 'hidden-in-input' });
    const processes = stdout.split('\n');
    expect(processes.filter((text) => text.includes('LC_ALL=C')).length).toBeGreaterThan(0);
    expect(processes.filter((text) => text.includes('hidden-in'))).toEqual([]);
    expect(server.commands.join()).not.toContain('hidden-in');
  });

  it('does not see what start-up files print', async () => {
    const noisy: NodeServerOptions = {
      onExec: (command, channel) => run(`echo welcome; echo motd >&2; ${command}`, channel),
    };
    const { exec } = await start(noisy);
    expect(await exec('echo out')).toMatchObject({ stdout: 'out\n', stderr: '' });
  });

  it('on an account without a shell says what the account printed', async () => {
    const { exec } = await start({
      onExec: (_command, channel) => {
        channel.write('This account is currently not available.\n');
        channel.exit(1);
        channel.end();
      },
    });
    await expect(exec('true')).rejects.toMatchObject({
      info: { code: 'SHELL_UNUSABLE', evidence: 'This account is currently not available.\n' },
    });
  });
});

describe('output', () => {
  it('beyond the limit ends the command', async () => {
    const { exec } = await start();
    const { line, onLine: tell } = onLine();
    const flooding = exec('echo $$; exec yes', { onLine: tell });
    await expect(flooding).rejects.toMatchObject({
      info: { code: 'OUTPUT_LIMIT', params: { stream: 'stdout', maxBytes: 4 * 1024 * 1024, ended: 'yes' } },
    });
    expect(alive(Number(await line))).toBe(false);
  });

  it('has no limit when it is handed on', async () => {
    const { exec } = await start();
    let bytes = 0;
    const result = await exec('head -c 50000000 /dev/zero', {
      onStdout: (chunk) => void (bytes += chunk.length),
    });
    expect(result).toMatchObject({ code: 0, stdout: '' });
    expect(bytes).toBe(50_000_000);
  });

  it('is read no faster than it is taken', async () => {
    const { exec, server } = await start();
    let take: () => void = () => undefined;
    let taken = 0;
    const first = new Promise<void>((resolve) => {
      const result = exec('head -c 50000000 /dev/zero', {
        onStdout: (chunk) => {
          taken += chunk.length;
          resolve();
          return new Promise<void>((go) => (take = go));
        },
      });
      result.catch(() => undefined);
    });
    await first;
    const [socket] = server.sockets;
    // A further command shows that the connection itself is not held up.
    expect((await exec('echo still')).stdout).toBe('still\n');
    expect(taken).toBeLessThan(100_000);
    expect(socket?.bytesWritten).toBeLessThan(10_000_000);
    take();
  });
});

describe('a command that has to end', () => {
  const script = 'sleep 1000 & echo $!; wait';

  it('by a cancel is gone when the cancel is told, with what it started', async () => {
    const { exec } = await start();
    const stop = new AbortController();
    const { line, onLine: tell } = onLine();
    const running = exec(script, { signal: stop.signal, onLine: tell });
    const pid = Number(await line);
    expect(alive(pid)).toBe(true);
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(alive(pid)).toBe(false);
  });

  it('by its limit too, also when it does not listen to TERM', async () => {
    const clock = new FakeClock();
    const { exec } = await start({}, { clock });
    const { line, onLine: tell } = onLine();
    const running = exec(`trap '' TERM; ${script}`, { timeoutMs: 1234, onLine: tell });
    const pid = Number(await line);
    clock.advance(1234);
    await expect(running).rejects.toMatchObject({
      info: { code: 'COMMAND_TIMEOUT', params: { timeoutMs: 1234, ended: 'yes' } },
    });
    expect(alive(pid)).toBe(false);
  });

  it('before it has started never starts', async () => {
    const { exec } = await start({ onExec: () => undefined });
    const stop = new AbortController();
    const running = exec('true', { signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('many commands at once', () => {
  it('share the channels that the server allows', async () => {
    const { exec, server } = await start({ maxSessions: 10 });
    const results = await Promise.all(Array.from({ length: 40 }, (_, index) => exec(`echo ${index}`)));
    expect(results.map(({ stdout }) => stdout)).toEqual(results.map((_, index) => `${index}\n`));
    expect(server.peakSessions).toBeLessThanOrEqual(8);
  });

  it('work with a server that allows a single session', async () => {
    const { exec } = await start({ maxSessions: 1 });
    const results = await Promise.all(Array.from({ length: 5 }, (_, index) => exec(`echo ${index}`)));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  });

  it('wait in a queue that can be left', async () => {
    const { exec } = await start();
    const stop = new AbortController();
    const ends = Array.from({ length: 8 }, () => exec('sleep 1000', { signal: stop.signal }));
    const waiting = new AbortController();
    const queued = exec('true', { signal: waiting.signal });
    waiting.abort();
    await expect(queued).rejects.toMatchObject({ code: 'CANCELLED' });
    stop.abort();
    expect((await Promise.allSettled(ends)).map(({ status }) => status)).toEqual(ends.map(() => 'rejected'));
    expect((await exec('echo free')).stdout).toBe('free\n');
  });
});

describe('the loss of the connection', () => {
  it('ends every command that waits, aborts `lost`, and refuses the next', async () => {
    const { exec, server, session } = await start();
    const { line, onLine: tell } = onLine();
    const running = exec('echo up; sleep 1000', { onLine: tell });
    await line;
    server.cut();
    await expect(running).rejects.toMatchObject({ info: { code: 'CONNECTION_LOST', node: 'spark-a' } });
    expect(session.lost.aborted).toBe(true);
    await expect(exec('true')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('in the middle of an input runs nothing', async () => {
    const child = spawn('/bin/sh', ['-c', 'IFS= read -r _x && eval "$_x"']);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stdin.end(`${userLine('echo ran', 100)}\nAAAA`);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, out }).toEqual({ code: 255, out: '' });
  });
});
