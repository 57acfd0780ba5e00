import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { App } from '../../../src-main/app/app';
import { limits } from '../../../src-main/contract/limits';
import { LocalPair, playbookOf, type StageScript } from '../core/engine/local-pair';
import { BY_HAND, partsOf } from './parts';
import { TestWindow } from './window';

const both = (file: string, text: string) => [
  { node: 'one', file, text },
  { node: 'two', file, text },
];
const STAGES: StageScript[] = [
  { id: 'a', memos: both('x', 'X') },
  { id: 'b', needs: ['a'], memos: both('y', 'Y') },
  { id: 'c', memos: both('z', 'Z') },
];

let pair: LocalPair;
let apps: App[] = [];
beforeEach(async () => {
  pair = await LocalPair.make();
  apps = [];
});
afterEach(async () => {
  // Nothing may still be at work in the folders.
  for (const app of apps) await app.close();
  await pair.clean();
});

async function start(stages = STAGES) {
  const app = await App.start(partsOf(pair, playbookOf(stages)));
  apps.push(app);
  const window = new TestWindow(app);
  await window.open();
  return { app, window };
}

async function planned(stages = STAGES) {
  const started = await start(stages);
  const { window } = started;
  await window.call('pair.choose', { nodes: [...BY_HAND] });
  await window.until(({ pair: open }) => open?.nodes.every(({ state }) => state === 'connected') === true);
  await window.call('playbook.open', { playbook: 'test' });
  const { plan } = await window.until(({ plan, book }) => plan !== null && book?.work === null);
  return { ...started, hash: plan?.hash ?? '' };
}

const statuses = (window: TestWindow) => window.state.book?.stages.map(({ status }) => status);

describe('the app behind the window', () => {
  test('connects the chosen nodes and reads them', async () => {
    const { window } = await planned();
    expect(window.state.pair).toMatchObject({
      practice: false,
      nodes: [
        { id: 'node1', name: 'one', state: 'connected' },
        { id: 'node2', name: 'two', state: 'connected' },
      ],
    });
    expect(window.state.facts.node1?.hostname).toMatchObject({ known: false });
    expect(statuses(window)).toEqual(['needed', 'needed', 'needed']);
    expect(await pair.files()).toEqual({});
  });

  test('carries out the plan that was shown, and takes it back when exactly that is confirmed', async () => {
    const { window, hash } = await planned();
    await window.call('playbook.apply', { hash });
    await window.rest();
    expect(window.state.book?.result).toMatchObject({ kind: 'apply', outcome: 'done', changes: 6 });
    expect(statuses(window)).toEqual(['done', 'done', 'done']);
    expect(window.state.book?.stages.map(({ inPlace }) => inPlace)).toEqual([2, 2, 2]);
    expect(window.state.plan?.used).toBe(true);
    expect(window.state.runs).toMatchObject([{ status: 'done', changes: 6, inPlace: 6 }]);

    const shown = await window.call('rollback.preview', { scope: { what: 'everything' } });
    expect(shown.runs[0]?.changes.map(({ id }) => id).at(-1)).toBe('a/one/x');
    expect(await window.refusal('rollback.start', { token: 'other' })).toBe('ROLLBACK_CHANGED');
    await window.call('rollback.start', { token: shown.token });
    await window.rest();
    expect(window.state.book?.result).toMatchObject({ kind: 'rollback', outcome: 'rolled-back', changes: 6 });
    expect(statuses(window)).toEqual(['undone', 'undone', 'undone']);
    expect(await pair.files()).toEqual({});
    expect(await window.refusal('rollback.preview', { scope: { what: 'everything' } })).toBe('NOT_FOUND');
  });

  test('reads the nodes again once it has changed them', async () => {
    const { window, hash } = await planned();
    const { readAt } = window.state.facts;
    await window.call('playbook.apply', { hash });
    await window.until(({ facts, book }) => book?.work === null && facts.readAt !== readAt && !facts.reading);
  });

  test('goes as far as it was asked to, then shows the rest', async () => {
    const { window, hash } = await planned();
    await window.call('playbook.apply', { hash, until: 'a' });
    const { plan } = await window.until(
      (state) => state.plan !== null && state.plan.hash !== hash && state.book?.work === null,
    );
    expect(statuses(window)).toEqual(['satisfied', 'needed', 'needed']);
    expect(window.state.book?.result).toMatchObject({ kind: 'apply', outcome: 'done' });
    await window.call('playbook.apply', { hash: plan?.hash ?? '' });
    await window.rest();
    expect(window.state.book?.live).toHaveLength(2);
    // What builds on the stage goes with it, and newer runs go before older ones.
    const shown = await window.call('rollback.preview', { scope: { what: 'stage', stage: 'a' } });
    expect(shown.runs.flatMap(({ changes }) => changes.map(({ stage }) => stage))).toEqual([
      'c',
      'c',
      'b',
      'b',
      'a',
      'a',
    ]);
    await window.call('rollback.start', { token: shown.token });
    await window.rest();
    expect(await pair.files()).toEqual({});
  });

  test('takes back one stage and leaves the others', async () => {
    const { window, hash } = await planned();
    await window.call('playbook.apply', { hash });
    await window.rest();
    const { token } = await window.call('rollback.preview', { scope: { what: 'stage', stage: 'a' } });
    await window.call('rollback.start', { token });
    await window.rest();
    expect(statuses(window)).toEqual(['undone', 'undone', 'done']);
    expect(await pair.files()).toEqual({ 'one/z': 'Z', 'two/z': 'Z' });
  });

  test('leaves alone what somebody has changed since, and says how it differs', async () => {
    const { window, hash } = await planned();
    await window.call('playbook.apply', { hash });
    await window.rest();
    await writeFile(path.join(pair.home, 'two', 'z'), 'mine');
    const { token } = await window.call('rollback.preview', { scope: { what: 'everything' } });
    await window.call('rollback.start', { token });
    await window.rest();
    expect(window.state.book?.result).toMatchObject({
      outcome: 'rolled-back-with-differences',
      drifted: [{ id: 'c/two/z', node: 'two' }],
    });
    expect(await pair.files()).toEqual({ 'two/z': 'mine' });
  });

  test('says why a stage failed, and that it was taken back', async () => {
    const stages: StageScript[] = [
      { id: 'a', memos: both('x', 'X'), verify: () => ({ ok: false, notes: [], causes: [] }) },
    ];
    const { window, hash } = await planned(stages);
    await window.call('playbook.apply', { hash });
    await window.rest();
    expect(window.state.book?.result).toMatchObject({
      outcome: 'failed',
      failure: { code: 'VERIFY_FAILED' },
    });
    expect(window.state.book?.stages[0]).toMatchObject({
      status: 'taken-back',
      failure: { code: 'VERIFY_FAILED' },
      inPlace: 0,
    });
    expect(await pair.files()).toEqual({});
  });

  test.each(['continue', 'roll back'])('after a crash in the middle of a stage it can %s', async (choice) => {
    const first = await planned();
    // The app dies while stage b is half done: its journal simply ends.
    pair.runs.append = refusingAfter(pair.runs.append.bind(pair.runs), 'applied', 3);
    await first.window.call('playbook.apply', { hash: first.hash });
    await first.window.rest();
    pair = LocalPair.at(pair.home);

    const { window } = await start();
    await window.call('pair.choose', { nodes: [...BY_HAND] });
    await window.call('playbook.open', { playbook: 'test' });
    const { book } = await window.until(
      (state) => state.book?.unfinished !== null && state.book?.work === null,
    );
    const run = book?.unfinished?.run ?? '';
    expect(window.state.plan).toBeNull();
    if (choice === 'continue') {
      await window.call('run.continue', { run });
      const { plan } = await window.until((state) => state.plan !== null && state.book?.work === null);
      expect(plan?.run).toBe(run);
      await window.call('playbook.apply', { hash: plan?.hash ?? '' });
      await window.rest();
      expect(window.state.book).toMatchObject({ result: { outcome: 'done' }, unfinished: null });
      expect(Object.keys(await pair.files())).toHaveLength(6);
    } else {
      const { token } = await window.call('rollback.preview', { scope: { what: 'run', run } });
      await window.call('rollback.start', { token });
      await window.rest();
      expect(window.state.book).toMatchObject({ result: { outcome: 'rolled-back' }, unfinished: null });
      expect(await pair.files()).toEqual({});
    }
  });

  test('does one thing at a time, and stops when asked', async () => {
    const { window, hash } = await planned();
    await window.call('playbook.apply', { hash });
    expect(await window.refusal('playbook.verify', {})).toBe('WORK_RUNNING');
    expect(await window.refusal('pair.forget', {})).toBe('WORK_RUNNING');
    await window.call('work.cancel', {});
    await window.rest();
    expect(window.state.book?.result?.outcome).toBe('cancelled');
    expect(await pair.files()).toEqual({});
  });

  test('refuses a plan that was not shown', async () => {
    const { window } = await planned();
    expect(await window.refusal('playbook.apply', { hash: 'f'.repeat(64) })).toBe('PLAN_STALE');
    expect(await window.refusal('plan.script', { hash: 'f'.repeat(64) })).toBe('PLAN_STALE');
  });

  test('a choice makes the plan anew; one that cannot be is refused and changes nothing', async () => {
    const { window, hash } = await planned();
    expect(await window.refusal('playbook.set-input', { key: 'nothing', value: 'x' })).toBe('BAD_INPUT');
    expect(window.state.plan?.hash).toBe(hash);
    await window.call('playbook.set-input', { key: 'word', value: 'other' });
    await window.until(({ plan, book }) => plan?.inputs['word'] === 'other' && book?.work === null);
    expect(window.state.book?.chosen).toEqual(['word']);
    await window.call('playbook.set-input', { key: 'word', value: null });
    await window.until(({ plan, book }) => plan?.inputs['word'] === 'hello' && book?.work === null);
  });

  test('says that a lost connection does not come back, and connects anew when asked', async () => {
    const { window } = await planned();
    pair.sessions[1].lose();
    await window.until(({ pair: open }) => open?.nodes[1].state === 'failed');
    expect(window.state.pair?.nodes[1].failure?.code).toBe('NODE_UNREACHABLE');
    expect(await window.refusal('playbook.plan', {})).toBe('NOT_CONNECTED');
    for (const session of pair.sessions) session.revive();
    await window.call('pair.connect', {});
    await window.until(({ pair: open }) => open?.nodes.every(({ state }) => state === 'connected') === true);
  });

  test('opens the practice pair, and marks it', async () => {
    const { window } = await start();
    await window.call('practice.start', {});
    await window.until(({ pair: open }) => open?.nodes[0].state === 'connected');
    expect(window.state.pair?.practice).toBe(true);
    expect(window.state.practice).toEqual({ state: 'on', faults: [{ id: 'cable-out', on: false }] });
    expect(await window.refusal('practice.fault', { fault: 'no-such', on: true })).toBe('NOT_FOUND');
    await window.call('practice.stop', {});
    expect(window.state.pair).toBeNull();
  });

  test('lists machines by id and chooses them by id', async () => {
    const { window } = await start();
    await window.call('discovery.start', {});
    const { discovery } = await window.until((state) => state.discovery.state === 'done');
    expect(discovery.candidates).toMatchObject([
      { source: 'ssh-config', name: 'spark', host: 'spark', port: 2222, user: 'nvidia' },
      { source: 'network', name: 'spark-1', host: '10.0.0.2' },
    ]);
    const [first, second] = discovery.candidates.map(({ id }) => ({
      from: 'candidate' as const,
      candidate: id,
    }));
    await window.call('pair.choose', { nodes: [first!, second!] });
    expect(window.state.pair?.nodes).toMatchObject([
      { name: 'spark', host: 'spark', user: 'nvidia' },
      { name: 'spark-1', host: '10.0.0.2', user: 'me' },
    ]);
  });

  test('lists the machines of earlier runs, each once, when it starts again', async () => {
    const { app, window, hash } = await planned();
    await window.call('playbook.apply', { hash, until: 'a' });
    await window.until((state) => state.plan?.used === false && state.plan.hash !== hash);
    const again = new TestWindow(await App.start(app.parts));
    const { discovery } = await again.open();
    expect(discovery.candidates).toMatchObject([
      { source: 'recent', name: 'one', host: 'one', port: 22, user: 'me' },
      { source: 'recent', name: 'two', host: 'two', port: 22, user: 'me' },
    ]);
  });

  test.each([
    ['an option', '-oProxyCommand=touch /tmp/x'],
    ['a shell word', 'a;b'],
    ['a path', '../a'],
  ])('refuses %s as a host', async (_what, host) => {
    const { window } = await start();
    const nodes = [{ from: 'hand', host, port: 22, user: 'me' }, BY_HAND[1]];
    expect(await window.refusal('pair.choose', { nodes })).toBe('BAD_INPUT');
    expect(window.state.pair).toBeNull();
  });

  test.each([
    ['an unknown method', 'app.quit', {}],
    ['a method of every object', 'constructor', {}],
    ['parameters that are none', 'log.read', undefined],
    ['a parameter too many', 'playbook.open', { playbook: 'test', path: '/etc/passwd' }],
    ['a number out of bounds', 'log.read', { from: 0, count: limits.logLines + 1 }],
    [
      'a secret that is too long',
      'prompt.answer',
      { id: 'x', answer: { kind: 'secret', value: 'x'.repeat(5000), save: false } },
    ],
  ])('refuses %s', async (_what, method, params) => {
    const { app } = await start();
    const answer = await app.ask(method, params);
    expect(answer).toMatchObject({ failure: { code: 'BAD_REQUEST' } });
    expect(JSON.stringify(answer)).not.toContain('xxxx');
  });

  test('keeps settings, and starts with its own when they are damaged', async () => {
    const { app, window } = await start();
    await window.call('settings.set', { theme: 'dark' });
    expect(window.state.settings).toMatchObject({ theme: 'dark', language: 'system' });
    const parts = {
      ...app.parts,
      settings: { ...app.parts.settings, read: () => Promise.resolve({ theme: 7 }) },
    };
    expect((await App.start(parts)).settings.theme).toBe('system');
    expect((await App.start(app.parts)).settings.theme).toBe('dark');
  });
});

/** An append that fails from the nth record of a type on, as if the app had died there. */
function refusingAfter(
  append: LocalPair['runs']['append'],
  type: string,
  count: number,
): LocalPair['runs']['append'] {
  let seen = 0;
  return async (run, record) => {
    if ((record as { type: string }).type === type) seen += 1;
    if (seen >= count) throw new Error('the app is gone');
    return append(run, record);
  };
}
