import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { LabError } from './error';

export interface RunOptions {
  readonly input?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Upper bound in ms; the process is killed after it. Default 60,000. */
  readonly timeoutMs?: number | undefined;
}

export interface RunResult {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. A non-zero exit resolves; a limit that passes throws LabError `timeout`. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const timeoutMs = options.timeoutMs ?? 60_000;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: '/', env: options.env ?? process.env });
    const out: string[] = [];
    const err: string[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
      // A daemon that the command left behind may hold the pipes open: do not wait for it.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new LabError('command-failed', `${command}: ${cause.message}`));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (late) {
        const seen = `${out.join('')}${err.join('')}`.slice(-400);
        reject(new LabError('timeout', `${command} ${args.join(' ')} took over ${timeoutMs} ms: ${seen}`));
      } else resolve({ code, signal, stdout: out.join(''), stderr: err.join('') });
    });
  });
}

/** Like `run`, and throws LabError `command-failed` with the program's own words unless it exits 0. */
export async function must(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const result = await run(command, args, options);
  if (result.code !== 0) {
    const words = result.stderr.trim() || result.stdout.trim();
    throw new LabError('command-failed', `${[command, ...args].join(' ')}: ${words.slice(-2000)}`);
  }
  return result.stdout;
}

/**
 * Waits until `condition` gives a value other than undefined or false. For states that have no event to wait on.
 * @throws LabError `timeout` after `limitMs`, with `what`
 */
export async function until<T>(
  what: string,
  limitMs: number,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  everyMs = 15,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new LabError('timeout', `${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** A process by pid and start time, so that a pid which was given to somebody else is never signalled. */
export interface ProcessId {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: clock ticks since boot. */
  readonly started: string;
}

/** Identity of a running process; undefined when there is none (a zombie counts as gone). */
export function identify(pid: number): ProcessId | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** Whether exactly this process still runs. */
export function alive(id: ProcessId | undefined): boolean {
  return id !== undefined && identify(id.pid)?.started === id.started;
}

/** Sends SIGKILL to exactly this process if it still runs. */
export function killHard(id: ProcessId | undefined): void {
  if (id === undefined || !alive(id)) return;
  try {
    process.kill(id.pid, 'SIGKILL');
  } catch {
    // Ended between the look and the signal.
  }
}
