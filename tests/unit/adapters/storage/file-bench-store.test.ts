import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileBenchStore } from '../../../../src-main/adapters/storage/file-bench-store';
import { entryOf } from '../../../../src-main/core/benchmark/history/entry';
import type { BenchRecord } from '../../../../src-main/contract/bench-record';
import { Failure } from '../../../../src-main/core/failure';
import { record } from '../../core/benchmark/history/records';

let directory: string;
let folder: string;
/** Records that were read to be summarised. */
let summarised: string[];
let store: FileBenchStore;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'twinspark-bench-'));
  folder = path.join(directory, 'benchmarks');
  store = opened();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** As another start of the app opens it. */
function opened(): FileBenchStore {
  summarised = [];
  return new FileBenchStore(directory, (one) => {
    summarised.push(one.id);
    return entryOf(one);
  });
}

async function filled(count: number): Promise<BenchRecord[]> {
  const records = Array.from({ length: count }, (_, number) => record(number));
  for (const one of records) await store.append(one);
  return records;
}

const ids = async (of = store) => (await of.list()).entries.map(({ id }) => id);
const index = () => path.join(folder, 'index.jsonl');
const failsWith = (code: string) => (error: unknown) => error instanceof Failure && error.code === code;

test('gives back what was kept, newest first, private to the user', async () => {
  const [first, second] = await filled(2);
  expect(await store.read(first?.id ?? '')).toEqual(first);
  const { entries, damaged, later } = await opened().list();
  expect(entries).toEqual([second, first].map((one) => entryOf(one!)));
  expect([damaged, later]).toEqual([[], []]);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(folder))
    expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
  expect((await readdir(folder)).sort()).toEqual([`${first?.id}.json`, `${second?.id}.json`, 'index.jsonl']);
});

test('an empty folder, or none, is an empty history', async () => {
  expect(await store.list()).toEqual({ entries: [], damaged: [], later: [] });
});

test('lists from the index without reading a record', async () => {
  await filled(5);
  const again = opened();
  expect((await again.list()).entries).toHaveLength(5);
  expect(summarised).toEqual([]);
});

describe('an index that is', () => {
  test.each([
    ['gone', () => rm(index())],
    ['empty', () => truncate(index())],
    ['noise', () => writeFile(index(), '\0\0{"v":1,"entry":{}}\n[]\nnull\n{"v":')],
    [
      'of another version',
      async () => writeFile(index(), (await readFile(index(), 'utf8')).replaceAll('"v":1', '"v":2')),
    ],
    ['torn in its last line', async () => truncate(index(), (await stat(index())).size - 40)],
    [
      'a folder',
      async () => {
        await rm(index());
        await mkdir(index());
      },
    ],
  ])('%s is made anew from the records', async (_what, damage) => {
    const wanted = (await filled(3)).map(({ id }) => id).reverse();
    await damage();
    expect(await ids(opened())).toEqual(wanted);
    // And is good afterwards, unless nothing can be written there.
    const again = opened();
    expect(await ids(again)).toEqual(wanted);
    if (_what !== 'a folder') expect(summarised).toEqual([]);
  });

  test('torn does not swallow the line that is appended next', async () => {
    await filled(2);
    await appendFile(index(), '{"v":1,"entry":{"id":"2026');
    await store.append(record(9));
    const again = opened();
    expect(await ids(again)).toHaveLength(3);
    expect(summarised).toEqual([]);
  });

  test('full of what is gone is written anew', async () => {
    const records = await filled(40);
    await store.remove(records.slice(0, 38).map(({ id }) => id));
    expect(await ids()).toHaveLength(2);
    expect((await readFile(index(), 'utf8')).trim().split('\n')).toHaveLength(2);
    expect(await readdir(folder)).toHaveLength(3);
  });
});

describe('a record that is', () => {
  test.each([
    ['torn', (text: string) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['of another shape', () => '{"version":1}'],
    ['under another name', (text: string) => text.replace(/"id":"\d{8}/, '"id":"19990101')],
  ])('%s is left out, told, and left alone', async (_what, damage) => {
    const [one, other] = await filled(2);
    const file = path.join(folder, `${one?.id}.json`);
    const damaged = damage(await readFile(file, 'utf8'));
    await writeFile(file, damaged);
    await rm(index());
    const listed = await opened().list();
    expect(listed.entries.map(({ id }) => id)).toEqual([other?.id]);
    expect(listed.damaged).toEqual([one?.id]);
    await expect(store.read(one?.id ?? '')).rejects.toSatisfy(failsWith('NOT_FOUND'));
    expect(await readFile(file, 'utf8')).toBe(damaged);
  });

  test('of a later version is left alone and told apart', async () => {
    const [one] = await filled(1);
    const later = JSON.stringify({ ...record(7), version: 2, new: true });
    const file = path.join(folder, `${record(7).id}.json`);
    await writeFile(file, later);
    expect(await store.list()).toMatchObject({
      entries: [{ id: one?.id }],
      damaged: [],
      later: [record(7).id],
    });
    await expect(store.read(record(7).id)).rejects.toSatisfy(failsWith('NOT_FOUND'));
    expect(await readFile(file, 'utf8')).toBe(later);
  });
});

test.each(['../../etc/passwd', 'index', '', '20261120T090000Z-0000000', '20261120T090000Z-00000000/../x'])(
  'takes %j for no measurement, not for a path',
  async (id) => {
    await filled(1);
    await expect(store.read(id)).rejects.toSatisfy(failsWith('NOT_FOUND'));
    await store.remove([id]);
    await expect(store.append({ ...record(1), id })).rejects.toSatisfy(failsWith('NOT_FOUND'));
    expect(await ids()).toHaveLength(1);
  },
);

test('removes for good, and nothing else', async () => {
  const [one, two] = await filled(2);
  await store.remove([one?.id ?? '', record(99).id]);
  expect(await ids()).toEqual([two?.id]);
  expect(await ids(opened())).toEqual([two?.id]);
  await expect(store.read(one?.id ?? '')).rejects.toSatisfy(failsWith('NOT_FOUND'));
});

test('says so when nothing can be written, and leaves no half record', async () => {
  await writeFile(folder, 'not a folder');
  await expect(store.append(record(0))).rejects.toSatisfy(
    (error: unknown) =>
      error instanceof Failure &&
      error.code === 'HISTORY_WRITE' &&
      String(error.info.params['file']).endsWith(`${record(0).id}.json`),
  );
  await rm(folder);
  await store.append(record(0));
  expect(await readdir(folder)).toHaveLength(2);
});

test('reads what may only be read', async () => {
  await filled(2);
  await rm(index());
  await chmod(folder, 0o500);
  expect(await ids(opened())).toHaveLength(2);
  await chmod(folder, 0o700);
});

test('two processes append at once, and nothing is lost', async () => {
  const child = (from: number) =>
    fork(path.resolve(import.meta.dirname, 'append-records.ts'), [directory, String(from), '40'], {
      execArgv: ['--import', 'tsx'],
    });
  const both = [child(0), child(100)];
  const ends = await Promise.all(both.map((one) => once(one, 'exit')));
  expect(ends.map(([code]) => code as unknown)).toEqual([0, 0]);
  const again = opened();
  expect(await ids(again)).toHaveLength(80);
  expect(summarised).toEqual([]);
});
