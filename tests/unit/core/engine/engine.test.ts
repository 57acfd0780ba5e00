import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure, type isFailure } from '../../../../src-main/core/failure';
import type { RunStore } from '../../../../src-main/core/ports';
import { LocalPair, NODES, playbookOf, type StageScript } from './local-pair';

const both = (file: string, text: string, rest: object = {}) => [
  { node: 'one', file, text, ...rest },
  { node: 'two', file, text, ...rest },
];
const TWO_STAGES: StageScript[] = [
  { id: 'network', memos: both('net', 'addresses', { guarded: true }) },
  {
    id: 'ssh',
    needs: ['network'],
    memos: [...both('key', 'a key'), ...both('peers', 'a peer', { step: 2 })],
  },
];

let pair: LocalPair;
beforeEach(async () => (pair = await LocalPair.make()));
afterEach(() => pair.clean());

const code =
  (...codes: Parameters<typeof isFailure>[1][]) =>
  (error: unknown) =>
    error instanceof Failure && codes.includes(error.code);

async function apply(stages: StageScript[], signal?: AbortSignal) {
  const { engine, sessions } = pair.start(playbookOf(stages));
  const open = await engine.open(NODES);
  const prepared = await open.plan('test', {});
  return { engine, open, sessions, prepared, result: await open.apply(prepared, signal) };
}

describe('apply', () => {
  test('does what the plan showed, and a second time nothing', async () => {
    const { prepared, result, sessions } = await apply(TWO_STAGES);
    expect(result).toMatchObject({ outcome: 'done', changes: 6, unfinished: false });
    expect(await pair.files()).toEqual({
      'one/net': 'addresses',
      'one/key': 'a key',
      'one/peers': 'a peer',
      'two/net': 'addresses',
      'two/key': 'a key',
      'two/peers': 'a peer',
    });
    const shown = prepared.plan.stages.flatMap((stage) => stage.changes.flatMap((change) => change.commands));
    for (const command of shown) {
      const session = sessions.find((candidate) => candidate.node === command.node)!;
      expect(session.ran.some((script) => script.endsWith(`\n${command.script}`))).toBe(true);
    }
    const again = await apply(TWO_STAGES);
    expect(again.result).toMatchObject({ outcome: 'nothing-to-do', changes: 0 });
    expect(await pair.runs.list()).toHaveLength(1);
  });

  test('journals the intent before the change acts', async () => {
    const { result } = await apply([
      { id: 'a', memos: [{ node: 'one', file: 'x', text: 'X', then: 'cat ../data/runs/*.jsonl' }] },
    ]);
    expect(result.outcome).toBe('done');
    const printed = pair.events.flatMap((event) => (event.type === 'log' ? [event.text] : [])).join('\n');
    expect(printed).toContain('"type":"intent"');
    expect(printed).not.toContain('"type":"applied"');
  });

  test('a change that fails on one node takes the stage back on both, and keeps whole stages', async () => {
    const { result } = await apply([
      { id: 'first', memos: both('a', 'A') },
      {
        id: 'second',
        memos: [
          { node: 'one', file: 'b', text: 'B' },
          { node: 'two', file: 'b', text: 'B', then: 'exit 9' },
        ],
      },
    ]);
    expect(result).toMatchObject({
      outcome: 'failed',
      unfinished: false,
      failure: { code: 'COMMAND_FAILED', node: 'two' },
    });
    expect(await pair.files()).toEqual({ 'one/a': 'A', 'two/a': 'A' });
  });

  test('a promise that does not hold takes the stage back and says the cause', async () => {
    const causes = [{ cause: { code: 'c', params: {} }, remedy: { code: 'r', params: {} } }];
    const verify = () => ({ ok: false, notes: [], causes });
    const { result } = await apply([{ id: 'a', memos: both('x', 'X'), verify }]);
    expect(result).toMatchObject({ outcome: 'failed', failure: { code: 'VERIFY_FAILED', causes } });
    expect(await pair.files()).toEqual({});
  });

  test('a node that cannot be reached after the trial keeps nothing, on neither node', async () => {
    const { engine, sessions } = pair.start(
      playbookOf([{ id: 'net', memos: both('net', 'N', { guarded: true }) }]),
    );
    const open = await engine.open(NODES);
    sessions[1].provable = false;
    const result = await open.apply(await open.plan('test', {}));
    expect(result).toMatchObject({ outcome: 'failed', failure: { code: 'NODE_UNREACHABLE' } });
    expect(await pair.files()).toEqual({});
  });

  test('a node that took its trial back before it was kept is told as that, and the other goes back too', async () => {
    const gone = 'if [ -e ../gone ]; then echo too late >&2; exit 177; fi; touch ../gone';
    const { result } = await apply([
      {
        id: 'net',
        memos: [
          { node: 'one', file: 'net', text: 'N', guarded: true },
          { node: 'two', file: 'net', text: 'N', guarded: true, then: gone },
        ],
      },
    ]);
    expect(result).toMatchObject({
      outcome: 'failed',
      unfinished: false,
      failure: { code: 'GUARD_REVERTED', node: 'two', evidence: 'too late\n' },
    });
    expect(await pair.files()).toEqual({});
  });

  test('is refused when a stage is blocked: nothing has happened', async () => {
    const stages = [
      { id: 'a', memos: both('x', 'X') },
      { id: 'b', memos: [], blocked: true },
    ];
    await expect(apply(stages)).rejects.toSatisfy(code('STAGE_BLOCKED'));
    expect(await pair.files()).toEqual({});
    expect(await pair.runs.list()).toEqual([]);
  });

  test('is refused when the nodes have moved on since the plan', async () => {
    const { engine } = pair.start(playbookOf([{ id: 'a', memos: both('x', 'X') }]));
    const open = await engine.open(NODES);
    const prepared = await open.plan('test', {});
    await writeFile(path.join(pair.home, 'two', 'x'), 'mine');
    const result = await open.apply(prepared);
    expect(result).toMatchObject({ outcome: 'failed', failure: { code: 'PLAN_STALE' } });
    expect(await pair.files()).toEqual({ 'two/x': 'mine' });
  });

  test('a plan is used once', async () => {
    const { open, prepared } = await apply([{ id: 'a', memos: both('x', 'X') }]);
    await expect(open.apply(prepared)).rejects.toSatisfy(code('PLAN_USED'));
  });

  test('cancelling takes the running stage back', async () => {
    const stop = new AbortController();
    const verify = () => {
      stop.abort();
      return { ok: true, notes: [], causes: [] };
    };
    const { result } = await apply(
      [
        { id: 'a', memos: both('x', 'X'), verify },
        { id: 'b', memos: both('y', 'Y') },
      ],
      stop.signal,
    );
    expect(result).toMatchObject({ outcome: 'cancelled', unfinished: false });
    expect(await pair.files()).toEqual({ 'one/x': 'X', 'two/x': 'X' });
  });

  test('a second driver is kept off: on this computer by the lock, from another by the lease', async () => {
    const { engine } = pair.start(playbookOf(TWO_STAGES));
    const open = await engine.open(NODES);
    const prepared = await open.plan('test', {});
    const lock = await pair.runs.lock();
    await expect(open.apply(prepared)).rejects.toSatisfy(code('RUN_LOCKED'));
    await lock.release();
    await writeFile(
      path.join(pair.home, 'two', '.lease'),
      `other-installation ${Math.floor(Date.now() / 1000) + 60}\n`,
    );
    await expect(open.apply(prepared)).rejects.toSatisfy(code('NODE_BUSY'));
    await writeFile(path.join(pair.home, 'two', '.lease'), 'other-installation 1\n');
    expect((await open.apply(prepared)).outcome).toBe('done');
  });

  test('a secret that a node prints back is blanked out', async () => {
    const { engine } = pair.start(
      playbookOf([{ id: 'a', memos: [{ node: 'one', file: 'x', text: 'X', then: 'echo it is hunter22' }] }]),
      pair.runs,
      {
        'sudo-password': 'hunter22',
      },
    );
    const open = await engine.open(NODES);
    // The connector hands out the secret through the same store.
    await (
      engine as unknown as { parts: { secrets: { get(r: object): Promise<string> } } }
    ).parts.secrets.get({
      kind: 'sudo-password',
    });
    await open.apply(await open.plan('test', {}));
    expect(pair.events.find((event) => event.type === 'log')).toMatchObject({ text: 'it is •••' });
  });
});

describe('roll back', () => {
  test('restores what was there, from the journal alone', async () => {
    await writeFile(path.join(pair.home, 'one', 'net'), 'what was before\n');
    const before = await pair.files();
    const { result } = await apply(TWO_STAGES);
    const { engine } = pair.start(playbookOf([]));
    const open = await engine.open(NODES);
    expect(await open.rollBack(result.run!)).toMatchObject({
      outcome: 'rolled-back',
      restored: 6,
      drifted: [],
      failed: [],
    });
    expect(await pair.files()).toEqual(before);
    expect(await engine.runs.newestLive()).toBeUndefined();
  });

  test('stops at what somebody has edited, shows the difference and restores the rest', async () => {
    const { result } = await apply(TWO_STAGES);
    await appendFile(path.join(pair.home, 'two', 'key'), ' and mine');
    const { engine } = pair.start(playbookOf([]));
    const open = await engine.open(NODES);
    const rolledBack = await open.rollBack(result.run!);
    expect(rolledBack).toMatchObject({ outcome: 'rolled-back-with-differences', restored: 5 });
    expect(rolledBack.drifted[0]).toMatchObject({ id: 'ssh/two/key', node: 'two' });
    expect(rolledBack.drifted[0]?.difference).toContain('a key and mine');
    expect(await pair.files()).toEqual({ 'two/key': 'a key and mine' });
  });

  test('stage by stage in any order that leaves nothing standing on air', async () => {
    const { open, result } = await apply(TWO_STAGES);
    await expect(open.rollBack(result.run!, { stage: 'network' })).rejects.toSatisfy(code('UNDO_ORDER'));
    await expect(open.rollBack(result.run!, { change: 'ssh/one/key' })).rejects.toSatisfy(code('UNDO_ORDER'));
    expect(await open.rollBack(result.run!, { change: 'ssh/one/peers' })).toMatchObject({
      outcome: 'done',
      restored: 1,
    });
    expect(await open.rollBack(result.run!, { stage: 'ssh' })).toMatchObject({
      outcome: 'done',
      restored: 3,
    });
    expect(await open.rollBack(result.run!, { stage: 'network' })).toMatchObject({ outcome: 'rolled-back' });
    expect(await pair.files()).toEqual({});
  });

  test('an older run waits for the newer one that may rest on it', async () => {
    const first = await apply([{ id: 'a', memos: both('x', 'X') }]);
    const second = await apply([{ id: 'a', memos: [...both('x', 'X'), ...both('y', 'Y')] }]);
    await expect(second.open.rollBack(first.result.run!)).rejects.toSatisfy(code('UNDO_ORDER'));
    await second.open.rollBack(second.result.run!);
    await second.open.rollBack(first.result.run!);
    expect(await pair.files()).toEqual({});
  });

  test('a node out of reach leaves its changes for later; the other is restored', async () => {
    const { open, sessions, result } = await apply([{ id: 'a', memos: both('x', 'X') }]);
    const rollBack = open.rollBack(result.run!);
    sessions[1].dead = true;
    await rollBack.catch(() => undefined);
    sessions[1].revive();
    expect(await open.rollBack(result.run!)).toMatchObject({ outcome: 'rolled-back' });
    expect(await pair.files()).toEqual({});
  });

  test('an undo that does not bring back what was before has failed, and can be tried again', async () => {
    const { open, sessions, result } = await apply([{ id: 'a', memos: both('x', 'X') }]);
    const exec = sessions[1].exec.bind(sessions[1]);
    sessions[1].exec = async (request, options) =>
      request.script.endsWith('rm -f x x.trial')
        ? { code: 0, signal: null, durationMs: 0, stdout: '', stderr: '' }
        : exec(request, options);
    const failure = { code: 'UNDO_FAILED', node: 'two', evidence: 'X' };
    expect(await open.rollBack(result.run!)).toMatchObject({
      outcome: 'unfinished',
      restored: 1,
      drifted: [],
      failed: [{ id: 'a/two/x', failure }],
    });
    sessions[1].exec = exec;
    expect(await open.rollBack(result.run!)).toMatchObject({ outcome: 'rolled-back', restored: 1 });
    expect(await pair.files()).toEqual({});
  });

  test('refuses nodes that are not those of the run', async () => {
    const { result } = await apply([{ id: 'a', memos: both('x', 'X') }]);
    const { engine, sessions } = pair.start(playbookOf([]));
    Object.defineProperty(sessions[1], 'hostKey', { value: 'SHA256:other' });
    const open = await engine.open(NODES);
    await expect(open.rollBack(result.run!)).rejects.toSatisfy(code('NODE_MISMATCH'));
  });
});

describe('a crash at any journal record', () => {
  /** Dies right after its nth record is durable: nothing more is written, no command runs any more. */
  function crashAfter(records: number, inner: RunStore, die: () => void): RunStore {
    let written = 0;
    return {
      create: (run) => inner.create(run),
      append: async (run, record) => {
        if (written >= records) throw new Failure('JOURNAL_WRITE');
        await inner.append(run, record);
        if (++written >= records) die();
      },
      read: (run) => inner.read(run),
      list: () => inner.list(),
      installation: () => inner.installation(),
      lock: () => inner.lock(),
    };
  }

  test('ends in restored by rolling back, or in done by going on', { timeout: 60_000 }, async () => {
    await apply(TWO_STAGES);
    const total = (await pair.runs.read((await pair.runs.list())[0]!)).records.length;
    await pair.clean();
    expect(total).toBeGreaterThan(15);
    for (let records = 1; records < total; records++) {
      for (const way of ['roll back', 'go on'] as const) {
        pair = await LocalPair.make();
        await writeFile(path.join(pair.home, 'one', 'net'), 'before');
        const before = await pair.files();
        const crashing = crashAfter(records, pair.runs, () =>
          pair.sessions.forEach((session) => session.lose()),
        );
        const died = await pair.start(playbookOf(TWO_STAGES), crashing).engine.open(NODES);
        await died.apply(await died.plan('test', {})).catch(() => undefined);

        const { engine } = pair.start(playbookOf(TWO_STAGES));
        const open = await engine.open(NODES);
        const unfinished = await engine.runs.unfinished('test', open.hostKeys);
        expect(unfinished, `record ${records}`).toBeDefined();
        if (way === 'go on') {
          await open.settle(unfinished!.run);
          const result = await open.apply(await open.plan('test', {}, { resume: unfinished!.run }));
          expect(result.outcome, `record ${records}`).toBe('done');
          expect(Object.keys(await pair.files())).toHaveLength(6);
        }
        await open.rollBack(unfinished!.run);
        expect(await pair.files(), `record ${records}, ${way}`).toEqual(before);
        await pair.clean();
      }
    }
  });
});
