import { Failure } from '../../core/failure';
import type { Clock, ExecOptions, ExecResult } from '../../core/ports';
import { Countdown, orAborted, within } from './countdown';
import { Output } from './output';

/** How a command ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A started command. */
export interface Running {
  readonly exit: Promise<Exit>;
  /** Ends it on the node; resolves with whether its processes are known to be gone. */
  end(): Promise<boolean>;
}

export interface SuperviseOptions {
  readonly exec: ExecOptions;
  readonly clock: Clock;
  /** Aborts with the connection. */
  readonly lost: AbortSignal;
  readonly endMs: number;
}

const defaultTimeoutMs = 60_000;

/**
 * Starts a command and waits for its end, its limits, a cancel or the loss of the connection, whichever is first.
 * When it has to be ended, that is waited for (`endMs` at most), so that nothing of it runs on unnoticed:
 * the param `ended` of the failure is `yes`, or `unknown` when the node did not confirm it.
 * @throws Failure CANCELLED, COMMAND_TIMEOUT, OUTPUT_LIMIT, CONNECTION_LOST, and what `start` throws
 */
export async function supervise(
  options: SuperviseOptions,
  start: (output: Output, signal: AbortSignal) => Promise<Running>,
): Promise<ExecResult> {
  const { exec, clock, lost } = options;
  const timeoutMs = exec.timeoutMs ?? defaultTimeoutMs;
  const stop = new AbortController();
  const output = new Output(exec, (stream, limit) =>
    stop.abort(new Failure('OUTPUT_LIMIT', { stream, maxBytes: limit })),
  );
  const countdown = new Countdown(clock);
  const signals = [stop.signal, lost, ...(exec.signal === undefined ? [] : [exec.signal])];
  const any = AbortSignal.any(signals);
  const began = clock.now();
  countdown.start(timeoutMs, () => stop.abort(new Failure('COMMAND_TIMEOUT', { timeoutMs })));
  let running: Running | undefined;
  const starting = start(output, any);
  starting.catch(() => undefined);
  try {
    running = await orAborted(starting, any);
    running.exit.catch(() => undefined);
    const exit = await orAborted(running.exit, any);
    output.end();
    const stdout = output.text('stdout');
    return { ...exit, stdout, stderr: output.text('stderr'), durationMs: clock.now() - began };
  } catch (error) {
    if (!any.aborted || lost.aborted) throw error;
    if (running === undefined) {
      // It may have started in the very moment of the abort.
      starting.then((late) => late.end()).catch(() => undefined);
      throw error;
    }
    output.end();
    throw withOutcome(error, await endOf(running, options));
  } finally {
    countdown.stop();
  }
}

async function endOf(running: Running, { clock, endMs, lost }: SuperviseOptions): Promise<boolean> {
  try {
    return await within(clock, endMs, () => new Failure('COMMAND_TIMEOUT'), lost, running.end());
  } catch {
    return false;
  }
}

function withOutcome(error: unknown, ended: boolean): unknown {
  if (!(error instanceof Failure)) return error;
  const { code, params, ...rest } = error.info;
  return new Failure(code, { ...params, ended: ended ? 'yes' : 'unknown' }, { ...rest, cause: error.cause });
}
