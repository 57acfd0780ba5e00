import type { BenchRecord } from '../../../../src-main/contract/bench-record';
import type { BenchRequest } from '../../../../src-main/contract/bench-request';
import { entryOf } from '../../../../src-main/core/benchmark/history/entry';
import type { RunOptions } from '../../../../src-main/core/benchmark/run/options';
import { Failure } from '../../../../src-main/core/failure';
import type { Home } from '../../../../src-main/hosts/cli/home';

export interface BenchScript {
  readonly bench?: (request: BenchRequest, options: RunOptions) => Promise<BenchRecord>;
  /** The disk takes no more. */
  readonly full?: boolean;
}

/** Measurements as a script has them; `records`, oldest first, is what is kept. */
export function fakeBenchmarks(
  { bench, full }: BenchScript,
  calls: string[],
  records: BenchRecord[],
): Pick<Home, 'bench' | 'benchmarks'> {
  return {
    bench: () => ({
      run: (request, how) => {
        calls.push(`bench ${JSON.stringify(request)}`);
        return bench?.(request, how ?? {}) ?? Promise.reject(new Error('nothing is measured'));
      },
    }),
    benchmarks: {
      append: (record) => {
        if (full === true)
          return Promise.reject(new Failure('HISTORY_WRITE', { file: 'x', reason: 'ENOSPC' }));
        records.push(record);
        return Promise.resolve();
      },
      list: () => Promise.resolve({ entries: records.toReversed().map(entryOf), damaged: [], later: [] }),
      read: (id) => {
        const found = records.find((record) => record.id === id);
        return found
          ? Promise.resolve(found)
          : Promise.reject(new Failure('NOT_FOUND', { what: 'benchmark', id }));
      },
    },
  };
}
