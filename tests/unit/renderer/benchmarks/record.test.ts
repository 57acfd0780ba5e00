import { describe, expect, it } from 'vitest';
import type { BenchRecord } from '../../../../src-main/contract/bench-record';
import { changesBetween } from '../../../../src-renderer/features/benchmarks/history/changes';
import {
  filtered,
  sameKind,
  scrollFor,
  windowOf,
} from '../../../../src-renderer/features/benchmarks/history/history-list';
import { conditionRows } from '../../../../src-renderer/features/benchmarks/record/conditions';
import { proofOf, type LinkPart } from '../../../../src-renderer/features/benchmarks/record/proof';
import { standingText, verdictTitle } from '../../../../src-renderer/features/benchmarks/record/record-words';
import { daily, dailyHistory, history, long } from '../../../renderer/fixtures/bench-history';
import {
  oneHalfDead,
  pings,
  refused,
  writeA,
  writeBoth,
  writeLatency,
} from '../../../renderer/fixtures/bench-records';
import { english, korean } from './words';

describe('proofOf', () => {
  const parts = (record: Pick<BenchRecord, 'traffic' | 'request' | 'nodes'>) =>
    proofOf(record).map((rows) => rows.map(({ part }) => part));

  it('says of every link of both nodes what it had to do with the test', () => {
    expect(parts(writeBoth)).toEqual([
      ['idle', 'carried', 'idle', 'carried'],
      ['idle', 'carried', 'idle', 'carried'],
    ]);
    expect(parts(writeA)[0]).toEqual(['idle', 'carried', 'idle', 'idle']);
    expect(parts(oneHalfDead)[0]).toEqual(['idle', 'carried', 'idle', 'missing']);
  });

  it('names bytes on a half that was not asked for', () => {
    expect(parts({ ...writeBoth, request: writeA.request })[0]).toEqual(['idle', 'carried', 'idle', 'stray']);
  });

  it('takes silence of counters that could not be read for nothing', () => {
    const traffic = writeBoth.traffic.map((link) => ({ ...link, rdmaBytes: null, netBytes: null }));
    expect(new Set(parts({ ...writeBoth, traffic }).flat())).toEqual(new Set<LinkPart>(['unread']));
  });

  it('does not blame a link for the little that a latency test moves', () => {
    const traffic = writeBoth.traffic.map((link) => ({ ...link, rdmaBytes: { sent: 900, received: 900 } }));
    const [one] = parts({ ...writeLatency, traffic });
    expect(one).toEqual(['light', 'carried', 'light', 'light']);
  });
});

describe('words of a record', () => {
  it.each([
    [writeBoth, '189.9 Gb/s over both halves: healthy', '두 채널 합쳐 189.9Gb/s: 정상'],
    [writeLatency, '1.47 µs over half A: healthy', 'A 채널 1.47µs: 정상'],
    [pings, '3 of 3 packets came back over half A: healthy', 'A 채널에서 패킷 3개 중 3개가 돌아옴: 정상'],
    [refused, 'The test over half B failed', 'B 채널 측정 실패'],
  ])('titles', (record, en, ko) => {
    expect(verdictTitle(record, english)).toBe(en);
    expect(verdictTitle(record, korean)).toBe(ko);
  });

  it.each([
    [-0.12, '12% below the median of 8 earlier runs of this pair (190.4 Gb/s).'],
    [0.031, '3.1% above the median of 8 earlier runs of this pair (190.4 Gb/s).'],
    [0.0001, 'The same as the median of 8 earlier runs of this pair (190.4 Gb/s).'],
  ])('stands %d against its past', (change, said) => {
    expect(standingText({ count: 8, median: 190.4, change, fallen: false }, 'Gb/s', english)).toBe(said);
  });
});

describe('conditions', () => {
  it('marks what should be the same on both nodes and is not', () => {
    const rows = conditionRows(daily[1]!.nodes, english);
    expect(rows.filter(({ differs }) => differs).map(({ id }) => id)).toEqual(['firmware']);
  });

  it('lists what changed between measurements, by node, and nothing else', () => {
    const changes = changesBetween([daily[2]!, daily[1]!, daily[0]!], english);
    expect(changes.map(({ id, place }) => [id, place])).toEqual([
      ['driver', 0],
      ['driver', 1],
      ['firmware', 1],
    ]);
    expect(changes[0]!.values.map(({ changed }) => changed)).toEqual([false, false, true]);
    expect(changesBetween([daily[1]!, daily[2]!], english)).toEqual([]);
  });
});

describe('the list', () => {
  it('filters by tool, verdict and fall', () => {
    const all = [...history, ...dailyHistory];
    expect(filtered(all, { tool: 'nccl', level: 'bad' })).toHaveLength(1);
    expect(filtered(all, { tool: 'all', level: 'fallen' })).toEqual([dailyHistory[0]]);
    expect(filtered(all, { tool: 'all', level: 'all' })).toHaveLength(all.length);
  });

  it('holds only the same test on the same pair for one kind', () => {
    const [first] = dailyHistory;
    const other = { ...first!, id: 'x', pair: 'another' };
    expect(sameKind(first!, [...history, ...dailyHistory, other])).toHaveLength(dailyHistory.length + 1);
  });

  it('draws what is in sight and a little around it, at either end too', () => {
    const total = long(1000).length;
    expect(windowOf(0, 500, 72, total)).toEqual({ first: 0, last: 13 });
    expect(windowOf(1000 * 72 - 500, 500, 72, total)).toEqual({ first: 987, last: 1000 });
    expect(windowOf(50_000, 500, 72, 3)).toEqual({ first: 0, last: 3 });
  });

  it('scrolls as little as brings a row into sight', () => {
    expect(scrollFor(5, 0, 500, 72)).toBe(0);
    expect(scrollFor(9, 0, 500, 72)).toBe(220);
    expect(scrollFor(1, 500, 500, 72)).toBe(72);
  });
});
