import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { App, type AppParts } from '../../../../src-main/app/app';
import { Failure } from '../../../../src-main/core/failure';
import { both } from '../../core/benchmark/suite/fake-bench';
import { measuring } from '../../core/benchmark/history/records';
import { LocalPair, playbookOf, type StageScript } from '../../core/engine/local-pair';
import { MemoryBenchStore } from '../memory-bench-store';
import { BY_HAND, partsOf } from '../parts';
import { TestWindow } from '../window';
import { ledBench } from './led-bench';

const STAGES: StageScript[] = [{ id: 'a', memos: [{ node: 'one', file: 'x', text: 'X' }] }];
const REQUEST = { tool: 'ib_write_bw', halves: 'both' } as const;
const SENTENCE = 'bench.sentence.healthy-bandwidth';

let pair: LocalPair;
let apps: App[] = [];
beforeEach(async () => {
  pair = await LocalPair.make();
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.close();
  await pair.clean();
});

async function started(patch: Partial<AppParts> = {}, stages = STAGES) {
  const bench = ledBench();
  const store = new MemoryBenchStore();
  const parts = partsOf(pair, playbookOf(stages), { measure: bench.measure, benchmarks: store, ...patch });
  const app = await App.start(parts);
  apps.push(app);
  const window = new TestWindow(app);
  await window.open();
  const idle = () => window.until(({ bench: { running } }) => running === null && app.activity === 'idle');
  return { app, window, store, idle, ...bench };
}

async function connected(patch: Partial<AppParts> = {}) {
  const all = await started(patch);
  await all.window.call('pair.choose', { nodes: [...BY_HAND] });
  await all.window.until(
    ({ pair: open }) => open?.nodes.every(({ state }) => state === 'connected') === true,
  );
  return all;
}

describe('a measurement', () => {
  test('shows that it has begun, how it goes, and is in the history when it has ended', async () => {
    const { app, window, store, next, idle } = await connected();
    await window.call('bench.start', { request: REQUEST });
    expect(app.activity).toBe('reading');
    const { bench: begun } = await window.until(({ bench }) => bench.running?.phase === 'preparing');
    if (begun.running === null) throw new Error('nothing runs');
    const one = await next();
    expect(one.request).toEqual({
      ...REQUEST,
      direction: 'forward',
      sizes: 1024 ** 2,
      streams: 4,
      seconds: 5,
    });
    one.options.onLine?.('one', 'stdout', '#bytes');
    one.options.onProgress?.({
      ...begun.running,
      phase: 'measuring',
      expectedSeconds: 5,
    });
    await window.until(({ bench }) => bench.running?.phase === 'measuring');
    one.end();
    const state = await idle();
    expect(state.history).toHaveLength(1);
    expect(state.bench).toMatchObject({ last: state.history[0]?.id, failure: null, suite: null });
    expect(store.records).toHaveLength(1);
    expect(window.lines).toContain('#bytes');
    expect(window.lines).toContain('window.log.bench-ended');
    const id = state.bench.last ?? '';
    expect(await window.call('bench.show', { id })).toEqual(store.records[0]);
  });

  test('needs a pair, a request that is one, and nobody else at work', async () => {
    const alone = await started();
    expect(await alone.window.refusal('bench.start', { request: REQUEST })).toBe('NOT_CONNECTED');
    expect(await alone.window.refusal('bench.prove', {})).toBe('NOT_CONNECTED');
    const { window, next, idle } = await connected();
    for (const request of [{ ...REQUEST, seconds: 0 }, { ...REQUEST, host: '10.0.0.1' }, { tool: 'sh' }]) {
      expect(await window.refusal('bench.start', { request })).toBe('BAD_REQUEST');
    }
    await window.call('bench.start', { request: REQUEST });
    expect(await window.refusal('bench.start', { request: REQUEST })).toBe('WORK_RUNNING');
    expect(await window.refusal('bench.prove', {})).toBe('WORK_RUNNING');
    for (const method of ['pair.forget', 'pair.disconnect', 'practice.start', 'practice.stop'] as const) {
      expect(await window.refusal(method, {})).toBe('WORK_RUNNING');
    }
    expect(await window.refusal('playbook.open', { playbook: 'test' })).toBe('WORK_RUNNING');
    (await next()).end();
    await idle();
  });

  test('is refused while the playbook works, and the playbook while it measures', async () => {
    const { window, next, idle } = await connected();
    await window.call('playbook.open', { playbook: 'test' });
    expect(await window.refusal('bench.start', { request: REQUEST })).toBe('WORK_RUNNING');
    const { plan } = await window.until(({ plan, book }) => plan !== null && book?.work === null);
    await window.call('bench.start', { request: REQUEST });
    expect(await window.refusal('playbook.apply', { hash: plan?.hash ?? '' })).toBe('WORK_RUNNING');
    expect(await window.refusal('playbook.verify', {})).toBe('WORK_RUNNING');
    // Cancelling the playbook's work is no business of a measurement.
    await window.call('work.cancel', {});
    (await next()).end();
    expect((await idle()).history[0]?.outcome).toBe('done');
  });

  test('is cancelled when it is asked to, and kept as cancelled', async () => {
    const { window, next, idle } = await connected();
    await window.call('bench.start', { request: REQUEST });
    await next();
    await window.call('bench.cancel', {});
    await window.until(({ bench }) => bench.running === null || bench.running.cancelling);
    const state = await idle();
    expect(state.history).toMatchObject([{ outcome: 'cancelled' }]);
    expect(state.bench.failure).toBeNull();
  });

  test('is cancelled before the app closes', async () => {
    const { app, window, store, next } = await connected();
    await window.call('bench.start', { request: REQUEST });
    await next();
    await app.close();
    expect(app.activity).toBe('idle');
    expect(store.records).toMatchObject([{ outcome: 'cancelled' }]);
  });

  test('says why it came to nothing; the next one begins without that', async () => {
    const { window, store, next, idle } = await connected();
    await window.call('bench.start', { request: REQUEST });
    (await next()).fail(
      new Failure('BENCH_TOOL_MISSING', { tool: 'ib_write_bw', package: 'perftest' }, { node: 'two' }),
    );
    expect((await idle()).bench.failure).toMatchObject({ code: 'BENCH_TOOL_MISSING', node: 'two' });
    expect(store.records).toEqual([]);
    await window.call('bench.start', { request: REQUEST });
    await window.until(({ bench }) => bench.running !== null && bench.failure === null);
    (await next()).end();
    await idle();
  });

  test('that failed is kept with what went wrong', async () => {
    const { window, next, idle } = await connected();
    await window.call('bench.start', { request: REQUEST });
    (await next()).end({
      outcome: 'failed',
      failure: new Failure('CONNECTION_LOST', {}, { node: 'two' }).info,
    });
    const state = await idle();
    expect(state.history).toMatchObject([{ outcome: 'failed' }]);
    expect(await window.call('bench.show', { id: state.bench.last ?? '' })).toMatchObject({
      failure: { code: 'CONNECTION_LOST', node: 'two' },
    });
  });

  test('can be seen although the disk took nothing', async () => {
    const { window, store, next, idle } = await connected();
    store.full = true;
    await window.call('bench.start', { request: REQUEST });
    (await next()).end();
    const state = await idle();
    expect(state.bench.failure).toMatchObject({ code: 'HISTORY_WRITE' });
    expect(state.history).toEqual([]);
    expect(await window.call('bench.show', { id: state.bench.last ?? '' })).toMatchObject({
      outcome: 'done',
    });
  });
});

describe('the proof of the link', () => {
  beforeEach(() => {
    pair.facts = () => Promise.resolve(both());
  });

  test('is told step by step, and ends in a sentence', async () => {
    const { window, store, next, idle } = await connected();
    await window.call('bench.prove', {});
    await window.until(({ bench }) => bench.suite !== null);
    for (const tool of ['ping', 'ib_write_bw', 'ib_write_lat', 'iperf3', 'nccl']) {
      const one = await next();
      expect(one.request.tool).toBe(tool);
      const { bench } = await window.until(
        ({ bench: { suite } }) => suite?.steps.some(({ status }) => status === 'running') === true,
      );
      expect(bench.suite?.steps.find(({ status }) => status === 'running')?.request.tool).toBe(tool);
      one.end(tool === 'ib_write_lat' ? measuring(1.6, 'µs', 'unknown') : {});
    }
    const state = await idle();
    expect(state.bench.suite).toMatchObject({ level: 'healthy', sentence: { code: SENTENCE } });
    expect(state.history.map(({ suite }) => suite)).toEqual(Array(5).fill(state.bench.suite?.id));
    expect(store.records).toHaveLength(5);
    expect(window.lines).toContain('window.log.bench-proved');
  });

  test('is cancelled as a whole', async () => {
    const { window, next, idle } = await connected();
    await window.call('bench.prove', {});
    await next();
    await window.call('bench.cancel', {});
    const { bench } = await idle();
    expect(bench.suite?.steps.map(({ status }) => status)).toEqual(Array(5).fill('cancelled'));
    expect(bench.suite?.sentence?.code).toBe('bench.sentence.cancelled');
    expect(bench.failure).toBeNull();
  });

  test('goes when the pair does', async () => {
    const { window, next, idle } = await connected();
    await window.call('bench.prove', {});
    await next();
    await window.call('bench.cancel', {});
    await idle();
    await window.call('pair.disconnect', {});
    const { bench } = await window.until(({ bench: { suite } }) => suite === null);
    expect(bench).toEqual({ running: null, suite: null, last: null, failure: null });
  });

  test('says why it could not begin when the nodes cannot be read', async () => {
    const { window, idle } = await connected();
    pair.facts = () => Promise.reject(new Failure('CONNECTION_LOST', {}, { node: 'two' }));
    await window.call('bench.prove', {});
    const { bench } = await idle();
    expect(bench).toMatchObject({ suite: null, failure: { code: 'CONNECTION_LOST' } });
  });
});
