import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

/** Where the build is: `dist`, or the folder that TWINSPARK_DIST names. */
export const dist = path.resolve(import.meta.dirname, '../..', process.env['TWINSPARK_DIST'] ?? 'dist');

export interface ServeOptions {
  /** Opens the practice pair at once; true when absent. */
  readonly practice?: boolean;
  /** Goes on where an earlier server has stopped; a fresh one when absent. Kept by whoever gave it. */
  readonly dataDir?: string;
  readonly port?: number;
  /** Beside PATH, HOME and the language: nothing of this computer's own settings reaches the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ServedTwinspark {
  /** Lets one browser in, once. */
  readonly url: string;
  /** The same without the token: for a browser that is in already. */
  readonly address: string;
  readonly port: number;
  readonly dataDir: string;
  /** What the process has said on standard error so far. */
  readonly notes: () => string;
  /** Ctrl-C: what is under way is taken back first. @returns the exit status */
  stop(): Promise<number | null>;
  /** Ends the process as a crash would. The data folder stays, whoever it belongs to. */
  crash(): Promise<void>;
  /** Sends a signal and does not wait for anything: to freeze the process, or to end it at one moment. */
  signal(name: NodeJS.Signals): void;
  isRunning(): boolean;
}

/**
 * Starts the built `twinspark serve` with a home of its own, and waits until it can be opened.
 * @throws Error with what it said when it ends before that
 */
export async function serveTwinspark(options: ServeOptions = {}): Promise<ServedTwinspark> {
  const home = await mkdtemp(path.join(tmpdir(), 'twinspark-e2e-'));
  const dataDir = options.dataDir ?? path.join(home, 'data');
  const args = [
    ...['serve', '--no-open', '--json', '--data-dir', dataDir],
    ...((options.practice ?? true) ? ['--practice'] : []),
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
  ];
  const child = spawn(process.execPath, [path.join(dist, 'cli', 'twinspark.js'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'en_US.UTF-8', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let notes = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (notes += text));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line') as Promise<[string]>, exited.then(() => undefined)]);
  const serving = JSON.parse(first?.[0] ?? '{}') as { type?: string; url?: string; port?: number };
  if (serving.type !== 'serving' || serving.url === undefined || serving.port === undefined) {
    child.kill('SIGKILL');
    await rm(home, { recursive: true, force: true });
    throw new Error(`twinspark serve did not start:\n${first?.[0] ?? ''}\n${notes}`);
  }
  return {
    url: serving.url,
    address: new URL('/', serving.url).href,
    port: serving.port,
    dataDir,
    notes: () => notes,
    async stop() {
      child.kill('SIGINT');
      const [status] = await exited;
      await rm(home, { recursive: true, force: true });
      return status;
    },
    async crash() {
      child.kill('SIGKILL');
      await exited;
      // Only what is in the data folder outlives a crash.
      if (options.dataDir !== undefined) await rm(home, { recursive: true, force: true });
    },
    signal: (name) => void child.kill(name),
    isRunning: () => child.exitCode === null && child.signalCode === null,
  };
}
