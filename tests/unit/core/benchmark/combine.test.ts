import { describe, expect, it } from 'vitest';
import type { BenchResult } from '../../../../src-main/contract/benchmark';
import { combine } from '../../../../src-main/core/benchmark/combine';
import { judge } from '../../../../src-main/core/benchmark/verdict/judge';
import { bandwidth } from '../../../../src-main/core/benchmark/units';
import { readText } from './benchmarks';
import { tcp, write } from './verdict/results';

const pinged = (received: number, times: string): BenchResult =>
  readText(
    [
      'PING 192.168.100.11 (192.168.100.11) 56(84) bytes of data.',
      `3 packets transmitted, ${received} received, 0% packet loss, time 401ms`,
      ...(times === '' ? [] : [`rtt min/avg/max/mdev = ${times} ms`]),
      '',
    ].join('\n'),
    'ping',
  );

describe('both halves as one result', () => {
  it('counts the packets of both pings, and takes the extremes of their round trips', () => {
    const sum = combine(pinged(3, '0.400/0.500/0.600/0.010'), pinged(2, '0.300/0.700/0.900/0.010'));
    expect(sum).toMatchObject({
      status: 'done',
      summary: { packets: { sent: 6, received: 5 }, latency: { minUs: 300, averageUs: 600, maxUs: 900 } },
    });
    expect(judge(sum!)).toMatchObject({ level: 'suspicious' });
    expect(combine(pinged(0, ''), pinged(0, ''))?.summary).toEqual({
      packets: { sent: 6, received: 0 },
      latency: {},
    });
  });

  it('adds both directions', () => {
    const both = (rate: number): BenchResult => {
      const result = tcp(rate, 1);
      return {
        ...result,
        summary: { ...result.summary, reverseBandwidth: bandwidth(rate / 2, 'Gbits/sec') },
      };
    };
    expect(combine(both(40), both(60))?.summary).toMatchObject({
      bandwidth: { printed: { value: 100 } },
      reverseBandwidth: { printed: { value: 50 } },
    });
  });

  it('is none of two tools', () => {
    expect(combine(write(92), pinged(3, '0.400/0.500/0.600/0.010'))).toBeNull();
  });
});
