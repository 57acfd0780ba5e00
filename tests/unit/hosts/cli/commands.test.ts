import { describe, expect, it } from 'vitest';
import { message } from '../../../../src-main/contract/message';
import { Failure } from '../../../../src-main/core/failure';
import { Output } from '../../../../src-main/hosts/cli/io';
import { blocked, finish, NODES, OPEN, rolledBack, runState, stage } from './fakes';

describe('--json', () => {
  const noisy = { type: 'log', node: 'n1', stream: 'stdout', text: 'a\nb\u001b[31m\u009b\u202e' } as const;

  it('prints events and one result, an object per line, and nothing else on standard output', async () => {
    const driven = await finish(['apply', 'demo', ...NODES, '--yes', '--json'], {
      apply: (emit) => {
        emit(noisy);
        return Promise.resolve({
          outcome: 'done',
          run: '0001-demo',
          changes: 1,
          unfinished: false,
          notes: [],
        });
      },
    });
    const lines = driven.lines();
    expect(lines.map(({ type }) => type)).toEqual(['node', 'log', 'result']);
    expect(lines[1]).toMatchObject(noisy);
    expect(lines.at(-1)).toMatchObject({ type: 'result', command: 'apply', outcome: 'done', exitCode: 0 });
    expect(driven.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(driven.err).toContain('n1');
  });

  it.each([
    [['plan', 'demo', ...NODES], 0],
    [['plan', 'nope', ...NODES], 2],
    [['apply', 'demo', ...NODES], 2],
    [['apply', 'demo', '--yes', '--nonsense'], 2],
    [['verify', 'demo', ...NODES], 1],
    [['rollback', '--yes'], 0],
    [['runs'], 0],
    [['show', '0001'], 0],
    [['show', '9999'], 2],
    [['export', 'demo', ...NODES], 0],
    [['export', 'demo', ...NODES, '--format', 'fish'], 2],
    [['discover'], 0],
    [['probe', '--node', 'a'], 2],
    [['nonsense'], 2],
  ])('%j ends in one result with exit code %i', async (argv, exit) => {
    const driven = await finish([...argv, '--json'], { states: [runState()] });
    const lines = driven.lines();
    expect(driven.code).toBe(exit);
    expect(lines.filter(({ type }) => type === 'result')).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ type: 'result', exitCode: exit });
  });

  it('gives what is blocked with the --set that decides it', async () => {
    const driven = await finish(['plan', 'demo', ...NODES, '--json'], { plans: [[blocked]] });
    expect(driven.lines().at(-1)).toMatchObject({
      exitCode: 1,
      blocked: [{ stage: 'network', set: ['--set network.foreign=adopt', '--set network.foreign=replace'] }],
    });
  });
});

describe('host keys and secrets', () => {
  const key = { node: 'n1', host: '10.0.0.1', port: 22, keyType: 'ssh-ed25519', fingerprint: 'SHA256:xyz' };

  it('are not accepted by --yes: without a terminal the connection ends with 4', async () => {
    let accepted: boolean | undefined;
    const { code } = await finish(['apply', 'demo', ...NODES, '--yes'], {
      open: async ({ hostKeys }) => {
        accepted = await hostKeys.accept(key);
        throw new Failure('HOST_KEY_UNKNOWN', key, { node: 'n1' });
      },
    });
    expect([accepted, code]).toEqual([false, 4]);
  });

  it('are asked for on a terminal with the fingerprint, also with --yes', async () => {
    const { questions, code } = await finish(['apply', 'demo', ...NODES, '--yes'], {
      interactive: true,
      answers: [true],
      open: async ({ hostKeys }) => expect(await hostKeys.accept(key)).toBe(true),
    });
    expect(questions[0]).toContain('SHA256:xyz');
    expect(code).toBe(0);
  });

  it('asks for a password once, again when it was wrong, and twice for a new account', async () => {
    const request = { kind: 'login-password', node: 'n1', user: 'nvidia' } as const;
    const { questions } = await finish(['plan', 'demo', ...NODES], {
      interactive: true,
      answers: ['one', 'two', 'new', 'mew', 'new', 'new'],
      open: async ({ secrets }) => {
        expect(await secrets.get(request)).toBe('one');
        expect(await secrets.get(request)).toBe('one');
        expect(await secrets.get({ ...request, retry: true })).toBe('two');
        expect(await secrets.get({ ...request, kind: 'sudo-password' })).toBe('two');
        expect(await secrets.get({ kind: 'new-user-password', node: 'n1', user: 'x' })).toBe('new');
      },
    });
    expect(questions).toHaveLength(6);
  });

  it('keeps notes back while both nodes ask, and gives them out after the last answer', async () => {
    const written: string[] = [];
    const streams = {
      stdout: { write: () => 0 },
      stderr: { write: (text: string) => written.push(text) },
      env: {},
    };
    const output = new Output(streams, false);
    const release: (() => void)[] = [];
    const ask = () => output.quietly(() => new Promise<void>((resolve) => release.push(resolve)));
    const both = [ask(), ask()];
    output.note('meanwhile');
    release[0]?.();
    await both[0];
    expect(written).toEqual([]);
    release[1]?.();
    await both[1];
    output.note('later');
    expect(written).toEqual(['meanwhile\n', 'later\n']);
  });

  it('has nobody to ask without a terminal; the new account’s password may be in the environment', async () => {
    await finish(['plan', 'demo', ...NODES], {
      env: { TWINSPARK_NEW_USER_PASSWORD: 'from-env' },
      open: async ({ secrets }) => {
        expect(await secrets.get({ kind: 'sudo-password', node: 'n1', user: 'x' })).toBeUndefined();
        expect(await secrets.get({ kind: 'new-user-password', node: 'n1', user: 'x' })).toBe('from-env');
      },
    });
  });
});

describe('rollback', () => {
  it('takes the newest run with something in place, on the nodes of its journal', async () => {
    const states = [runState({ run: '0002-gone', changes: [] }), runState()];
    const { code, calls, out } = await finish(['rollback', '--yes'], { states });
    expect(code).toBe(0);
    expect(calls).toEqual([OPEN, 'rollBack 0001-demo {}', 'close']);
    expect(out).toContain('network/n1/file');
  });

  it('passes the scope on', async () => {
    const { calls } = await finish(['rollback', '0001', '--stage', 'network', '--yes'], {
      states: [runState()],
    });
    expect(calls).toContain('rollBack 0001-demo {"stage":"network"}');
  });

  it('asks on a terminal', async () => {
    const { code, calls } = await finish(['rollback'], {
      states: [runState()],
      interactive: true,
      answers: [false],
    });
    expect(code).toBe(130);
    expect(calls).toEqual([OPEN, 'close']);
  });

  it('shows what was edited since and says 6', async () => {
    const drifted = [
      { id: 'network/n1/file', node: 'n1', difference: '--- left by the run\n+theirs\u001b[2J' },
    ];
    const { code, out } = await finish(['rollback', '--yes'], {
      states: [runState()],
      rollBack: () => Promise.resolve({ ...rolledBack, outcome: 'rolled-back-with-differences', drifted }),
    });
    expect(code).toBe(6);
    expect(out).toContain('+theirs');
    expect(out).not.toContain('\u001b');
  });

  it('has nothing to do where nothing is in place', async () => {
    const { code, calls } = await finish(['rollback', '--yes']);
    expect([code, calls]).toEqual([0, []]);
  });
});

describe('verify', () => {
  it('uses the nodes and choices of the newest run, and says 1 when a promise does not hold', async () => {
    const { code, out, calls } = await finish(['verify', 'demo'], {
      states: [runState({ inputs: { 'network.method': 'temporary' } })],
      verify: (_id, inputs) => {
        expect(inputs).toEqual({ 'network.method': 'temporary' });
        const causes = [{ cause: message('demo.cause'), remedy: message('demo.cure') }];
        return Promise.resolve([
          { stage: 'network', verification: { ok: false, notes: [message('demo.measure')], causes } },
        ]);
      },
    });
    expect(code).toBe(1);
    expect(calls[0]).toBe(OPEN);
    for (const part of ['demo.measure', 'demo.cause', 'demo.cure']) expect(out).toContain(part);
  });
});

describe('the rest', () => {
  it('filters the names that machines give themselves', async () => {
    const { out } = await finish(['discover', '--seconds', '1']);
    expect(out).toContain('spark.local:22');
    expect(out).not.toContain('\u001b');
  });

  it('lists and shows runs', async () => {
    expect((await finish(['runs'], { states: [runState()] })).out).toContain('0001-demo');
    expect((await finish(['show', '0001'], { states: [runState()] })).code).toBe(0);
    expect((await finish(['show', '000'], { states: [runState(), runState({ run: '0002-x' })] })).code).toBe(
      2,
    );
  });

  it('speaks Korean with --lang ko', async () => {
    expect((await finish(['runs', '--lang', 'ko'])).out).toContain('아직 실행이 없습니다');
  });

  it('names every command, option and exit code in its help, and offers no others', async () => {
    const { out, code } = await finish(['--help']);
    expect(code).toBe(0);
    for (const word of [
      'discover',
      'probe',
      'plan',
      'apply',
      'verify',
      'rollback',
      'runs',
      'show',
      'export',
      'parse',
      'bench',
      'report',
      'environment',
      'serve',
      'practice',
      '130',
    ]) {
      expect(out).toContain(word);
    }
    expect(out.match(/^ {2}[a-z]+/gm)).toHaveLength(16);
    const help = (await finish(['apply', '--help'])).out;
    expect(help).toMatch(/network\.method +static \| temporary +default: static/);
    for (const option of [
      '--cluster',
      '--node',
      '--set',
      '--yes',
      '--json',
      '--data-dir',
      '--lang',
      '--plan',
    ]) {
      expect(help).toContain(option);
    }
  });

  it('says in the plan what the node takes back by itself and what cannot be undone', async () => {
    const [change] = stage().changes;
    const guarded = stage({
      changes: [{ ...change!, guardSeconds: 60, irreversible: message('demo.irreversible') }],
    });
    const { out } = await finish(['plan', 'demo', ...NODES], { plans: [[guarded]] });
    expect(out).toContain('after 60 s');
    expect(out).toContain('Cannot be undone: demo.irreversible');
  });
});
