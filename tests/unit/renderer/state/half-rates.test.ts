import { describe, expect, it } from 'vitest';
import type { TrafficRate, TrafficSample } from '../../../../src-main/contract/bench-record';
import { flowOf, halfRates } from '../../../../src-renderer/state/half-rates';

const names = ['one', 'two'] as const;

function rate(node: string, half: 'a' | 'b', sentPerSecond: number, receivedPerSecond: number): TrafficRate {
  return { node, netdev: `${node}-${half}`, port: 1, half, sentPerSecond, receivedPerSecond, rdma: true };
}

function sample(...links: TrafficRate[]): TrafficSample {
  return { at: 1, links };
}

describe('halfRates', () => {
  it('adds up the ports of a half, as node 1 sees them', () => {
    const rates = halfRates(
      sample(rate('one', 'a', 100, 1), rate('one', 'a', 20, 2), rate('two', 'a', 9, 9)),
      names,
    );
    expect(rates).toEqual({ a: { forward: 120, reverse: 3 }, b: null });
  });

  it('asks node 2, the other way round, where node 1 says nothing', () => {
    expect(halfRates(sample(rate('two', 'b', 5, 70)), names).b).toEqual({ forward: 70, reverse: 5 });
  });

  it('knows nothing without a sample', () => {
    expect(halfRates(undefined, names)).toEqual({ a: null, b: null });
  });
});

describe('flowOf', () => {
  it.each([
    [null, null],
    [{ forward: 500, reverse: 300 }, null],
    [{ forward: 1e9, reverse: 1e7 }, 'forward'],
    [{ forward: 1e7, reverse: 1e9 }, 'reverse'],
    [{ forward: 1e9, reverse: 8e8 }, 'both'],
    [{ forward: 0, reverse: 1e9 }, 'reverse'],
  ] as const)('%j: %s', (rates, flow) => expect(flowOf(rates)).toBe(flow));
});
