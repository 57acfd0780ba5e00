import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EngineEvent } from '../../src-main/contract/events';
import type { RunSummary } from '../../src-main/contract/run';
import type { FailureInfo } from '../../src-main/contract/failure';
import type { Lab } from './lab';

const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'dist/cli/twinspark.js');
const killer = path.join(root, 'tests/lab/kill-at-record.mjs');

/** What `--json` prints last. */
export interface AppResult {
  readonly type: 'result';
  readonly exitCode: number;
  readonly outcome?: string;
  readonly run?: string;
  readonly changes?: number;
  readonly restored?: number;
  readonly unfinished?: boolean;
  readonly failure?: FailureInfo;
  readonly drifted?: { id: string; node: string; difference: string }[];
  readonly runs?: RunSummary[];
  readonly [key: string]: unknown;
}

export interface Finished {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON lines of stdout. */
  readonly lines: (EngineEvent | AppResult)[];
  readonly result: AppResult | undefined;
  /** All that it said, on either stream. */
  readonly said: string;
  readonly ms: number;
}

/** A command that is still running. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves with the first event that matches, rejects when the command ends without one. */
  event(match: (event: EngineEvent) => boolean): Promise<EngineEvent>;
}

/** The product as a user runs it on a laptop: the built command line with a home and a data folder of its own. */
export class App {
  readonly home = mkdtempSync(path.join(tmpdir(), 'twinspark-app-'));
  readonly data = path.join(this.home, 'data');

  constructor(readonly lab: Lab) {}

  /** Starts a command with `--json` and the lab's cluster file. */
  start(
    args: readonly string[],
    options: { killAt?: number; env?: Record<string, string>; cluster?: string } = {},
  ): Running {
    const { killAt, env = {}, cluster = this.lab.clusterFile } = options;
    const started = Date.now();
    const node = killAt === undefined ? [] : ['--import', killer];
    const child = spawn(
      process.execPath,
      [...node, program, ...args, '--json', '--data-dir', this.data, '-c', cluster],
      {
        cwd: this.home,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          HOME: this.home,
          ...this.lab.env,
          ...(killAt === undefined ? {} : { TWINSPARK_TEST_KILL_AT: String(killAt) }),
          ...env,
        },
      },
    );
    return watch(child, started);
  }

  run(args: readonly string[], options: Parameters<App['start']>[1] = {}): Promise<Finished> {
    return this.start(args, options).finished;
  }

  apply(...settings: string[]): Promise<Finished> {
    return this.run(applyArguments(settings));
  }

  rollback(...args: string[]): Promise<Finished> {
    return this.run(['rollback', ...args, '--yes']);
  }

  /** Everything the app has written on this computer, by path. */
  files(): Map<string, string> {
    const names = readdirSync(this.home, { recursive: true, withFileTypes: true });
    return new Map(
      names
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .map((file) => [file, readFileSync(file, 'latin1')]),
    );
  }

  clean(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

export function applyArguments(settings: readonly string[] = []): string[] {
  return ['apply', 'connect-two-sparks', '--yes', ...settings.flatMap((setting) => ['--set', setting])];
}

function watch(child: ChildProcess, started: number): Running {
  const lines: Finished['lines'] = [];
  const waiting = new Set<{
    match: (event: EngineEvent) => boolean;
    resolve: (event: EngineEvent) => void;
  }>();
  const output = { stdout: '', stderr: '' };
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const line = JSON.parse(part) as EngineEvent | AppResult;
      lines.push(line);
      if (line.type === 'result') continue;
      for (const waiter of [...waiting]) {
        if (!waiter.match(line)) continue;
        waiting.delete(waiter);
        waiter.resolve(line);
      }
    }
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const finished = once(child, 'close').then(([code, signal]: (number | string | null)[]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    ...output,
    lines,
    result: lines.find((line): line is AppResult => line.type === 'result'),
    said: output.stdout + output.stderr,
    ms: Date.now() - started,
  }));
  return {
    child,
    finished,
    event: (match) => {
      const past = lines.find((line): line is EngineEvent => line.type !== 'result' && match(line));
      if (past) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        waiting.add({ match, resolve });
        void finished.then(({ code, stderr }) =>
          reject(new Error(`ended with ${code ?? 'a signal'} before it:\n${stderr}`)),
        );
      });
    },
  };
}
