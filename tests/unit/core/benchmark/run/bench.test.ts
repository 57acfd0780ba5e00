import { describe, expect, it } from 'vitest';
import { benchRecordSchema } from '../../../../../src-main/contract/bench-record';
import { pairDigest } from '../../../../../src-main/core/benchmark/run/conditions';
import type { FakeProgram } from './fake-pair';
import { A, B, Pair, id } from './measured-pair';

describe('a measurement', () => {
  it('is recorded with everything around it', async () => {
    const pair = new Pair();
    pair.iperf(95);
    const record = await pair.run({ tool: 'iperf3', halves: 'a', seconds: 1 }, { suite: id });
    expect(benchRecordSchema.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      id,
      suite: id,
      pair: pairDigest(['SHA256:spark-b', 'SHA256:spark-a']),
      outcome: 'done',
      failure: null,
      nodes: [{ name: 'spark-a', firmware: '28.45.4028' }, { name: 'spark-b' }],
      parts: [{ halves: 'a', result: { status: 'done' } }],
      verdict: { level: 'healthy', row: 'iperf3-streams', measured: { value: 95, unit: 'Gb/s' } },
    });
    expect(record.commands.map(({ node }) => node)).toEqual(['spark-b', 'spark-a']);
    expect(record.traffic.find(({ node, netdev }) => node === 'spark-a' && netdev === A)?.netBytes).toEqual({
      sent: 12e9,
      received: 1e6,
    });
    expect(record.output[0]?.text).toContain('Server listening');
    expect(new Set(pair.seen.map(({ phase }) => phase))).toEqual(
      new Set(['preparing', 'measuring', 'ending']),
    );
    expect(pair.swept()).toEqual(['spark-a', 'spark-b']);
  });

  it('over the wrong half is never good', async () => {
    const pair = new Pair();
    pair.iperf(95, B);
    const { verdict } = await pair.run({ tool: 'iperf3', halves: 'a' });
    expect(verdict.level).toBe('bad');
    expect(verdict.causes[0]?.cause).toMatchObject({
      code: 'bench.cause.wrong-interface',
      params: { carried: B },
    });
  });

  it('of both halves is one server and client for each, and their sum', async () => {
    const pair = new Pair();
    pair.iperf(95);
    const record = await pair.run({ tool: 'iperf3', halves: 'both' });
    expect(record.parts.map(({ halves }) => halves)).toEqual(['a', 'b']);
    expect(record.verdict).toMatchObject({ level: 'bad', measured: { value: 190 } });
    // All bytes went over one of them.
    expect(record.verdict.causes[0]?.cause).toEqual({ code: 'bench.cause.one-half', params: { half: 'b' } });
  });

  it('takes ports that nobody listens on', async () => {
    const pair = new Pair();
    pair.iperf(95);
    pair.nodes[1].prepared = ['tcp    3: 00000000:6F5E 00000000:0000 0A 00000000:00000000 00:00000000'];
    await pair.run({ tool: 'iperf3', halves: 'a' });
    expect(pair.programs().every((script) => script.includes(' -p 28511 '))).toBe(true);
  });

  it('says what an earlier test had left behind', async () => {
    const pair = new Pair();
    pair.iperf(95);
    pair.nodes[1].prepared = ['ended 812 iperf3'];
    const { verdict } = await pair.run({ tool: 'iperf3', halves: 'a' });
    expect(verdict.notes).toEqual([
      { code: 'bench.note.leftovers', params: { node: 'spark-b', processes: 'iperf3 (812)' } },
    ]);
  });

  it('by UCX begins with a pilot, whose pace decides about the run', async () => {
    const pair = new Pair();
    let server: FakeProgram | undefined;
    pair.nodes[1].play = (program) => {
      server = program;
      program.print('Waiting for connection...');
    };
    pair.nodes[0].play = (client) => {
      client.print(
        '|    Stage     | # iterations | 50.0%ile | average | overall |  average |  overall |  average  |  overall  |',
        'Final:                  1000      0.042    90.217    90.217     10752.25  10752.25       11000       11000',
      );
      client.end();
      server?.end();
    };
    const record = await pair.run({ tool: 'ucx_perftest', halves: 'a', seconds: 2 });
    expect(record.commands.map(({ script }) => / -n (\d+)/.exec(script)?.[1])).toEqual([
      '64',
      '64',
      '22000',
      '22000',
    ]);
    expect(record.parts).toHaveLength(1);
    expect(record.result?.series[0]?.points[0]?.x).toBe(1024 ** 2);
  });
});

describe('before anything runs', () => {
  it('a missing tool is told with its node and package', async () => {
    const pair = new Pair();
    pair.nodes[1].prepared = ['missing ib_write_bw'];
    await expect(pair.run({ tool: 'ib_write_bw', halves: 'a' })).rejects.toMatchObject({
      info: {
        code: 'BENCH_TOOL_MISSING',
        node: 'spark-b',
        params: { tool: 'ib_write_bw', package: 'perftest' },
      },
    });
    expect(pair.programs()).toEqual([]);
  });

  it('a device whose driver is not there is told', async () => {
    const pair = new Pair();
    pair.nodes[0].files.delete('/sys/class/infiniband/rocep1s0f1/ports/1/state');
    await expect(pair.run({ tool: 'ib_write_bw', halves: 'a' })).rejects.toMatchObject({
      info: { code: 'BENCH_NO_LINK', node: 'spark-a', causes: [{ cause: { code: 'bench.cause.no-rdma' } }] },
    });
  });

  it('a cancel is a cancel', async () => {
    const pair = new Pair();
    await expect(
      pair.run({ tool: 'ping', halves: 'a' }, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(pair.nodes[0].scripts).toEqual([]);
  });
});

describe('while it runs', () => {
  it('the traffic of all links is shown, by the nodes’ own clocks', async () => {
    const pair = new Pair();
    const [first] = pair.nodes;
    first.files.set('/proc/uptime', '100.00 50.00');
    pair.iperf(95);
    const finish = first.play;
    first.play = (client) => {
      first.moved(A, 5e9, 1e6);
      first.files.set('/proc/uptime', '100.40 50.00');
      void pair.clock.sleeping(500).then(async () => {
        pair.clock.advance(500);
        await pair.clock.sleeping(500);
        finish(client);
      });
    };
    const { samples } = await pair.run({ tool: 'iperf3', halves: 'a' });
    expect(samples).toHaveLength(1);
    expect(samples[0]?.at).toBe(0.5);
    expect(samples[0]?.links.map(({ node, netdev }) => `${node} ${netdev}`)).toHaveLength(8);
    expect(samples[0]?.links.find(({ node, netdev }) => node === 'spark-a' && netdev === A)).toEqual({
      node: 'spark-a',
      netdev: A,
      port: 1,
      half: 'a',
      sentPerSecond: 5e9 / 0.4,
      receivedPerSecond: 1e6 / 0.4,
      rdma: false,
    });
    expect(pair.seen.some(({ samples: shown }) => shown.length === 1)).toBe(true);
  });
});
