import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileRunStore } from '../../../../src-main/adapters/storage/file-run-store';
import { Failure } from '../../../../src-main/core/failure';

const RUN = '0001-0a1b2c3d';
let directory: string;
let store: FileRunStore;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'twinspark-store-'));
  store = new FileRunStore(directory);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const failsWith = (code: string) => (error: unknown) => error instanceof Failure && error.code === code;

test('keeps records in order, private to the user', async () => {
  await store.create(RUN);
  await store.append(RUN, { seq: 0 });
  await store.append(RUN, { seq: 1, text: 'two\nlines' });
  expect(await store.read(RUN)).toEqual({
    records: [{ seq: 0 }, { seq: 1, text: 'two\nlines' }],
    torn: false,
  });
  expect((await stat(path.join(directory, 'runs', `${RUN}.jsonl`))).mode & 0o777).toBe(0o600);
  expect((await stat(path.join(directory, 'runs'))).mode & 0o777).toBe(0o700);
});

test('leaves out a torn last line, and what is appended after it stays readable', async () => {
  await store.create(RUN);
  await store.append(RUN, { seq: 0 });
  await appendFile(path.join(directory, 'runs', `${RUN}.jsonl`), '{"seq":1,"te');
  expect(await store.read(RUN)).toEqual({ records: [{ seq: 0 }], torn: true });
  await store.append(RUN, { seq: 1 });
  expect((await store.read(RUN)).records).toEqual([{ seq: 0 }, { seq: 1 }]);
});

test('a run is created once', async () => {
  await store.create(RUN);
  await expect(store.create(RUN)).rejects.toSatisfy(failsWith('PLAN_USED'));
});

test.each(['../../etc/passwd', '0001-0a1b2c3d/../x', '', 'a'])(
  'takes %j for no run, not for a path',
  async (run) => {
    await expect(store.read(run)).rejects.toSatisfy(failsWith('UNKNOWN_RUN'));
    await expect(store.append(run, {})).rejects.toSatisfy(failsWith('UNKNOWN_RUN'));
  },
);

test('lists runs oldest first, past the width of the number', async () => {
  for (const run of ['10000-00000000', '0002-ffffffff', '9999-00000000']) await store.create(run);
  await writeFile(path.join(directory, 'runs', 'notes.txt'), '');
  expect(await store.list()).toEqual(['0002-ffffffff', '9999-00000000', '10000-00000000']);
});

test('says so when the disk takes no more', async () => {
  await store.create(RUN);
  await rm(path.join(directory, 'runs'), { recursive: true });
  await expect(store.append(RUN, {})).rejects.toSatisfy(failsWith('JOURNAL_WRITE'));
});

test('the installation keeps its id', async () => {
  const id = await store.installation();
  expect(await new FileRunStore(directory).installation()).toBe(id);
  expect(await readFile(path.join(directory, 'installation'), 'utf8')).toBe(`${id}\n`);
});

test('one driver at a time; the lock is free again after release', async () => {
  const lock = await store.lock();
  await expect(new FileRunStore(directory).lock()).rejects.toSatisfy(
    (error: unknown) =>
      error instanceof Failure && error.code === 'RUN_LOCKED' && error.info.params['pid'] === process.pid,
  );
  await lock.release();
  await (await store.lock()).release();
});

test('a holder killed by SIGKILL leaves no lock behind', async () => {
  const source = path.resolve('src-main/adapters/storage/process-lock.ts');
  const script = `import { takeProcessLock } from ${JSON.stringify(source)};
    await takeProcessLock(process.argv[1]); process.stdout.write('held'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await expect(store.lock()).rejects.toSatisfy(failsWith('RUN_LOCKED'));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await store.lock();
  await lock.release();
});
