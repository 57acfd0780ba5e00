import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { Failure } from '../../../../src-main/core/failure';
import type { FailureCode } from '../../../../src-main/contract/failure';
import type { ExecOptions, ExecRequest, ExecResult, Session } from '../../../../src-main/core/ports';

export interface LocalOptions {
  readonly user?: string;
  /** Folders put before PATH. */
  readonly path?: string;
  /** How root is refused. */
  readonly refuseRoot?: FailureCode;
  /** Who runs what does not run as root; the test's own account when left out. */
  readonly uid?: number;
  /** Every command fails like this. */
  readonly fail?: FailureCode;
}

/** A session that runs `/bin/sh -c` on this machine, and counts. */
export class LocalSession implements Session {
  readonly node = 'here';
  readonly user: string;
  readonly hostKey = 'SHA256:none';
  readonly lost = new AbortController().signal;
  readonly requests: ExecRequest[] = [];
  #options: LocalOptions;

  constructor(options: LocalOptions = {}) {
    this.#options = options;
    this.user = options.user ?? 'root';
  }

  exec(request: ExecRequest, options: ExecOptions = {}): Promise<ExecResult> {
    this.requests.push(request);
    if (this.#options.fail !== undefined) return Promise.reject(new Failure(this.#options.fail));
    const { refuseRoot } = this.#options;
    if (request.root && refuseRoot !== undefined) return Promise.reject(new Failure(refuseRoot));
    const PATH = [this.#options.path, process.env['PATH']].filter((one) => one !== undefined).join(':');
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn('/bin/sh', ['-c', request.script], {
        env: { ...process.env, PATH, LC_ALL: 'C' },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...(request.root ? {} : { uid: this.#options.uid, gid: this.#options.uid }),
        signal: options.signal,
      });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      let kept = 0;
      child.stdout.on('data', (chunk: Buffer) => {
        kept += chunk.length;
        if (kept <= (options.maxOutputBytes ?? 4 << 20)) return out.push(chunk);
        child.kill();
        reject(new Failure('OUTPUT_LIMIT'));
      });
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      child.on('error', reject);
      child.on('close', (code, signal) =>
        resolve({
          code,
          signal,
          stdout: Buffer.concat(out).toString('utf8'),
          stderr: Buffer.concat(err).toString('utf8'),
          durationMs: performance.now() - started,
        }),
      );
    });
  }

  openTerminal(): Promise<never> {
    return Promise.reject(new Failure('TERMINAL_UNAVAILABLE', { reason: 'a double' }));
  }

  proveReachable(): Promise<void> {
    return Promise.resolve();
  }

  reconnect(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
