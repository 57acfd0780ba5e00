import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../core/failure';
import type { Clock } from '../../core/ports';

/** The computer's own clock. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    try {
      await wait(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      throw new Failure('CANCELLED', {}, { cause: error });
    }
  }
}
