import { Failure } from '../../core/failure';
import type { Clock, ExecRequest, SecretRequest } from '../../core/ports';
import { abortFailure, orAborted } from './countdown';
import { Frame } from './frame';
import type { Limits } from './limits';
import type { Output } from './output';
import type { ReadyShell } from './ready-shell';
import type { SecretSource } from './secrets';
import type { ShellPool } from './shell-pool';
import { endGroupScript, evalLine, frameLine } from './shell-text';
import { becomeRoot } from './sudo';
import type { Exit, Running } from './supervise';
import { encodedInput } from './user-exec';

export interface RootShellsOptions {
  readonly pool: ShellPool;
  readonly node: string;
  readonly user: string;
  readonly secrets: SecretSource;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly lost: AbortSignal;
}

const maxTries = 3;

/**
 * Root commands of one connection. sudo is asked once per shell, not once per command, and the person at most once per
 * session: a few shells run at a time, one command each. The wire form is in `shell-text.ts`; why it is so is in
 * docs/decisions/0004-root-shell.md.
 */
export class RootShells {
  readonly #idle: ReadyShell[] = [];
  readonly #waiting: (() => void)[] = [];
  #count = 0;
  /** Shells are opened one after the other, so that two commands do not ask the person twice. */
  #opening: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RootShellsOptions) {}

  /** Runs one command as root. @throws Failure SUDO_…, SHELL_UNUSABLE, CONNECTION_LOST, CANCELLED */
  async start(request: ExecRequest, output: Output, signal: AbortSignal): Promise<Running> {
    const input = encodedInput(request);
    const script = evalLine(request.script);
    const shell = await this.#acquire(signal);
    if (signal.aborted) {
      this.#release(shell);
      throw abortFailure(signal);
    }
    return this.#run(shell, script, input, output);
  }

  #run(shell: ReadyShell, script: string, input: string | undefined, output: Output): Running {
    const frame = new Frame((stream, chunk) => output.push(stream, chunk));
    shell.pipeTo((stream, chunk) => frame.push(stream, chunk));
    shell.write(`${frameLine(frame.nonce, input?.length)}\n${script}\n${input ?? ''}`);
    // A shell that ends in the middle of a frame (somebody killed it) leaves the command's outcome unknown.
    const exit = Promise.race([
      frame.status.then((code): Exit => ({ code, signal: null })),
      shell.exit.then((): Exit => {
        if (this.options.lost.aborted) throw this.options.lost.reason;
        return { code: null, signal: null };
      }),
    ]);
    let ending = false;
    void frame.status.then(() => {
      if (!ending) this.#release(shell);
    });
    return {
      exit,
      end: async () => {
        ending = true;
        return this.#end(shell, frame);
      },
    };
  }

  /**
   * Ends the command's process group through a second root shell. When its frame closes after that, the shell goes on;
   * when something that left the group still holds the output, the shell is given up and the next command opens another.
   */
  async #end(shell: ReadyShell, frame: Frame): Promise<boolean> {
    const { lost, clock, limits } = this.options;
    try {
      await orAborted(Promise.race([frame.started, frame.status, shell.exit]), lost);
      if (frame.ended || frame.group === 0) return frame.ended;
      const gone = await this.#endGroup(frame.group);
      const patience = new AbortController();
      await Promise.race([frame.status, shell.exit, clock.sleep(limits.endMs / 2, patience.signal)]);
      patience.abort();
      return gone;
    } finally {
      if (frame.ended) this.#release(shell);
      else this.#drop(shell);
    }
  }

  async #endGroup(group: number): Promise<boolean> {
    const { pool, lost } = this.options;
    const killer =
      this.#idle.pop() ?? (await this.#counting(() => this.#authenticate(() => pool.reserve(lost), lost)));
    const frame = new Frame(() => undefined);
    killer.pipeTo((stream, chunk) => frame.push(stream, chunk));
    killer.write(`${frameLine(frame.nonce, undefined)}\n${evalLine(endGroupScript(group))}\n`);
    try {
      return (await Promise.race([frame.status, killer.exit.then(() => 1)])) === 0;
    } finally {
      killer.close();
      this.#forget(killer);
    }
  }

  async #acquire(signal: AbortSignal): Promise<ReadyShell> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle !== undefined) return idle;
      if (this.#count < this.options.limits.rootShells) return this.#open(signal);
      let go: (() => void) | undefined;
      try {
        await orAborted(new Promise<void>((resolve) => this.#waiting.push((go = resolve))), signal);
      } catch (error) {
        const at = go === undefined ? -1 : this.#waiting.indexOf(go);
        if (at >= 0) this.#waiting.splice(at, 1);
        else this.#waiting.shift()?.();
        throw error;
      }
    }
  }

  #open(signal: AbortSignal): Promise<ReadyShell> {
    const before = this.#opening;
    const opening = orAborted(before, signal).then(() => {
      // A shell that became free meanwhile saves an authentication.
      const idle = this.#idle.pop();
      if (idle === undefined) return this.#authenticate(() => this.options.pool.take(signal), signal);
      this.#count--;
      return idle;
    });
    this.#opening = Promise.allSettled([before, opening]);
    return this.#counting(() => opening);
  }

  /** Counts a shell while it is being opened, so that there are never too many. */
  async #counting(open: () => Promise<ReadyShell>): Promise<ReadyShell> {
    this.#count++;
    try {
      return await open();
    } catch (error) {
      this.#count--;
      this.#waiting.shift()?.();
      throw error;
    }
  }

  /** A root shell; a wrong password is asked for again, on a new channel each time, and never sent twice. */
  async #authenticate(open: () => Promise<ReadyShell>, signal: AbortSignal): Promise<ReadyShell> {
    const { node, user, secrets, clock, limits, lost } = this.options;
    const request: SecretRequest = { kind: 'sudo-password', node, user };
    const refused = new Set<string>();
    for (let attempt = 0; attempt < maxTries; attempt++) {
      const asked = attempt === 0 ? request : { ...request, retry: true };
      const answers: string[] = [];
      const password = async () => {
        const given = await secrets.get(asked, signal);
        if (given === undefined || refused.has(given)) return undefined;
        answers.push(given);
        return given;
      };
      const shell = await open();
      const isRoot = user === 'root';
      const step = { shell, isRoot, password, clock, stepMs: limits.shellMs, lost, signal };
      const outcome = await becomeRoot(step).catch((error: unknown) => {
        shell.close();
        throw error;
      });
      const [given] = answers;
      if (outcome.kind === 'root') {
        if (given !== undefined) secrets.proven(request, given);
        this.#watch(shell);
        return shell;
      }
      shell.close();
      if (outcome.kind === 'needed') {
        throw new Failure(attempt === 0 ? 'SUDO_PASSWORD_NEEDED' : 'SUDO_PASSWORD_WRONG', { user });
      }
      if (given !== undefined) refused.add(given);
    }
    throw new Failure('SUDO_PASSWORD_WRONG', { user });
  }

  readonly #counted = new WeakSet<ReadyShell>();

  /** An idle shell that ends by itself makes room. */
  #watch(shell: ReadyShell): void {
    this.#counted.add(shell);
    void shell.exit.then(() => this.#forget(shell));
  }

  #release(shell: ReadyShell): void {
    if (shell.closed) return;
    shell.pipeTo(() => undefined);
    this.#idle.push(shell);
    this.#waiting.shift()?.();
  }

  #drop(shell: ReadyShell): void {
    shell.close();
    this.#forget(shell);
  }

  #forget(shell: ReadyShell): void {
    if (!this.#counted.delete(shell)) return;
    const at = this.#idle.indexOf(shell);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#count--;
    this.#waiting.shift()?.();
  }
}
