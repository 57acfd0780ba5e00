import { describe, expect, it } from 'vitest';
import { beforeAndAfter } from '../../../../../src-main/core/benchmark/history/before-and-after';
import type { BenchConditions } from '../../../../../src-main/contract/bench-record';
import { Words } from '../../../../../src-main/words/words';
import en from '../../../../../resources/locales/en.json';
import { conditions, measuring, port, record } from './records';

const words = new Words('en', en, en);

/** What is said when `patch` holds for the first machine afterwards. */
function said(patch: Partial<BenchConditions>, before: Partial<BenchConditions> = {}): string[] {
  const then = record(0, { nodes: [conditions('one', before), conditions('two')] });
  const now = record(1, { nodes: [conditions('one', patch), conditions('two')] });
  return beforeAndAfter(then, now).conditions.map((one) => words.message(one));
}

describe('before and after', () => {
  it('says nothing where nothing has changed', () => {
    expect(said({})).toEqual([]);
  });

  it.each([
    [{ release: '7.4.0' }, 'one: DGX OS 7.2.3 → 7.4.0'],
    [{ kernel: '6.14.0' }, 'one: kernel 6.11.0-1016-nvidia → 6.14.0'],
    [{ driver: '590.1' }, 'one: GPU driver 580.95.05 → 590.1'],
    [{ cuda: '13.1' }, 'one: CUDA 13.0 → 13.1'],
    [{ firmware: '28.46.1000' }, 'one: ConnectX-7 firmware 28.45.4028 → 28.46.1000'],
    [{ ports: [port('enp1s0f0np0', { mtu: 9000 })] }, 'one: MTU of enp1s0f0np0 1500 → 9000'],
    [{ ports: [port('enp1s0f0np0', { pcieWidth: 2 })] }, 'one: PCIe lanes of enp1s0f0np0 4 → 2'],
    [
      { ports: [port('enp1s0f0np0', { speedMbps: 100_000 })] },
      'one: speed of enp1s0f0np0 200,000 → 100,000 Mb/s',
    ],
    [
      { ports: [port('enp1s0f0np0'), port('enP2p1s0f0np0', { up: false })] },
      'one: enP2p1s0f0np0 was up and is down',
    ],
  ] as const)('tells %j', (patch, sentence) => {
    expect(said(patch as Partial<BenchConditions>)).toEqual([sentence]);
  });

  it('tells a moved cable once, not port by port', () => {
    const moved = ['enp1s0f0np0', 'enp1s0f1np1', 'enP2p1s0f0np0', 'enP2p1s0f1np1'].map((name) =>
      port(name, { up: name.includes('f1') }),
    );
    expect(said({ ports: moved })).toEqual(['one: the cable was in port 0 and is in port 1']);
  });

  it('makes no change of what could not be read', () => {
    expect(said({ driver: null, release: '7.4.0' }, { release: null })).toEqual([]);
  });

  it('finds a machine again by its own name, whatever the pair calls it now', () => {
    const then = record(0);
    const nodes = [
      conditions('left', { hostname: 'spark-two', driver: '590.1' }),
      conditions('right', { hostname: 'spark-one' }),
    ] as const;
    const { conditions: changes } = beforeAndAfter(then, record(1, { nodes: [...nodes] }));
    expect(changes.map((one) => words.message(one))).toEqual(['left: GPU driver 580.95.05 → 590.1']);
  });

  it('holds the figures against each other', () => {
    const compare = (before: number, after: number, request?: Parameters<typeof record>[1]) =>
      beforeAndAfter(
        record(0, { ...request, ...measuring(before, 'Gb/s') }),
        record(1, { ...request, ...measuring(after, 'Gb/s') }),
      );
    expect(compare(100, 190)).toMatchObject({ comparable: true, figure: { change: 0.9, better: true } });
    expect(compare(190, 95)).toMatchObject({ figure: { change: -0.5, better: false } });
    const latency = { request: { tool: 'ib_write_lat', halves: 'a' } } as const;
    expect(compare(2, 1, latency)).toMatchObject({ figure: { change: -0.5, better: true } });
  });

  it('says when they cannot be', () => {
    const other = record(1, { request: { tool: 'ib_write_lat', halves: 'a' }, ...measuring(1.6, 'µs') });
    expect(beforeAndAfter(record(0), other)).toMatchObject({ comparable: false, figure: null });
  });
});
