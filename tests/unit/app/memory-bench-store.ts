import type { BenchRecord } from '../../../src-main/contract/bench-record';
import { entryOf } from '../../../src-main/core/benchmark/history/entry';
import { Failure } from '../../../src-main/core/failure';
import type { BenchStore } from '../../../src-main/core/ports';

/** Keeps measurements as long as it lives. */
export class MemoryBenchStore implements BenchStore {
  readonly records: BenchRecord[] = [];
  damaged: string[] = [];
  /** Set: nothing is taken any more. */
  full = false;

  append(record: BenchRecord): Promise<void> {
    if (this.full) return Promise.reject(new Failure('HISTORY_WRITE', { file: 'x', reason: 'ENOSPC' }));
    this.records.push(record);
    return Promise.resolve();
  }

  list() {
    const entries = this.records.toReversed().map(entryOf);
    return Promise.resolve({ entries, damaged: this.damaged, later: [] });
  }

  read(id: string): Promise<BenchRecord> {
    const found = this.records.find((record) => record.id === id);
    return found
      ? Promise.resolve(found)
      : Promise.reject(new Failure('NOT_FOUND', { what: 'benchmark', id }));
  }

  remove(ids: readonly string[]): Promise<void> {
    const left = this.records.filter(({ id }) => !ids.includes(id));
    this.records.splice(0, this.records.length, ...left);
    return Promise.resolve();
  }
}
