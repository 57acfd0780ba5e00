import type { BenchRecord } from '../../../../src-main/contract/bench-record';
import type { BenchRequest } from '../../../../src-main/contract/bench-request';
import type { BenchParts } from '../../../../src-main/core/benchmark/run/bench';
import { pairDigest } from '../../../../src-main/core/benchmark/run/conditions';
import type { RunOptions } from '../../../../src-main/core/benchmark/run/options';
import { Failure } from '../../../../src-main/core/failure';
import { record } from '../../core/benchmark/history/records';

/** One measurement that waits until it is let go, or cancelled. */
export interface Running {
  readonly request: BenchRequest;
  readonly options: RunOptions;
  readonly parts: BenchParts;
  end(patch?: Partial<BenchRecord>): void;
  fail(error: unknown): void;
}

/** A bench whose measurements are led by the test. */
export function ledBench() {
  const running: Running[] = [];
  const waiting: ((one: Running) => void)[] = [];
  let count = 0;
  const measure = (parts: BenchParts) => ({
    run: (request: BenchRequest, options: RunOptions = {}) =>
      new Promise<BenchRecord>((resolve, reject) => {
        const made = (patch: Partial<BenchRecord>) => {
          const hostKeys = parts.sessions.map(({ hostKey }) => hostKey) as [string, string];
          const { id, startedAt } = record(count++);
          return {
            ...record(0),
            id,
            startedAt,
            pair: pairDigest(hostKeys),
            suite: options.suite ?? null,
            request,
            ...patch,
          };
        };
        const one: Running = {
          request,
          options,
          parts,
          end: (patch = {}) => resolve(made(patch)),
          fail: reject,
        };
        options.signal?.addEventListener('abort', () =>
          resolve(made({ outcome: 'cancelled', failure: new Failure('CANCELLED').info, result: null })),
        );
        const next = waiting.shift();
        if (next) next(one);
        else running.push(one);
      }),
  });
  const next = (): Promise<Running> => {
    const one = running.shift();
    return one ? Promise.resolve(one) : new Promise((resolve) => waiting.push(resolve));
  };
  return { measure, next };
}
