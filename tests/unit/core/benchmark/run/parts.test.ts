import { describe, expect, it } from 'vitest';
import type { BenchRunning } from '../../../../../src-main/contract/bench-record';
import type { LinkTraffic } from '../../../../../src-main/contract/benchmark';
import { benchRequestSchema } from '../../../../../src-main/contract/bench-request';
import { pairDigest } from '../../../../../src-main/core/benchmark/run/conditions';
import { ratesBetween } from '../../../../../src-main/core/benchmark/run/counters';
import { causesOf } from '../../../../../src-main/core/benchmark/run/failure-causes';
import { OutputTail } from '../../../../../src-main/core/benchmark/run/output-tail';
import { Progress } from '../../../../../src-main/core/benchmark/run/progress';
import { TestClock } from './fake-pair';
import en from '../../../../../resources/locales/en.json';

describe('the output that is kept', () => {
  it('is the end of it, in whole lines, for each node', () => {
    const tail = new OutputTail(12);
    for (const line of ['one', 'two', 'three', 'four']) tail.add('spark-a', line);
    tail.add('spark-b', 'x'.repeat(40));
    tail.add('spark-b', 'end');
    expect(tail.all()).toEqual([
      { node: 'spark-a', text: 'three\nfour\n' },
      { node: 'spark-b', text: 'end\n' },
    ]);
  });
});

describe('likely causes of a failure', () => {
  it.each([
    ["Couldn't allocate MR", 'memlock'],
    ['IB device rocep1s0f1 not found', 'no-device'],
    [' Unable to find the Infiniband/RoCE device', 'no-device'],
    ['bind failed: Address already in use', 'port-taken'],
    ['nvidia@192.168.100.11: Permission denied (publickey,password).', 'peer-login'],
    ['Host key verification failed.', 'peer-login'],
    ["Test CUDA failure common.cu:1000 'out of memory'", 'gpu-memory'],
    [' Failed to modify QP 123 to RTR', 'no-rdma-way'],
    ['iperf3: error - unable to connect to server: Connection timed out', 'no-way'],
    [' Unable to init the socket connection', 'no-way'],
    ['iperf3: error - control socket has closed unexpectedly', 'other-side-ended'],
  ])('%s', (said, cause) => {
    const [found] = causesOf(`something before\n${said}\n`);
    expect(found?.cause.code).toBe(`bench.cause.${cause}`);
    expect(Object.keys(en)).toEqual(expect.arrayContaining([found?.cause.code, found?.remedy.code]));
  });

  it('are none for words that nobody knows', () => {
    expect(causesOf('segmentation fault')).toEqual([]);
  });
});

describe('a pair of machines', () => {
  it('is the same whichever is the first, and another with another key', () => {
    expect(pairDigest(['SHA256:a', 'SHA256:b'])).toBe(pairDigest(['SHA256:b', 'SHA256:a']));
    expect(pairDigest(['SHA256:a', 'SHA256:c'])).not.toBe(pairDigest(['SHA256:a', 'SHA256:b']));
  });
});

describe('rates', () => {
  const link = (rdma: number | null, net: number | null): LinkTraffic => ({
    node: 'spark-a',
    netdev: 'enp1s0f1np1',
    rdma: 'rocep1s0f1',
    port: 1,
    half: 'a',
    rdmaBytes: rdma === null ? null : { sent: rdma, received: 0 },
    netBytes: net === null ? null : { sent: net, received: 0 },
  });
  const sent = (before: LinkTraffic, after: LinkTraffic, seconds = 2) =>
    ratesBetween([before], [after], seconds).map(({ sentPerSecond, rdma }) => [sentPerSecond, rdma]);

  it('are what either counter moved', () => {
    expect(sent(link(0, 0), link(1000, 500))).toEqual([[750, true]]);
    expect(sent(link(null, 100), link(null, 300))).toEqual([[100, false]]);
    expect(sent(link(100, 100), link(100, 100))).toEqual([[0, false]]);
  });

  it('are none where a counter is missing or no time has passed, and never negative', () => {
    expect(sent(link(null, null), link(5, 5))).toEqual([]);
    expect(sent(link(0, 0), link(5, 5), 0)).toEqual([]);
    expect(sent(link(900, 900), link(0, 0))).toEqual([[0, false]]);
  });
});

describe('progress', () => {
  const request = benchRequestSchema.parse({ tool: 'ping', halves: 'a' });

  it('is told four times a second at most, a change of the phase at once', () => {
    const clock = new TestClock();
    const told: BenchRunning[] = [];
    const progress = new Progress({ id: 'x', request, startedAt: 0 }, clock, (now) => told.push(now));
    clock.advance(1000);
    progress.phase('measuring');
    for (let step = 0; step < 10; step++) {
      clock.advance(100);
      progress.parts(() => []);
    }
    expect(told).toHaveLength(1 + 3);
    progress.phase('ending');
    expect(told.at(-1)?.phase).toBe('ending');
  });

  it('shows two minutes of samples and keeps all', () => {
    const clock = new TestClock();
    let last: BenchRunning | undefined;
    const progress = new Progress({ id: 'x', request, startedAt: 0 }, clock, (now) => (last = now));
    for (let at = 0; at <= 200; at += 20) {
      clock.advance(20_000);
      progress.sample({ at, links: [] });
    }
    expect(last?.samples.map(({ at }) => at)).toEqual([80, 100, 120, 140, 160, 180, 200]);
    expect(progress.samples).toHaveLength(11);
  });
});
