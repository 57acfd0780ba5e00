import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BenchRunning } from '../../src-main/contract/bench-record';
import type { BenchRequestInput } from '../../src-main/contract/bench-request';
import type { Session } from '../../src-main/core/ports';
import { removeFolders } from '../unit/adapters/ssh2/fixtures/laptop';
import { address, inTheMiddle, measure, names, openPair, running, sentBy } from './bench-pair';
import { Lab } from './lab';
import { netdev, sides } from './plan';
import { until } from './process';
import { skipped } from './skipped';

const MIB = 1024 ** 2;

describe.skipIf(skipped())('benchmarks on real nodes', () => {
  let lab: Lab;
  let sessions: readonly [Session, Session];
  const run: (
    request: BenchRequestInput,
    options?: Parameters<typeof measure>[2],
  ) => ReturnType<typeof measure> = (request, options) => measure(sessions, request, options);

  beforeAll(async () => {
    lab = await Lab.up({ login: 'key', sudo: 'nopasswd' });
    await address(lab);
    sessions = await openPair(lab);
  });
  afterEach(async () => {
    for (const side of sides) if (lab.powered(side)) expect(await running(lab, side)).toEqual([]);
  });
  afterAll(async () => {
    for (const session of sessions) await session.close();
    await lab.down();
    await removeFolders();
  });

  it('ping: both halves at once, every packet back', async () => {
    const record = await run({ tool: 'ping', halves: 'both', count: 3 });
    expect(record).toMatchObject({ outcome: 'done', failure: null, verdict: { level: 'healthy' } });
    expect(record.parts.map(({ halves }) => halves)).toEqual(['a', 'b']);
    expect(record.result?.summary.packets).toEqual({ sent: 6, received: 6 });
    for (const half of ['a', 'b'] as const)
      expect(sentBy(record, 'spark-a', half)).toBeGreaterThan(3 * 98 - 1);
    expect(record.nodes.map(({ hostname }) => hostname)).toEqual(['spark-5c2d', 'spark-bd26']);
  });

  type Iperf = Extract<BenchRequestInput, { tool: 'iperf3' }>;
  const tests: [string, number, Omit<Iperf, 'tool'>, string[]][] = [
    ['one stream over half a', 1, { halves: 'a', streams: 1 }, ['spark-a a']],
    ['four streams over half b', 4, { halves: 'b', streams: 4 }, ['spark-a b']],
    ['both halves at once', 2, { halves: 'both', streams: 1 }, ['spark-a a', 'spark-a b']],
    ['back over half b', 4, { halves: 'b', streams: 4, direction: 'reverse' }, ['spark-b b']],
    [
      'both directions over half a',
      1,
      { halves: 'a', streams: 1, direction: 'both' },
      ['spark-a a', 'spark-b a'],
    ],
  ];
  it.each(tests)('iperf3: %s; the counters agree, live', async (_name, streams, request, senders) => {
    const seen: BenchRunning[] = [];
    const record = await run(
      { tool: 'iperf3', seconds: 1, ...request },
      { onProgress: (now) => seen.push(now) },
    );
    expect(record).toMatchObject({ outcome: 'done', failure: null, result: { status: 'done' } });
    expect(record.result?.parameters.streams).toBe(streams);
    for (const node of names) {
      for (const half of ['a', 'b'] as const) {
        const sent = sentBy(record, node, half);
        if (senders.includes(`${node} ${half}`)) expect(sent).toBeGreaterThan(10 * MIB);
        // Acknowledgements go back; over another half goes nothing.
        else
          expect(sent).toBeLessThan(
            request.halves === 'both' || request.halves === half ? 10 * MIB : 64 * 1024,
          );
      }
    }
    const codes = record.verdict.causes.map(({ cause }) => cause.code);
    expect(codes).not.toContain('bench.cause.wrong-interface');
    expect(codes).not.toContain('bench.cause.one-half');
    const live = seen.filter(({ phase }) => phase === 'measuring');
    expect(seen.map(({ phase }) => phase)).toEqual([...seen.map(({ phase }) => phase)].toSorted(byPhase));
    expect(
      live.some(({ parts }) =>
        parts.some(({ result }) => result.series.some((one) => one.points.length > 0)),
      ),
    ).toBe(true);
    const moved = live.flatMap(({ samples }) => samples).flatMap(({ links }) => links);
    expect(
      moved
        .filter(({ sentPerSecond }) => sentPerSecond > MIB)
        .map(({ node, half }) => `${node} ${half ?? ''}`),
    ).toEqual(expect.arrayContaining(senders));
  });

  it('ucx_perftest: over half b, and said to be TCP', async () => {
    const record = await run({ tool: 'ucx_perftest', halves: 'b', seconds: 1, size: 64 * 1024 });
    expect(record).toMatchObject({ outcome: 'done', verdict: { level: 'bad' } });
    expect(record.result?.parameters).toMatchObject({ transport: 'tcp', devices: [netdev(1, 'b')] });
    expect(record.verdict.causes[0]?.cause.code).toBe('bench.cause.ucx-tcp');
    expect(sentBy(record, 'spark-a', 'b')).toBeGreaterThan(MIB);
    expect(sentBy(record, 'spark-a', 'a')).toBeLessThan(64 * 1024);
  });

  it('RDMA where there is no device is refused before anything runs', async () => {
    const lines: string[] = [];
    await expect(
      run({ tool: 'ib_write_bw', halves: 'a' }, { onLine: (_node, _stream, text) => lines.push(text) }),
    ).rejects.toMatchObject({
      code: 'BENCH_NO_LINK',
      info: { causes: [{ cause: { code: 'bench.cause.no-rdma' } }] },
    });
    expect(lines).toEqual([]);
  });

  it('a slowed half is named', async () => {
    const port = netdev(1, 'b');
    await lab.sh(1, `tc qdisc add dev ${port} root tbf rate 400mbit burst 256k latency 20ms`);
    try {
      const record = await run({ tool: 'iperf3', halves: 'b', streams: 4, seconds: 1 });
      expect(record.verdict).toMatchObject({ level: 'bad', measured: { unit: 'Gb/s' } });
      expect(record.verdict.measured?.value).toBeLessThan(0.6);
      expect(record.verdict.causes.length).toBeGreaterThan(0);
    } finally {
      await lab.sh(1, `tc qdisc del dev ${port} root`);
    }
  });

  it('a half that is down is named, and the other one measures on', async () => {
    await lab.fault.cableOut('b');
    try {
      for (const halves of ['b', 'both'] as const) {
        await expect(run({ tool: 'iperf3', halves })).rejects.toMatchObject({
          code: 'BENCH_NO_LINK',
          info: {
            params: { half: 'b' },
            causes: [
              { cause: { code: 'bench.cause.port-down', params: { node: 'spark-a', port: netdev(1, 'b') } } },
              {},
            ],
          },
        });
      }
      expect(await run({ tool: 'ping', halves: 'a', count: 1 })).toMatchObject({ outcome: 'done' });
    } finally {
      await lab.fault.cableIn('b');
    }
  });

  it('a half that goes down in the middle ends the test and is named', async () => {
    let out: Promise<void> | undefined;
    const onProgress = inTheMiddle(() => {
      out = lab.fault.cableOut('b');
    });
    try {
      const record = await run({ tool: 'iperf3', halves: 'both', seconds: 30 }, { onProgress });
      expect(record).toMatchObject({
        outcome: 'failed',
        failure: { code: 'BENCH_NO_LINK', params: { half: 'b' } },
        verdict: {
          level: 'bad',
          causes: [{ cause: { code: 'bench.cause.half-dead', params: { half: 'b' } } }],
        },
        result: null,
      });
    } finally {
      await out;
      await lab.fault.cableIn('b');
    }
  });

  it('a cancel in the middle leaves no process on either node', async () => {
    const stop = new AbortController();
    let alive: string[] = [];
    let looked: Promise<unknown> | undefined;
    const look = async () => {
      alive = (await Promise.all(sides.map((side) => running(lab, side)))).flat();
      stop.abort();
    };
    const record = await run(
      { tool: 'iperf3', halves: 'both', seconds: 30 },
      {
        signal: stop.signal,
        onProgress: inTheMiddle(() => {
          looked = look();
        }),
      },
    );
    await looked;
    expect(alive.length).toBeGreaterThanOrEqual(4);
    expect(record).toMatchObject({ outcome: 'cancelled', failure: { code: 'CANCELLED' }, result: null });
    expect(record.parts.some(({ result }) => result.series.length > 0)).toBe(true);
  });

  it('a server that is killed in the middle ends the test with the tool’s own words', async () => {
    let killed: Promise<unknown> | undefined;
    const onProgress = inTheMiddle(() => {
      killed = lab.sh(2, 'pkill -KILL -x iperf3');
    });
    const record = await run({ tool: 'iperf3', halves: 'a', seconds: 30 }, { onProgress });
    await killed;
    expect(record).toMatchObject({
      outcome: 'failed',
      failure: { code: 'BENCH_TOOL_FAILED', params: { tool: 'iperf3' } },
      verdict: { level: 'unknown' },
    });
    expect(record.failure?.evidence).toContain('sec');
  });

  it('a leftover of an earlier test is ended; a stranger’s server is left alone and its port with it', async () => {
    const start = (environment: string, port: number) =>
      `setsid runuser -u nvidia -- env ${environment} iperf3 -s -p ${port} >/dev/null 2>&1 </dev/null &`;
    await lab.sh(
      2,
      `${start('TWINSPARK_BENCH=20261101T000000Z-00000000', 28_511)} ${start('OTHER=1', 28_510)}`,
    );
    const listening = () => lab.sh(2, "ss -Hltn | grep -o '2851[0-9]' | sort -u | tr '\\n' ' '");
    await until('both servers to listen', 10_000, async () => (await listening()).trim() === '28510 28511');
    try {
      const record = await run({ tool: 'iperf3', halves: 'a', seconds: 1 });
      expect(record.outcome).toBe('done');
      expect(record.verdict.notes.map(({ code }) => code)).toContain('bench.note.leftovers');
      expect(record.commands.map(({ script }) => / -p (\d+)/.exec(script)?.[1])).toEqual(['28511', '28511']);
      expect((await listening()).trim()).toBe('28510');
    } finally {
      await lab.sh(2, 'pkill -x iperf3 || :');
    }
  });

  it('a missing tool is told before anything runs', async () => {
    await lab.sh(2, 'mv /usr/bin/iperf3 /usr/bin/iperf3.away');
    const lines: string[] = [];
    try {
      await expect(
        run({ tool: 'iperf3', halves: 'a' }, { onLine: (_node, _stream, text) => lines.push(text) }),
      ).rejects.toMatchObject({
        code: 'BENCH_TOOL_MISSING',
        info: { node: 'spark-b', params: { tool: 'iperf3', package: 'iperf3' } },
      });
      expect(lines).toEqual([]);
    } finally {
      await lab.sh(2, 'mv /usr/bin/iperf3.away /usr/bin/iperf3');
    }
  });

  it('a node that loses its power in the middle is named, and the other one is left clean', async () => {
    const own = await openPair(lab, 1_000);
    let cut: Promise<void> | undefined;
    try {
      const onProgress = inTheMiddle(() => {
        cut = lab.cutPower(2);
      });
      const record = await measure(own, { tool: 'iperf3', halves: 'a', seconds: 60 }, { onProgress });
      expect(record).toMatchObject({
        outcome: 'failed',
        failure: { code: 'CONNECTION_LOST', node: 'spark-b' },
      });
      expect(
        record.traffic.filter(({ node }) => node === 'spark-b').every(({ netBytes }) => netBytes === null),
      ).toBe(true);
    } finally {
      await cut;
      for (const session of own) await session.close();
    }
  });
});

const phases = ['preparing', 'measuring', 'ending'];
function byPhase(one: BenchRunning['phase'], other: BenchRunning['phase']): number {
  return phases.indexOf(one) - phases.indexOf(other);
}
