import os from 'node:os';
import process from 'node:process';
import type { Io } from './io';
import { run } from './run';

/** Connections and timers that somebody forgot must not keep a finished command alive, ms. */
const LINGER_MS = 2_000;

/** Wires the command line to this process. */
export async function start(version: string): Promise<void> {
  // A reader that goes away (`… | head`) must not stop a change half way.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const io: Io = {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: () => process.stdin,
    env: process.env,
    cwd: process.cwd(),
    home: os.homedir(),
    localUser: localUser(),
    interactive: process.stdin.isTTY && process.stderr.isTTY,
    asker: async () => (await import('./asker')).terminalAsker(),
  };
  process.exitCode = await run(process.argv.slice(2), {
    io,
    version,
    compose: async (options) => (await import('../compose')).compose(options, version),
    playbooks: async () => [...(await import('../playbooks')).playbooks.values()],
    process,
    leave: () => process.exit(130),
  });
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

function localUser(): string {
  try {
    return os.userInfo().username;
  } catch {
    return process.env['USER'] ?? 'root';
  }
}
