import process from 'node:process';
import { FileBenchStore } from '../../../../src-main/adapters/storage/file-bench-store';
import { entryOf } from '../../../../src-main/core/benchmark/history/entry';
import { record } from '../../core/benchmark/history/records';

/** Another process that keeps measurements: `append-records DIR FROM COUNT`. */
const [directory = '', from = '0', count = '0'] = process.argv.slice(2);
const store = new FileBenchStore(directory, entryOf);
for (let number = 0; number < Number(count); number++) await store.append(record(Number(from) + number));
