import { describe, expect, it } from 'vitest';
import { message } from '../../../../src-main/contract/message';
import { Failure } from '../../../../src-main/core/failure';
import { blocked, done, drive, finish, HASH, NODES, OPEN, rolledBack, runState, stage } from './fakes';

const apply = ['apply', 'demo', ...NODES];
const STATIC = 'plan {}';

describe('apply', () => {
  it('refuses without a terminal and without --yes, before anything is connected', async () => {
    const { code, calls, err } = await finish(apply);
    expect(code).toBe(2);
    expect(calls).toEqual([]);
    expect(err).toContain('no terminal to confirm');
  });

  it('shows the whole plan, then carries it out with --yes', async () => {
    const { code, calls, out } = await finish([...apply, '--yes']);
    expect(code).toBe(0);
    expect(calls).toEqual([OPEN, STATIC, 'apply', 'close']);
    for (const part of [
      'network/n1/file',
      '+++ /etc/x',
      '+hello',
      '# cat >/etc/x',
      'reads the text shown above',
      HASH,
    ]) {
      expect(out).toContain(part);
    }
    expect(out).toContain('twinspark rollback 0001-demo');
  });

  it('asks on a terminal; no means that nothing happens', async () => {
    const { code, calls, questions, out } = await finish(apply, { interactive: true, answers: ['no'] });
    expect(code).toBe(130);
    expect(questions).toHaveLength(1);
    expect(calls).toEqual([OPEN, STATIC, 'close']);
    expect(out).toContain('Nothing was changed');
  });

  it('passes --set on, and refuses what the playbook does not know before it connects', async () => {
    const good = await finish([...apply, '--yes', '--set', 'network.method=temporary']);
    expect(good.calls[1]).toBe('plan {"network.method":"temporary"}');
    for (const setting of ['no.such=1', 'network.method=magic', 'nonsense']) {
      const bad = await finish([...apply, '--yes', '--set', setting]);
      expect([bad.code, bad.calls]).toEqual([2, []]);
    }
  });

  it('refuses a plan with another hash as stale', async () => {
    const stale = await finish([...apply, '--yes', '--plan', 'cd'.repeat(32)]);
    expect(stale.code).toBe(5);
    expect(stale.calls).not.toContain('apply');
    expect((await finish([...apply, '--yes', '--plan', HASH.slice(0, 12)])).code).toBe(0);
  });

  it('says 5 when the engine finds the plan stale', async () => {
    const stale = () => Promise.reject(new Failure('PLAN_STALE', { change: 'facts' }));
    expect((await finish([...apply, '--yes'], { apply: stale })).code).toBe(5);
  });

  it('names the --set that decides a blocked stage, and --yes does not decide it', async () => {
    const { code, out, calls } = await finish([...apply, '--yes'], { plans: [[blocked]], interactive: true });
    expect(code).toBe(1);
    expect(out).toContain('--set network.foreign=adopt');
    expect(calls).not.toContain('apply');
  });

  it('asks what only the owner can decide, and plans again with the answer', async () => {
    const { code, calls } = await finish(apply, {
      plans: [[blocked], [stage()]],
      interactive: true,
      answers: ['replace', 'yes'],
    });
    expect(code).toBe(0);
    expect(calls).toEqual([OPEN, STATIC, 'plan {"network.foreign":"replace"}', 'apply', 'close']);
  });

  it('shows a person the short plan, and every command when asked to', async () => {
    const { code, out } = await finish(apply, { interactive: true, answers: ['commands', 'yes'] });
    expect(code).toBe(0);
    const [short = '', full = ''] = out.split('Plan: demo').slice(1);
    expect(short).toContain('+hello');
    expect(short).not.toContain('# cat >/etc/x');
    expect(full).toContain('# cat >/etc/x');
  });

  it('stops where the owner does not want to decide', async () => {
    const { code, calls } = await finish(apply, {
      plans: [[blocked]],
      interactive: true,
      answers: [' stop'],
    });
    expect(code).toBe(1);
    expect(calls).toEqual([OPEN, STATIC, 'close']);
  });

  it('asks nothing when there is nothing to do', async () => {
    const satisfied = stage({ status: 'satisfied', changes: [] });
    const nothing = () => Promise.resolve({ ...done, outcome: 'nothing-to-do' as const, changes: 0 });
    const { code, questions, out } = await finish(apply, {
      plans: [[satisfied]],
      apply: nothing,
      interactive: true,
    });
    expect([code, questions]).toEqual([0, []]);
    expect(out).toContain('Nothing to do');
  });

  it('says in the result how a stage failed, with causes and remedies', async () => {
    const failure = {
      code: 'VERIFY_FAILED' as const,
      params: { stage: 'network' },
      causes: [{ cause: message('demo.cause'), remedy: message('demo.cure') }],
      evidence: 'ping: \u001b[31mno\u001b[0m answer',
    };
    const { code, out } = await finish([...apply, '--yes'], {
      apply: () => Promise.resolve({ ...done, outcome: 'failed', failure, changes: 2 }),
    });
    expect(code).toBe(1);
    for (const part of ['demo.cause', 'demo.cure', 'ping: no answer', 'taken back', 'earlier stages stay']) {
      expect(out).toContain(part);
    }
    expect(out).not.toContain('\u001b');
  });

  describe('with an unfinished run', () => {
    const found = runState({ status: 'failed', inputs: { 'network.method': 'temporary', gone: 'x' } });

    it('continues it with --yes and the choices that it had', async () => {
      const { code, calls } = await finish([...apply, '--yes'], { unfinished: [found, found] });
      expect(code).toBe(0);
      expect(calls).toEqual([
        OPEN,
        'settle 0001-demo',
        'plan {"network.method":"temporary"} resume 0001-demo',
        'apply',
        'close',
      ]);
    });

    it('starts anew when clearing up has left nothing of it', async () => {
      const { calls } = await finish([...apply, '--yes'], { unfinished: [found, undefined] });
      expect(calls[2]).toBe('plan {"network.method":"temporary"}');
    });

    it.each([
      ['roll-back', 0, 'rollBack 0001-demo {}'],
      ['stop', 130, undefined],
    ])('asks on a terminal: %s', async (answer, exit, call) => {
      const { code, calls } = await finish(apply, {
        unfinished: [found],
        interactive: true,
        answers: [answer],
      });
      expect(code).toBe(exit);
      expect(calls).toEqual([OPEN, ...(call === undefined ? [] : [call]), 'close']);
    });

    it('does not go on when it cannot be cleared up', async () => {
      const drifted = [{ id: 'network/n1/file', node: 'n1', difference: '-a\n+b' }];
      const { code, calls, out } = await finish([...apply, '--yes'], {
        unfinished: [found],
        settle: () => Promise.resolve({ ...rolledBack, outcome: 'rolled-back-with-differences', drifted }),
      });
      expect(code).toBe(6);
      expect(calls).not.toContain('apply');
      expect(out).toContain('+b');
    });
  });
});

describe('Ctrl-C', () => {
  /** An apply that, once told to stop, takes its stage back before it ends. */
  async function stubborn(argv: string[]) {
    let takenBack: () => void = () => undefined;
    const driven = drive(argv, {
      apply: (_emit, signal) =>
        new Promise((resolve) => {
          signal?.addEventListener('abort', () => {
            takenBack = () =>
              resolve({
                ...done,
                outcome: 'cancelled',
                changes: 0,
                failure: { code: 'CANCELLED', params: {} },
              });
          });
        }),
    });
    while (!driven.calls.includes('apply')) await new Promise((resolve) => setImmediate(resolve));
    return { ...driven, takenBack: () => takenBack() };
  }

  it('first takes the stage back and says so, then ends with 130', async () => {
    const driven = await stubborn([...apply, '--yes']);
    driven.interrupt();
    expect(driven.io.err).toContain('taken back first');
    driven.takenBack();
    expect(await driven.finished).toBe(130);
    expect(driven.io.out).toContain('The stage that was under way was taken back');
    expect(driven.calls.at(-1)).toBe('close');
  });

  it('warns the second time and leaves the third', async () => {
    const driven = await stubborn([...apply, '--yes']);
    driven.interrupt();
    driven.interrupt();
    expect(driven.io.err).toContain('Still taking back');
    expect(driven.hasLeft()).toBe(false);
    driven.interrupt();
    expect(driven.hasLeft()).toBe(true);
    driven.takenBack();
    await driven.finished;
  });

  it('in a question is CANCELLED', async () => {
    const { code } = await finish(apply, { interactive: true, answers: [new Failure('CANCELLED')] });
    expect(code).toBe(130);
  });
});
