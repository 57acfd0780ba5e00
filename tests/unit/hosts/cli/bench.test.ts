import { describe, expect, it, test } from 'vitest';
import { runnableTools } from '../../../../src-main/contract/bench-request';
import { Failure } from '../../../../src-main/core/failure';
import { benchTools, type BenchOptions } from '../../../../src-main/hosts/cli/bench-choices';
import { requestOf } from '../../../../src-main/hosts/cli/bench-request';
import { cause, both, judged } from '../../core/benchmark/suite/fake-bench';
import { measuring, record, result } from '../../core/benchmark/history/records';
import { drive, finish, NODES, OPEN } from './fakes';

const bench = (...words: string[]) => ['bench', ...words, ...NODES];
const asked = (calls: readonly string[]) =>
  calls.flatMap((call) =>
    call.startsWith('bench ') ? [JSON.parse(call.slice(6)) as Record<string, unknown>] : [],
  );

test('the grammar knows the tools of the contract', () => {
  expect(benchTools).toEqual(runnableTools);
});

describe('what is asked for', () => {
  it.each([
    ['ping', {}, { halves: 'both', direction: 'forward', count: 20 }],
    ['ping', { half: 'a', count: '5' }, { halves: 'a', direction: 'forward', count: 5 }],
    ['ib_write_lat', {}, { halves: 'a', direction: 'forward', sizes: 2 }],
    [
      'ib_write_bw',
      { sizes: 'all' },
      { halves: 'both', direction: 'forward', sizes: 'all', streams: 4, seconds: 5 },
    ],
    ['ib_write_bw', { size: '64K', streams: '1' }, { sizes: 65_536, streams: 1 }],
    ['ucx_perftest', { size: '1MiB', operation: 'put_lat' }, { size: 1024 ** 2, operation: 'put_lat' }],
    [
      'nccl',
      { from: '512m', to: '4G' },
      { fromBytes: 512 * 1024 ** 2, toBytes: 4 * 1024 ** 3, halves: 'both' },
    ],
  ] as const)('%s %j', (tool, options, request) => {
    expect(requestOf(tool, options)).toMatchObject({ tool, ...request });
  });

  it.each<[(typeof benchTools)[number], BenchOptions, string, string]>([
    ['iperf3', { streams: '17' }, '--streams', '1…16'],
    ['iperf3', { streams: 'many' }, '--streams', '1…16'],
    ['iperf3', { seconds: '1.5' }, '--seconds', '1…600'],
    ['iperf3', { seconds: '1K' }, '--seconds', '1…600'],
    ['ping', { streams: '2' }, '--streams', '--half, --direction, --count'],
    ['ping', { direction: 'both' }, '--direction', 'forward, reverse'],
    ['ib_read_lat', { half: 'both' }, '--half', 'a, b'],
    ['ib_write_bw', { size: '-1' }, '--size', 'all, 1…1073741824'],
    ['ucx_perftest', { operation: 'rm -rf' }, '--operation', 'put_bw, get_bw, put_lat, get_lat'],
    ['nccl', { from: '2G', to: '1G' }, '--from', '--from ≤ --to'],
  ])('%s %j is refused with what would be right', (tool, options, input, allowed) => {
    try {
      requestOf(tool, options);
      expect.unreachable();
    } catch (error) {
      expect((error as Failure).info).toEqual({ code: 'BAD_INPUT', params: { input, allowed } });
    }
  });
});

describe('bench TOOL', () => {
  it('measures, tells the figure with its verdict, and keeps it', async () => {
    const { code, out, calls, records } = await finish(bench('ib_write_bw', '--half', 'a'), {
      bench: (request) => Promise.resolve(judged(request, { measured: { value: 97.3, unit: 'Gb/s' } })),
    });
    expect(code).toBe(0);
    expect(calls).toEqual([OPEN, expect.stringContaining('bench {'), 'close']);
    expect(asked(calls)).toEqual([
      { tool: 'ib_write_bw', halves: 'a', direction: 'forward', sizes: 1024 ** 2, streams: 4, seconds: 5 },
    ]);
    expect(out).toContain('Healthy  97.3 Gb/s');
    expect(out).toContain(`Kept as ${records[0]?.id}`);
    expect(records).toHaveLength(1);
  });

  it('tells the way there on standard error, and every sample to a program', async () => {
    const link = { node: 'one', netdev: 'enp1s0f0np0', port: 0 as const, rdma: true };
    const script = {
      bench: (
        request: Parameters<typeof judged>[0],
        { onProgress, onLine }: Parameters<NonNullable<Parameters<typeof finish>[1]>['bench'] & object>[1],
      ) => {
        const running = { id: 'x', request, startedAt: 0, cancelling: false, expectedSeconds: 5, parts: [] };
        onProgress?.({ ...running, phase: 'preparing', samples: [] });
        const sample = (at: number) => ({
          at,
          links: [
            { ...link, half: 'a' as const, sentPerSecond: 12.5e9, receivedPerSecond: 1e6 },
            { ...link, half: 'b' as const, sentPerSecond: 0, receivedPerSecond: 0 },
          ],
        });
        onLine?.('one', 'stdout', '#bytes');
        onProgress?.({ ...running, phase: 'measuring', samples: [sample(0.5)] });
        onProgress?.({ ...running, phase: 'measuring', samples: [sample(0.5), sample(1.2)] });
        return Promise.resolve(judged(request, {}));
      },
    };
    const people = await finish(bench('ib_write_bw'), script);
    expect(people.err).toContain('Measuring with ib_write_bw over both halves, about 5 s…');
    expect(people.err.match(/half A 100 Gb\/s {3}half B 0 Gb\/s/g)).toHaveLength(1);
    const lines = (await finish([...bench('ib_write_bw'), '--json'], script)).lines();
    expect(lines.map(({ type }) => type)).toEqual([
      'node',
      'bench',
      'log',
      'bench',
      'sample',
      'sample',
      'result',
    ]);
    expect(lines.at(-1)).toMatchObject({
      command: 'bench',
      exitCode: 0,
      record: { outcome: 'done' },
      standing: null,
    });
  });

  it('ends in 1 for a bad verdict, with cause and remedy in words', async () => {
    const script = {
      bench: (request: Parameters<typeof judged>[0]) =>
        Promise.resolve(judged(request, { level: 'bad', causes: [cause('thirteen-gigabit')] })),
    };
    const { code, out } = await finish(bench('iperf3'), script);
    expect(code).toBe(1);
    expect(out).toMatch(/• The link is stuck at about 13 Gb\/s.*\n.*→ Shut both machines down/);
    const [last] = (await finish([...bench('iperf3'), '--json'], script)).lines().slice(-1);
    expect(last).toMatchObject({
      exitCode: 1,
      advice: [{ cause: expect.stringContaining('13 Gb/s') as string }],
    });
  });

  it('tells what each half showed before it failed, and why', async () => {
    const { info } = new Failure('CONNECTION_LOST', {}, { node: 'two' });
    const series = [{ id: 'main', axis: 'size' as const, points: [{ x: 2, latency: { typicalUs: 1.5 } }] }];
    const { code, out, records } = await finish(bench('ib_write_bw'), {
      bench: (request) =>
        Promise.resolve(
          record(0, {
            request,
            outcome: 'failed',
            failure: info,
            result: null,
            parts: [{ halves: 'b', result: result({ series }) }],
          }),
        ),
    });
    expect(code).toBe(3);
    expect(out).toContain('Half B (enP2p1…)');
    expect(out).toMatch(/two: .*connection/i);
    expect(records).toMatchObject([{ outcome: 'failed' }]);
  });

  it('says what refuses it, and keeps nothing', async () => {
    const { code, err, records } = await finish(bench('ib_write_bw'), {
      bench: () =>
        Promise.reject(
          new Failure('BENCH_TOOL_MISSING', { tool: 'ib_write_bw', package: 'perftest' }, { node: 'two' }),
        ),
    });
    expect(code).toBe(1);
    expect(err).toContain('two: ib_write_bw is not installed here');
    expect(err).toContain('twinspark apply benchmark-tools');
    expect(records).toEqual([]);
  });

  it('is cancelled by Ctrl-C: what runs is ended, the record kept, 130', async () => {
    let cancelled = false;
    const driven = drive(bench('iperf3', '--seconds', '600'), {
      bench: (request, { signal }) =>
        new Promise((resolve) => {
          signal?.addEventListener('abort', () => {
            cancelled = true;
            resolve(
              record(0, {
                request,
                outcome: 'cancelled',
                failure: new Failure('CANCELLED').info,
                result: null,
                parts: [],
              }),
            );
          });
          driven.interrupt();
        }),
    });
    expect(await driven.finished).toBe(130);
    expect(cancelled).toBe(true);
    expect(driven.io.err).toContain('What runs on both machines is ended first');
    expect(driven.calls.at(-1)).toBe('close');
    expect(driven.records).toMatchObject([{ outcome: 'cancelled' }]);
  });

  it('shows what was measured also when the disk takes nothing, and says so by its exit code', async () => {
    const { code, out, err } = await finish(bench('ib_write_bw'), {
      bench: (request) => Promise.resolve(judged(request, {})),
      full: true,
    });
    expect(code).toBe(1);
    expect(out).toContain('189.5 Gb/s');
    expect(err).toContain('could not be kept');
  });

  it('warns when the pair has fallen against its own past', async () => {
    const { out } = await finish(bench('ib_write_bw'), {
      records: [record(0), record(1), record(2)],
      bench: (request) => Promise.resolve(record(3, { request, ...measuring(150, 'Gb/s') })),
    });
    expect(out).toContain(
      'Worse than this pair’s own past by 20.8%: the median of 3 earlier results is 189.5 Gb/s.',
    );
  });

  it.each([
    [['bench'], 2],
    [['bench', 'sh'], 2],
    [['bench', 'show'], 2],
    [['bench', 'list', 'x'], 2],
    [bench('ping', '--streams', '2'), 2],
    [['bench', 'ping'], 2],
  ])('%j is refused before anything is connected', async (argv, exit) => {
    const { code, calls } = await finish(argv);
    expect(code).toBe(exit);
    expect(calls).toEqual([]);
  });
});

describe('bench prove', () => {
  const healthy = (request: Parameters<typeof judged>[0]) => Promise.resolve(judged(request, {}));

  it('runs the row of tests and ends in one sentence', async () => {
    const { code, out, err, records } = await finish(bench('prove'), { facts: both(), bench: healthy });
    expect(code).toBe(0);
    expect(records).toHaveLength(5);
    expect(new Set(records.map(({ suite }) => suite)).size).toBe(1);
    expect(err).toContain('✓ RDMA bandwidth  189.5 Gb/s  Healthy');
    expect(out).toContain('Healthy  The link is healthy: 190 Gb/s over both halves');
  });

  it.each([
    ['bad', 1],
    ['suspicious', 0],
    ['unknown', 1],
  ] as const)('ends in the exit code of a link that is %s', async (level, exit) => {
    const script = {
      facts: both(),
      bench: (request: Parameters<typeof judged>[0]) =>
        Promise.resolve(judged(request, { level, causes: [cause('half-dead', { half: 'b' })] })),
    };
    const { code, lines } = await finish([...bench('prove'), '--json'], script);
    expect(code).toBe(exit);
    expect(lines().at(-1)).toMatchObject({ suite: { level }, exitCode: exit });
    expect(lines().filter(({ type }) => type === 'step').length).toBeGreaterThan(5);
  });

  it('is cancelled by Ctrl-C', async () => {
    const driven = drive(bench('prove'), {
      facts: both(),
      bench: (request) => {
        driven.interrupt();
        return Promise.resolve(
          record(0, { request, outcome: 'cancelled', failure: new Failure('CANCELLED').info }),
        );
      },
    });
    expect(await driven.finished).toBe(130);
    expect(driven.records).toHaveLength(1);
    expect(driven.io.out).toContain('Not proven: stopped before the end.');
  });
});

describe('bench list and show', () => {
  const records = [record(0), record(1, measuring(120, 'Gb/s', 'suspicious')), record(2, { pair: 'pair-2' })];

  it('lists the newest first, with what has fallen', async () => {
    const { code, out } = await finish(['bench', 'list'], { records });
    const rows = out.trim().split('\n').slice(1);
    expect(code).toBe(0);
    expect(rows.map((row) => row.split(' ')[0])).toEqual(records.map(({ id }) => id).reverse());
    expect(rows[1]).toMatch(/ib_write_bw both halves +120 Gb\/s +Suspicious, worse than before$/);
    expect((await finish(['bench', 'list'])).out).toBe('Nothing has been measured yet.\n');
    const [last] = (await finish(['bench', 'list', '--json'], { records })).lines();
    expect(last).toMatchObject({ measurements: [{}, {}, {}], exitCode: 0 });
  });

  it('shows one by the beginning of its id, and what has changed since the one before', async () => {
    const changed = record(1, {
      ...measuring(120, 'Gb/s', 'suspicious'),
      nodes: [{ ...records[0]!.nodes[0], driver: '590.1' }, records[0]!.nodes[1]],
    });
    const { code, out } = await finish(['bench', 'show', changed.id.slice(0, 16)], {
      records: [record(0), changed],
    });
    expect(code).toBe(0);
    expect(out).toContain('Suspicious  120 Gb/s');
    expect(out).toContain(`Since ${record(0).id}`);
    expect(out).toContain('Worse by 36.7%: 189.5 → 120 Gb/s');
    expect(out).toContain('one: GPU driver 580.95.05 → 590.1');
  });

  it('says when there is none, or more than one', async () => {
    for (const id of ['1999', '2026', '../../etc/passwd']) {
      const { code, err } = await finish(['bench', 'show', id], { records });
      expect(code).toBe(2);
      expect(err).toContain(id);
    }
  });
});
