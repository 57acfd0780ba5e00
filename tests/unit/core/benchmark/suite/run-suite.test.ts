import { describe, expect, it } from 'vitest';
import { suiteSchema } from '../../../../../src-main/contract/bench-record';
import { Failure } from '../../../../../src-main/core/failure';
import en from '../../../../../resources/locales/en.json';
import { Words } from '../../../../../src-main/words/words';
import { port, record } from '../history/records';
import { both, cause, judged, names, node, pinged, prove } from './fake-bench';

const words = new Words('en', en, en);
const said = ({ suite }: Awaited<ReturnType<typeof prove>>) => {
  if (suite.sentence === null) throw new Error('no sentence');
  return words.message(suite.sentence);
};
const why = ({ suite }: Awaited<ReturnType<typeof prove>>, id: string) => {
  const found = suite.steps.find((step) => step.id === id)?.why;
  return found ? words.message(found) : null;
};
const refuse =
  (code: ConstructorParameters<typeof Failure>[0], params = {}, rest = {}) =>
  () => {
    throw new Failure(code, params, rest);
  };

describe('a healthy pair', () => {
  it('is proven by five tests, in order, in one sentence', async () => {
    const proof = await prove();
    expect(said(proof)).toBe('The link is healthy: 189 Gb/s over both halves, 1.58 µs.');
    expect(proof.suite).toMatchObject({ level: 'healthy', causes: [] });
    expect(proof.asked.map(({ tool, halves }) => `${tool} ${halves}`)).toEqual([
      'ping both',
      'ib_write_bw both',
      'ib_write_lat a',
      'iperf3 both',
      'nccl both',
    ]);
    expect(Object.values(proof.statuses)).toEqual(Array(5).fill('done'));
    expect(() => suiteSchema.parse(proof.suite)).not.toThrow();
  });

  it('is measured as one suite, on facts that were read once, each test kept before the next', async () => {
    const { options, kept, suite } = await prove();
    expect(options.map(({ suite: id }) => id)).toEqual(Array(5).fill('suite-1'));
    expect(options.every(({ facts }) => facts !== undefined)).toBe(true);
    expect(kept).toHaveLength(5);
    expect(suite.steps.map((step) => step.record)).toEqual(kept.map(({ id }) => id));
  });

  it('takes less than a minute by the times that were asked for', async () => {
    const { asked } = await prove();
    const seconds = asked.map((request) => ('seconds' in request ? request.seconds : 0));
    expect(seconds.reduce((sum, one) => sum + one, 0)).toBeLessThan(30);
  });

  it('tells every step as it begins and ends', async () => {
    const { told } = await prove();
    const running = told.map(({ steps }) => steps.find(({ status }) => status === 'running')?.id);
    expect(running.filter((id) => id !== undefined)).toEqual(['way', 'rdma', 'latency', 'tcp', 'nccl']);
    expect(told.every(({ endedAt, sentence }) => endedAt === null && sentence === null)).toBe(true);
  });

  it('tells TCP what RDMA showed over the slower half', async () => {
    const { options } = await prove();
    expect(options.map(({ rdmaGbps }) => rdmaGbps)).toEqual([
      undefined,
      undefined,
      undefined,
      189.5,
      undefined,
    ]);
  });
});

describe('tests that cannot run', () => {
  it('are skipped with the playbook that helps, and the others run', async () => {
    const proof = await prove({}, [node(0), node(1, { tools: ['ping', 'iperf3', 'ib_write_bw'] })]);
    expect(proof.statuses).toMatchObject({ latency: 'skipped', nccl: 'skipped', rdma: 'done', tcp: 'done' });
    expect(why(proof, 'latency')).toBe(
      'ib_write_lat is not installed on two; the playbook “Benchmark tools” installs it.',
    );
    expect(why(proof, 'nccl')).toContain('NCCL for two Sparks');
    expect(said(proof)).toBe('The link is healthy: 189 Gb/s over both halves.');
  });

  it('that only the run finds missing are skipped as well', async () => {
    const proof = await prove({
      nccl: refuse('BENCH_TOOL_MISSING', { tool: 'all_gather_perf', package: 'nccl-tests' }, { node: 'two' }),
    });
    expect(proof.statuses['nccl']).toBe('skipped');
    expect(why(proof, 'nccl')).toContain('have not been built on two');
    expect(proof.suite.level).toBe('healthy');
  });

  it('say how much memory NCCL wants', async () => {
    const proof = await prove({
      nccl: refuse('BENCH_MEMORY', { neededBytes: 4 * 1024 ** 3, freeBytes: 1024 ** 3 }, { node: 'one' }),
    });
    expect(why(proof, 'nccl')).toBe('NCCL needs 4 GiB of free memory on one; 1 GiB are free.');
    expect(proof.suite.level).toBe('healthy');
  });

  it('leave the link unproven when RDMA is among them', async () => {
    const proof = await prove({}, both({ tools: ['ping', 'iperf3'] }));
    expect(proof.suite.level).toBe('unknown');
    expect(said(proof)).toBe('Not proven: TCP carries 181 Gb/s over the link, but RDMA was not measured.');
  });

  it('are stood in for by TCP where there is no RDMA device', async () => {
    const ports = ['enp1s0f0np0', 'enP2p1s0f0np0'].map((name) => port(name, { rdma: null }));
    const proof = await prove({}, both({ ports }));
    expect(proof.asked.map(({ tool }) => tool)).toEqual(['ping', 'iperf3', 'nccl']);
    expect(why(proof, 'rdma')).toBe('The link has no RDMA device on one.');
    expect(proof.suite.level).toBe('healthy');
    expect(said(proof)).toContain('TCP carries 181 Gb/s over both halves.');
  });
});

describe('a link that is not whole', () => {
  it('measures nothing without addresses, and says so', async () => {
    const proof = await prove({}, both({ addressed: [] }));
    expect(proof.asked).toEqual([]);
    expect(Object.values(proof.statuses)).toEqual(Array(5).fill('skipped'));
    expect(proof.suite.level).toBe('unknown');
    expect(said(proof)).toBe('Not proven: there is no link with addresses on both machines.');
    expect(proof.causes).toContain('no-address');
  });

  it('names the half without a carrier and measures the other', async () => {
    const ports = [port('enp1s0f0np0'), port('enP2p1s0f0np0', { up: false })];
    const proof = await prove({}, both({ ports }));
    expect(proof.asked.map(({ halves }) => halves)).toEqual(Array(5).fill('a'));
    expect(proof.suite.level).toBe('bad');
    expect(said(proof)).toBe('Half B (enP2p1…) carries nothing: 97.3 Gb/s over the other half alone.');
    expect(proof.causes[0]).toBe('port-down');
  });

  it('does not call a half bad that has no address yet', async () => {
    const proof = await prove({}, both({ addressed: ['enP2p1s0f0np0'] }));
    expect(proof.asked[0]).toMatchObject({ tool: 'ping', halves: 'b' });
    expect(proof.asked[2]).toMatchObject({ tool: 'ib_write_lat', halves: 'b' });
    expect(proof.suite.level).toBe('unknown');
    expect(said(proof)).toContain('half A (enp1…) has no address');
    expect(proof.causes).toEqual(['no-address', 'no-address']);
  });

  it('goes on over the half that answers', async () => {
    const proof = await prove({ ping: (request) => pinged(request, { a: 10, b: 0 }) });
    expect(proof.asked.map(({ halves }) => halves)).toEqual(['both', 'a', 'a', 'a', 'a']);
    expect(said(proof)).toContain('Half B (enP2p1…) carries nothing');
    expect(proof.suite.steps[0]?.level).toBe('bad');
    expect(proof.causes[0]).toBe('half-dead');
  });

  it('stops when no packet comes back at all', async () => {
    const proof = await prove({ ping: (request) => pinged(request, { a: 0, b: 0 }) });
    expect(proof.asked).toHaveLength(1);
    expect(why(proof, 'rdma')).toContain('No packet came back');
    expect(proof.suite.level).toBe('bad');
    expect(said(proof)).toBe('The link carries nothing: not one packet came back.');
  });
});

describe('what is wrong', () => {
  const thirteen = {
    level: 'bad' as const,
    measured: { value: 26.1, unit: 'Gb/s' },
    causes: [cause('thirteen-gigabit')],
  };
  const guesses = [
    cause('half-dead', { half: 'unknown' }),
    cause('same-half', { half: 'unknown' }),
    cause('one-half'),
  ];

  it('is said by the test that the others rest on, with the cause that is proven first', async () => {
    const proof = await prove({
      ib_write_bw: (request) => judged(request, thirteen),
      iperf3: (request) =>
        judged(request, {
          level: 'bad',
          measured: { value: 24, unit: 'Gb/s' },
          causes: [...guesses, cause('thirteen-gigabit')],
        }),
    });
    expect(said(proof)).toBe('The link carries only 26.1 Gb/s.');
    expect(proof.causes).toEqual(['thirteen-gigabit', 'half-dead', 'one-half', 'same-half']);
  });

  it('is named by the half that is known, not by the guess', async () => {
    const proof = await prove({
      ib_write_bw: (request) => judged(request, { level: 'bad', causes: guesses }),
      iperf3: (request) => judged(request, { level: 'bad', causes: [cause('half-dead', { half: 'b' })] }),
    });
    expect(proof.suite.causes[0]?.cause).toEqual({ code: 'bench.cause.half-dead', params: { half: 'b' } });
    expect(proof.causes.filter((code) => code === 'half-dead')).toHaveLength(1);
  });

  it.each([
    [
      'iperf3',
      { level: 'suspicious', measured: { value: 140, unit: 'Gb/s' } },
      'TCP carries less than it should: 140 Gb/s.',
    ],
    ['nccl', { level: 'bad', measured: { value: 3, unit: 'GB/s' } }, 'NCCL gets only 3 GB/s.'],
    [
      'ib_write_lat',
      {
        level: 'suspicious',
        measured: { value: 5, unit: 'µs' },
        healthy: { from: 1.4, to: 1.9, unit: 'µs' },
      },
      'The link answers later than it should: 5 µs.',
    ],
  ] as const)('with %s is said in its own words', async (tool, patch, sentence) => {
    const proof = await prove({ [tool]: (request) => judged(request, { healthy: null, ...patch }) });
    expect(said(proof)).toBe(sentence);
    expect(proof.suite.level).toBe(patch.level);
  });

  it('is not said of a good figure that went the wrong way', async () => {
    const proof = await prove({
      ib_write_bw: (request) =>
        judged(request, {
          level: 'bad',
          causes: [cause('wrong-interface', { carried: 'eth0', expected: 'x' })],
        }),
    });
    expect(said(proof)).toBe('190 Gb/s over RDMA is a good figure, but the test did not go as it should.');
  });

  it('is told when a test fails, and the link is called what the others show', async () => {
    const failed = new Failure(
      'BENCH_TOOL_FAILED',
      { tool: 'nccl', detail: 'exit 1' },
      { causes: [cause('peer-login')] },
    );
    const proof = await prove({
      nccl: (request) => ({
        ...record(0),
        request,
        outcome: 'failed',
        failure: failed.info,
        result: null,
        verdict: judged(request, { level: 'unknown', measured: null, causes: [] }).verdict,
      }),
    });
    expect(proof.statuses['nccl']).toBe('failed');
    expect(why(proof, 'nccl')).toBe('nccl ended with an error: exit 1');
    expect(said(proof)).toBe('The link carries 189 Gb/s over both halves, but NCCL could not be measured.');
    expect(proof.suite.level).toBe('suspicious');
    expect(proof.causes).toEqual(['peer-login']);
    expect(proof.kept).toHaveLength(5);
  });

  it('is not proven when RDMA itself fails', async () => {
    const proof = await prove({ ib_write_bw: refuse('BENCH_SERVER_SILENT', { tool: 'ib_write_bw' }) });
    expect(said(proof)).toBe('Not proven: the RDMA test failed.');
    expect(proof.suite.level).toBe('unknown');
  });
});

describe('an end in the middle', () => {
  it('is a cancel, which leaves nothing to come', async () => {
    const abort = new AbortController();
    const proof = await prove(
      {
        ib_write_bw: (request) => {
          abort.abort();
          return { ...record(0), request, outcome: 'cancelled', failure: new Failure('CANCELLED').info };
        },
      },
      both(),
      abort.signal,
    );
    expect(proof.statuses).toEqual({
      way: 'done',
      rdma: 'cancelled',
      latency: 'cancelled',
      tcp: 'cancelled',
      nccl: 'cancelled',
    });
    expect(proof.asked).toHaveLength(2);
    expect(proof.kept).toHaveLength(2);
    expect(said(proof)).toBe('Not proven: stopped before the end.');
  });

  it('is a cancel also before a test has begun', async () => {
    const proof = await prove({ ib_write_bw: refuse('CANCELLED') });
    expect(proof.statuses).toMatchObject({ rdma: 'cancelled', tcp: 'cancelled' });
    expect(proof.suite.level).toBe('unknown');
  });

  it('is a node that is gone: nothing else is tried', async () => {
    const proof = await prove({ ib_write_lat: refuse('CONNECTION_LOST', {}, { node: names[1] }) });
    expect(proof.statuses).toEqual({
      way: 'done',
      rdma: 'done',
      latency: 'failed',
      tcp: 'skipped',
      nccl: 'skipped',
    });
    expect(said(proof)).toBe('Not proven: the connection to a machine was lost.');
  });
});
