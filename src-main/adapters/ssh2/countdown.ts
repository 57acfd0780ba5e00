import { Failure } from '../../core/failure';
import type { Clock } from '../../core/ports';

/** A limit that can be started, restarted for the next phase, and stopped while a person is thinking. */
export class Countdown {
  #running: AbortController | undefined;

  constructor(private readonly clock: Clock) {}

  /** Calls `onEnd` after `ms` unless {@link stop} or another `start` comes first. */
  start(ms: number, onEnd: () => void): void {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    this.clock.sleep(ms, running.signal).then(
      () => {
        if (!running.signal.aborted) onEnd();
      },
      () => undefined,
    );
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }
}

/** The failure that an aborted signal stands for. */
export function abortFailure(signal: AbortSignal): Failure {
  return signal.reason instanceof Failure ? signal.reason : new Failure('CANCELLED');
}

/** `work`, or the abort failure of `signal` as soon as it aborts. `work` then goes on unwatched. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortFailure(signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/** `work`, or the failure that `late` makes after `ms`, or the abort failure. */
export async function within<T>(
  clock: Clock,
  ms: number,
  late: () => Failure,
  signal: AbortSignal | undefined,
  work: Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const countdown = new Countdown(clock);
  countdown.start(ms, () => limit.abort(late()));
  const both = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  try {
    return await orAborted(work, both);
  } finally {
    countdown.stop();
  }
}
