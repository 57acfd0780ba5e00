import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileBenchStore } from '../src-main/adapters/storage/file-bench-store';
import { entryOf } from '../src-main/core/benchmark/history/entry';
import { withStandings } from '../src-main/core/benchmark/history/standing';
import { measuring, record } from '../tests/unit/core/benchmark/history/records';
import { limits } from '../src-main/contract/limits';
import { median, report } from './report';

/*
 * How long a history takes to open: listed by its index, and once more by reading every record as after the index was
 * lost. Each record holds what a test of five seconds holds: samples of eight links, and 8 KiB of output.
 */

const links = ['enp1s0f0np0', 'enP2p1s0f0np0', 'enp1s0f1np1', 'enP2p1s0f1np1'].flatMap((netdev) =>
  ['one', 'two'].map((node) => ({
    node,
    netdev,
    port: 0 as const,
    half: 'a' as const,
    sentPerSecond: 1.2e10,
    receivedPerSecond: 3.4e7,
    rdma: true,
  })),
);
const samples = Array.from({ length: 25 }, (_, tick) => ({ at: tick / 5, links }));
const output = [{ node: 'one', text: 'x'.repeat(8 * 1024) }];

for (const count of [1_000, 10_000]) {
  const directory = await mkdtemp(path.join(tmpdir(), 'twinspark-history-'));
  const kept = new FileBenchStore(directory, entryOf);
  const began = performance.now();
  for (let number = 0; number < count; number++) {
    await kept.append(record(number, { ...measuring(185 + (number % 10), 'Gb/s'), samples, output }));
  }
  const appended = (performance.now() - began) / count;
  const times: number[] = [];
  const again: number[] = [];
  const shown = (store: FileBenchStore) => async () =>
    withStandings((await store.list()).entries, limits.history);
  for (let round = 0; round < 7; round++) {
    const open = shown(new FileBenchStore(directory, entryOf));
    times.push(await timed(open));
    again.push(await timed(open));
  }
  await rm(path.join(directory, 'benchmarks', 'index.jsonl'));
  const rebuilt = await timed(shown(new FileBenchStore(directory, entryOf)));
  report(`history of ${count} measurements`, [
    ['one is kept (fsynced), ms', appended],
    ['opened: all listed, the newest 1,000 with their standing, ms', median(times)],
    ['listed once more, as after a measurement, ms', median(again)],
    ['opened without an index, ms', rebuilt],
  ]);
  await rm(directory, { recursive: true });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
