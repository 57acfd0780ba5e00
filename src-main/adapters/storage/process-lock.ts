import { createHash } from 'node:crypto';
import { rename, unlink } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { Failure } from '../../core/failure';

/**
 * A lock that dies with its process: a local socket (named pipe on Windows) that the holder listens on. The operating
 * system closes it however the process ends, so no stale lock has to be guessed at; who connects is told the holder's pid.
 * @throws Failure RUN_LOCKED (params: pid)
 */
export async function takeProcessLock(directory: string): Promise<{ release(): Promise<void> }> {
  const address = socketPath(directory);
  for (;;) {
    const server = await listen(address);
    if (server) {
      return {
        release: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
          }),
      };
    }
    const pid = await askHolder(address);
    if (pid !== undefined) throw new Failure('RUN_LOCKED', { pid });
    await clearAway(address);
  }
}

/**
 * Removes the socket of a process that is gone. Two newcomers may find it at once: moved aside first, so that only one
 * gets it, and asked once more, in case the other has meanwhile put its own in the place.
 */
async function clearAway(address: string): Promise<void> {
  const aside = `${address}.${process.pid}`;
  try {
    await rename(address, aside);
  } catch {
    return;
  }
  const pid = await askHolder(aside);
  if (pid === undefined) {
    await unlink(aside).catch(() => undefined);
    return;
  }
  await rename(aside, address);
  throw new Failure('RUN_LOCKED', { pid });
}

/** Socket paths are limited to about 100 characters, so the folder is named by its hash. */
function socketPath(directory: string): string {
  const name = createHash('sha256').update(path.resolve(directory)).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\twinspark-${name}`;
  const own = path.join(path.resolve(directory), 'lock');
  return own.length < 100 ? own : path.join(tmpdir(), `twinspark-${userInfo().uid}-${name}`);
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(`${process.pid}\n`);
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else
        reject(new Failure('JOURNAL_WRITE', { file: address, reason: error.code ?? '' }, { cause: error }));
    });
    // The lock alone keeps no process alive.
    server.unref();
    server.listen(address, () => resolve(server));
  });
}

/** @returns the holder's pid (0 when it does not say), or undefined when nobody listens */
function askHolder(address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection(address);
    socket.setEncoding('utf8');
    // A holder that is stopped still holds, although it cannot say its name.
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => resolve(undefined));
    socket.on('close', () => resolve(Number.parseInt(text, 10) || 0));
  });
}
