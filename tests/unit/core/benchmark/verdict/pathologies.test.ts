import { describe, expect, it } from 'vitest';
import type { JudgeContext } from '../../../../../src-main/core/benchmark/verdict/context';
import { judge } from '../../../../../src-main/core/benchmark/verdict/judge';
import { trafficBetween } from '../../../../../src-main/core/benchmark/verdict/traffic';
import en from '../../../../../resources/locales/en.json';
import { read } from '../benchmarks';
import { GIB, causesOf, gather, latency, nixl, ports, tcp, traffic, ucx, write } from './results';

describe('pathologies', () => {
  it.each([8, 13, 25])('the 13 Gb/s state at %i: unplug both from the wall', (rate) => {
    expect(judge(write(rate), { halves: 1 })).toMatchObject({ level: 'bad' });
    expect(causesOf(write(rate), { halves: 1 })[0]).toBe('thirteen-gigabit');
    expect(causesOf(tcp(rate, 8), { halves: 1 })[0]).toBe('thirteen-gigabit');
    expect(en['bench.remedy.thirteen-gigabit']).toMatch(/unplug both from the wall for a minute/);
  });

  it('one stream in the 13 Gb/s state', () => {
    expect(judge(tcp(12.8, 1))).toMatchObject({ level: 'bad' });
    expect(causesOf(tcp(12.8, 1))).toEqual(['thirteen-gigabit']);
  });

  it('slow TCP over a cable that RDMA proves good', () => {
    const quoted = read('iperf3_bad_case_numbers.txt');
    expect(judge(quoted, { rdmaGbps: 111.6 })).toMatchObject({ level: 'suspicious' });
    expect(causesOf(quoted, { rdmaGbps: 111.6 })).toEqual(['tcp-tuning']);
    expect(causesOf(quoted)).toEqual(['tcp-tuning', 'thirteen-gigabit']);
  });

  it('one half dead, by the figure, the ports or the counters', () => {
    const both = write(97, ['rocep1s0f1', 'roceP2p1s0f1']);
    expect(judge(both, { halves: 2 }).level).toBe('bad');
    expect(causesOf(both, { halves: 2 }).slice(0, 2)).toEqual(['half-dead', 'same-half']);
    const dead = ports({ enP2p1s0f1np1: { up: false } });
    for (const context of [
      { halves: 2, ports: dead },
      { halves: 2, traffic: traffic({ enp1s0f1np1: 1e11 }) },
    ] satisfies JudgeContext[]) {
      const [first, ...others] = judge(both, context).causes;
      expect(first!.cause).toEqual({ code: 'bench.cause.half-dead', params: { half: 'b' } });
      expect(others.map(({ cause }) => cause.code)).not.toContain('bench.cause.x2-lanes');
    }
  });

  it('both halves up and one of them idle', () => {
    const context: JudgeContext = { halves: 2, ports: ports(), traffic: traffic({ enp1s0f1np1: 1e11 }) };
    expect(causesOf(gather(16 * GIB, 12.8), context)[0]).toBe('one-half');
    expect(judge(gather(16 * GIB, 12.8), context).level).toBe('bad');
  });

  it('both halves carried it: that one of them did not is no guess any more', () => {
    const context: JudgeContext = {
      halves: 2,
      ports: ports(),
      traffic: traffic({}, { enp1s0f1np1: 5e10, enP2p1s0f1np1: 5e10 }),
    };
    expect(causesOf(tcp(110, 8), context)).toEqual(['tcp-tuning', 'small-mtu']);
    expect(judge(tcp(110, 8), context).level).toBe('bad');
    expect(causesOf(tcp(110, 8), { halves: 2 })).toContain('half-dead');
    const narrow = ports({ enp1s0f1np1: { pcieWidth: 2 } });
    expect(causesOf(tcp(100, 8), { ...context, ports: narrow })).toEqual(['x2-lanes']);
  });

  it.each([12, 12.8, 13.5])('NCCL over one half at %d GB/s', (rate) => {
    const verdict = judge(gather(16 * GIB, rate), { halves: 2 });
    expect(verdict.level).toBe('bad');
    expect(verdict.causes[0]!.cause.code).toBe('bench.cause.one-half');
    const named = judge(gather(16 * GIB, rate, { devices: ['rocep1s0f1'] }));
    expect(named.causes[0]!.cause.params).toEqual({ half: 'b' });
  });

  it('two ports of one half, by their names or the counters', () => {
    const twins = write(106, ['rocep1s0f0', 'rocep1s0f1']);
    expect(judge(twins)).toMatchObject({ level: 'bad', causes: [{ cause: { params: { half: 'a' } } }] });
    expect(causesOf(twins)[0]).toBe('same-half');
    const all = read('nixlbench_dram_dual_13.17GBs_same_pcie_half.txt');
    expect(judge(all).level).toBe('suspicious');
    expect(causesOf(all)).toContain('same-half');
    const seen = traffic({ enp1s0f0np0: 5e10, enp1s0f1np1: 5e10 });
    expect(judge(all, { halves: 2, traffic: seen }).level).toBe('bad');
    expect(causesOf(all, { halves: 2, traffic: seen })).toEqual(['same-half']);
    const expected = ['enp1s0f1np1', 'enP2p1s0f1np1'];
    const strayed = causesOf(tcp(106, 8), {
      halves: 2,
      expected,
      traffic: traffic({}, { enp1s0f0np0: 5e10, enp1s0f1np1: 5e10 }),
    });
    expect(strayed).toEqual(['same-half', 'wrong-interface']);
  });

  it('NCCL over sockets, by its log, its figure or the counters', () => {
    expect(judge(read('nccl_tcp_fallback_composed.txt'))).toMatchObject({ level: 'bad' });
    expect(causesOf(read('nccl_tcp_fallback_composed.txt'))).toEqual(['tcp-fallback']);
    expect(causesOf(gather(16 * GIB, 3)).slice(0, 2)).toEqual(['tcp-fallback', 'bad-build']);
    const net = traffic({}, { enp1s0f1np1: 1e10, enP2p1s0f1np1: 1e10 });
    expect(causesOf(gather(16 * GIB, 4.5), { halves: 2, traffic: net })[0]).toBe('tcp-fallback');
    const one = traffic({}, { enp1s0f1np1: 1e10 });
    expect(causesOf(gather(16 * GIB, 3), { halves: 2, traffic: one }).slice(0, 2)).toEqual([
      'tcp-fallback',
      'one-half',
    ]);
  });

  it('UCX over TCP', () => {
    expect(causesOf(ucx(3.1, { transport: 'tcp', devices: ['enp1s0f1np1'] }))).toEqual(['ucx-tcp']);
    expect(judge(ucx(4, {}), { halves: 1, traffic: traffic({}, { enp1s0f1np1: 1e10 }) })).toMatchObject({
      level: 'bad',
    });
    expect(causesOf(nixl(4, 'DRAM'))).toEqual(['nixl-tcp']);
  });

  it('fewer PCIe lanes than four', () => {
    const narrow = ports({ enp1s0f1np1: { pcieWidth: 2 } });
    const verdict = judge(write(52), { halves: 1, ports: narrow });
    expect(verdict.level).toBe('bad');
    expect(verdict.causes).toHaveLength(1);
    expect(verdict.causes[0]!.cause).toEqual({
      code: 'bench.cause.x2-lanes',
      params: { port: 'enp1s0f1np1', lanes: 2 },
    });
    expect(causesOf(write(52), { halves: 1 })[0]).toBe('x2-lanes');
    // The other port's lanes are not this test's.
    expect(
      judge(write(95), { halves: 1, ports: ports({ enp1s0f0np0: { up: true, pcieWidth: 2 } }) }).level,
    ).toBe('healthy');
  });

  it('the wrong interface: good figures over the wrong half are refused', () => {
    const seen = traffic({ enP2p1s0f1np1: 1e11 });
    const verdict = judge(write(95), { halves: 1, traffic: seen });
    expect(verdict).toMatchObject({ level: 'bad' });
    expect(verdict.causes[0]!.cause).toEqual({
      code: 'bench.cause.wrong-interface',
      params: { carried: 'enP2p1s0f1np1', expected: 'rocep1s0f1' },
    });
    // Nothing moved on any of the four: it was another network.
    expect(causesOf(tcp(9.4, 4), { halves: 1, expected: ['enp1s0f1np1'], traffic: traffic({}) })[0]).toBe(
      'wrong-interface',
    );
    expect(judge(write(95), { halves: 1, traffic: traffic({ enp1s0f1np1: 1e11 }) }).level).toBe('healthy');
    // A test of latency moves little, and must not go elsewhere either.
    const elsewhere: JudgeContext = {
      expected: ['enp1s0f1np1'],
      traffic: traffic({ enP2p1s0f1np1: 60_000 }),
    };
    expect(causesOf(latency(1.5), elsewhere)).toEqual(['wrong-interface']);
    expect(judge(latency(1.5), { ...elsewhere, traffic: traffic({ enp1s0f1np1: 60_000 }) }).level).toBe(
      'healthy',
    );
    // Counters that could not be read prove nothing; for RDMA, those of the network alone neither.
    const noRdma = traffic({}).map((one) => ({ ...one, rdmaBytes: null }));
    expect(judge(write(95), { halves: 1, traffic: noRdma }).level).toBe('healthy');
    const blind = traffic({}).map((one) => ({ ...one, rdmaBytes: null, netBytes: null }));
    expect(judge(write(95), { halves: 1, traffic: blind }).level).toBe('healthy');
  });

  it.each([
    [0.05, 'healthy'],
    [0.3, 'suspicious'],
    [0.7, 'bad'],
  ])('%d of the bytes over other links: %s', (part, level) => {
    const seen = traffic({ enp1s0f1np1: (1 - part) * 1e11, enP2p1s0f1np1: part * 1e11 });
    const verdict = judge(write(95), { halves: 1, traffic: seen });
    expect(verdict.level).toBe(level);
    expect(verdict.causes.map(({ cause }) => cause.params['carried'])).toEqual(
      level === 'healthy' ? [] : ['enP2p1s0f1np1'],
    );
  });

  it('lost packets, no answer, wrong values', () => {
    expect(judge(read('ping_quiet_loss.txt'))).toMatchObject({ level: 'suspicious' });
    expect(causesOf(read('ping_quiet_loss.txt'))).toEqual(['packet-loss']);
    expect(judge(read('ping_unreachable.txt'))).toMatchObject({ level: 'bad' });
    expect(causesOf(read('ping_unreachable.txt'))).toEqual(['no-answer']);
    const wrong = gather(16 * GIB, 23);
    wrong.series[0]!.points[0]!.wrong = 3;
    expect(judge(wrong)).toMatchObject({ level: 'bad', causes: [{ cause: { params: { count: 3 } } }] });
  });
});

it('reads what moved from two readings, and nothing from a counter that went back', () => {
  const before = traffic({ enp1s0f1np1: 1000, enP2p1s0f1np1: 9000 });
  const after = traffic({ enp1s0f1np1: 6000, enP2p1s0f1np1: 10 }, { enp1s0f1np1: 4500 });
  const between = trafficBetween(before.slice(1), after);
  expect(between.map(({ netdev, rdmaBytes, netBytes }) => [netdev, rdmaBytes?.sent, netBytes?.sent])).toEqual(
    [
      ['enp1s0f0np0', undefined, undefined],
      ['enP2p1s0f0np0', 0, 0],
      ['enp1s0f1np1', 5000, 500],
      ['enP2p1s0f1np1', undefined, 0],
    ],
  );
});

it('does not suggest a larger MTU where it is set', () => {
  expect(causesOf(gather(16 * GIB, 20), { halves: 2, mtu: 1500 })).toContain('small-mtu');
  expect(causesOf(gather(16 * GIB, 20), { halves: 2, mtu: 9000 })).not.toContain('small-mtu');
});
