import { afterEach, beforeEach, expect, test } from 'vitest';
import { App, type AppParts } from '../../../../src-main/app/app';
import { reportFormats, environmentPrograms } from '../../../../src-main/contract/report';
import { both } from '../../core/benchmark/suite/fake-bench';
import { measuring, record } from '../../core/benchmark/history/records';
import { LocalPair, playbookOf } from '../../core/engine/local-pair';
import { MemoryBenchStore } from '../memory-bench-store';
import { BY_HAND, partsOf } from '../parts';
import { TestWindow } from '../window';
import { ledBench } from './led-bench';

let pair: LocalPair;
let apps: App[] = [];
let store: MemoryBenchStore;
beforeEach(async () => {
  pair = await LocalPair.make();
  store = new MemoryBenchStore();
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.close();
  await pair.clean();
});

async function start(patch: Partial<AppParts> = {}) {
  const bench = ledBench();
  const parts = partsOf(pair, playbookOf([]), { measure: bench.measure, benchmarks: store, ...patch });
  const app = await App.start(parts);
  apps.push(app);
  const window = new TestWindow(app);
  await window.open();
  const connected = () =>
    window.until(({ pair: open }) => open?.nodes.every(({ state }) => state === 'connected') === true);
  const measured = async (figure: number) => {
    await window.call('bench.start', { request: { tool: 'ib_write_bw', halves: 'both' } });
    (await bench.next()).end(measuring(figure, 'Gb/s'));
    await window.until(({ bench: { running } }) => running === null && app.activity === 'idle');
  };
  return { app, window, connected, measured };
}

test('all that was measured is there at the start, and of the open pair its own', async () => {
  await store.append(record(0));
  await store.append(record(1, { pair: 'pair-2' }));
  const { window, connected, measured } = await start();
  expect(window.state.history.map(({ pair: of }) => of)).toEqual(['pair-2', 'pair-1']);
  await window.call('pair.choose', { nodes: [...BY_HAND] });
  await connected();
  await window.until(({ history }) => history.length === 0);
  await measured(189);
  await measured(120);
  expect(window.state.history).toMatchObject([
    { figure: { value: 120 }, standing: { count: 1, median: 189, fallen: true } },
    { figure: { value: 189 }, standing: null },
  ]);
  await window.call('pair.disconnect', {});
  await window.until(({ history }) => history.length === 4);
});

test('what is removed is gone, and what is not there is none to show', async () => {
  await store.append(record(0));
  await store.append(record(1));
  const { window } = await start();
  const [newest] = window.state.history;
  await window.call('bench.remove', { ids: [newest?.id ?? ''] });
  expect(window.state.history.map(({ id }) => id)).toEqual([record(0).id]);
  expect(store.records).toHaveLength(1);
  expect(await window.refusal('bench.show', { id: newest?.id ?? '' })).toBe('NOT_FOUND');
  expect(await window.refusal('bench.show', { id: '../settings' })).toBe('NOT_FOUND');
  expect(await window.refusal('bench.remove', { ids: [] })).toBe('BAD_REQUEST');
});

test('the one that was measured last is no longer shown as such when it is removed', async () => {
  const { window, connected, measured } = await start();
  await window.call('pair.choose', { nodes: [...BY_HAND] });
  await connected();
  await measured(189);
  const id = window.state.bench.last ?? '';
  await window.call('bench.remove', { ids: [id] });
  expect(window.state.bench.last).toBeNull();
  expect(await window.refusal('bench.show', { id })).toBe('NOT_FOUND');
});

test('what cannot be read is told once', async () => {
  store.damaged = ['20261120T090000Z-0badbad0'];
  await store.append(record(0));
  const { app, window } = await start();
  await window.call('bench.remove', { ids: [record(0).id] });
  const answer = await app.ask('log.read', { from: 0, count: 100 });
  const lines =
    'result' in answer ? (answer.result as { lines: { message: { code: string } | null }[] }).lines : [];
  expect(lines.filter(({ message }) => message?.code === 'window.log.bench-unread')).toHaveLength(1);
});

test('a folder that cannot be read keeps nobody from working', async () => {
  const broken = new MemoryBenchStore();
  broken.list = () => Promise.reject(new Error('EIO'));
  const { window } = await start({ benchmarks: broken });
  expect(window.state.history).toEqual([]);
});

test('what is measured in practice stays there, and goes with it', async () => {
  await store.append(record(0));
  const { window, connected, measured } = await start();
  await window.call('practice.start', {});
  await connected();
  await window.until(({ history }) => history.length === 0);
  await measured(150);
  expect(window.state.history).toHaveLength(1);
  expect(store.records).toHaveLength(1);
  await window.call('practice.stop', {});
  const { history } = await window.until(({ history: [first] }) => first?.id === record(0).id);
  expect(history).toHaveLength(1);
});

test('the settings of the pair for other programs come from what was read of it', async () => {
  pair.facts = () => Promise.resolve(both());
  const { window, connected } = await start();
  expect(await window.refusal('bench.environment', { program: 'nccl' })).toBe('NOT_CONNECTED');
  expect(await window.refusal('report.make', { format: 'json', mask: [] })).toBe('NOT_CONNECTED');
  await window.call('pair.choose', { nodes: [...BY_HAND] });
  await connected();
  for (const program of environmentPrograms) {
    const { text } = await window.call('bench.environment', { program });
    expect(text, program).toMatch(program === 'mpi' ? /oob_tcp_if_include/ : /rocep1s0f0/);
  }
  pair.facts = () => Promise.resolve(both({ addressed: [] }));
  await window.call('facts.read', {});
  expect(await window.refusal('bench.environment', { program: 'nccl' })).toBe('BENCH_NO_LINK');
});

test('the report holds the pair and its results, masked as it is asked for', async () => {
  pair.facts = () => Promise.resolve(both());
  const { window, connected, measured } = await start();
  await window.call('pair.choose', { nodes: [...BY_HAND] });
  await connected();
  await window.until(({ facts }) => facts.node2 !== null);
  await measured(187.5);
  for (const format of reportFormats) {
    const { text } = await window.call('report.make', { format, mask: [] });
    expect(text, format).toContain('187.5');
    expect(text, format).toContain('192.168.100.10');
  }
  const { text } = await window.call('report.make', { format: 'json', mask: ['hostnames', 'users'] });
  expect(text).not.toContain('spark-5c2d');
});
