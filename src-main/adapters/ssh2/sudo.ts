import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/failure';
import type { Clock } from '../../core/ports';
import { Countdown } from './countdown';
import type { ReadyShell } from './ready-shell';
import { dispatcher, sudoLine } from './shell-text';
import { capped } from './wire';

/** What became of one try to get a root shell. */
export type SudoOutcome =
  | { readonly kind: 'root' }
  /** sudo asked and there was nothing to answer. */
  | { readonly kind: 'needed' }
  /** sudo did not take the password. */
  | { readonly kind: 'wrong' };

export interface SudoOptions {
  readonly shell: ReadyShell;
  /** The login user is root: no sudo. */
  readonly isRoot: boolean;
  /** Called when sudo asks; never before. */
  readonly password: () => Promise<string | undefined>;
  readonly clock: Clock;
  /** Limit of each step without the person, in ms. */
  readonly stepMs: number;
  readonly lost: AbortSignal;
  readonly signal: AbortSignal;
}

const keptText = 16 * 1024;

/**
 * Turns a ready shell into a root shell.
 * The prompt carries a nonce, and a password is written only after it was seen: with NOPASSWD or a remembered sudo none
 * ever gets into a standard input that something else would read. Neither password nor scripts are in an argument.
 * @throws Failure SUDO_MISSING, SUDO_NOT_ALLOWED (evidence: sudo's words), COMMAND_TIMEOUT, CONNECTION_LOST, CANCELLED
 */
export function becomeRoot(options: SudoOptions): Promise<SudoOutcome> {
  const prompt = randomBytes(16).toString('hex');
  const hello = randomBytes(16).toString('hex');
  const missing = randomBytes(16).toString('hex');
  const { shell, clock, stepMs, lost, signal } = options;
  const countdown = new Countdown(clock);
  const seen = { stdout: '', stderr: '' };
  let sent = false;
  return new Promise<SudoOutcome>((resolve, reject) => {
    const stop = () => {
      countdown.stop();
      lost.removeEventListener('abort', onLost);
      signal.removeEventListener('abort', onAbort);
      shell.pipeTo(() => undefined);
    };
    const done = (outcome: SudoOutcome) => {
      stop();
      resolve(outcome);
    };
    const fail = (error: unknown) => {
      stop();
      reject(error instanceof Error ? error : new Failure('INTERNAL'));
    };
    const onLost = () => fail(lost.reason);
    const onAbort = () => fail(signal.reason instanceof Failure ? signal.reason : new Failure('CANCELLED'));
    const startLimit = () =>
      countdown.start(stepMs, () => {
        const evidence = capped(seen.stderr);
        fail(new Failure('COMMAND_TIMEOUT', { timeoutMs: stepMs, phase: 'sudo' }, { evidence }));
      });
    const answer = async () => {
      countdown.stop();
      const password = await options.password();
      if (password === undefined || /[\n\0]/.test(password)) {
        done({ kind: 'needed' });
        return;
      }
      sent = true;
      startLimit();
      shell.write(`${password}\n`);
    };
    lost.addEventListener('abort', onLost);
    signal.addEventListener('abort', onAbort);
    shell.pipeTo((stream, chunk) => {
      const asked = seen.stderr.split(prompt).length;
      seen[stream] = (seen[stream] + chunk.toString('utf8')).slice(-keptText);
      if (seen.stdout.includes(`${hello}\n`)) done({ kind: 'root' });
      else if (seen.stderr.split(prompt).length === asked) return undefined;
      else if (sent) done({ kind: 'wrong' });
      else answer().catch(fail);
      return undefined;
    });
    void shell.exit.then(() => {
      const said = seen.stderr.replaceAll(prompt, '');
      if (lost.aborted) onLost();
      else if (said.includes(missing)) fail(new Failure('SUDO_MISSING'));
      else if (sent && /incorrect|authentication/i.test(said)) done({ kind: 'wrong' });
      else if (/password is required|no password was provided/i.test(said)) done({ kind: 'needed' });
      else fail(new Failure('SUDO_NOT_ALLOWED', {}, { evidence: capped(said) }));
    });
    startLimit();
    const text = dispatcher(hello);
    shell.write(`${options.isRoot ? text : sudoLine(prompt, missing, text)}\n`);
    if (lost.aborted) onLost();
    if (signal.aborted) onAbort();
  });
}
