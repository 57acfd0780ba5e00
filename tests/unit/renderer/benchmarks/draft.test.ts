import { describe, expect, it } from 'vitest';
import { runnableTools } from '../../../../src-main/contract/bench-request';
import {
  choices,
  draftOf,
  firstDraft,
  requestOf,
  secondsOf,
  type Draft,
} from '../../../../src-renderer/features/benchmarks/test/draft';

describe('requestOf', () => {
  it.each(runnableTools)('asks for what main takes, whatever else was chosen before: %s', (tool) => {
    const drafts: Partial<Draft>[] = [
      {},
      { halves: 'both', direction: 'both' },
      { halves: 'b', direction: 'reverse', bandwidthSize: 'all', latencySize: 'all', ncclSize: 'sweep' },
      ...choices.ncclSize.map((ncclSize) => ({ ncclSize })),
    ];
    for (const draft of drafts) expect(requestOf({ ...firstDraft, ...draft, tool }).tool).toBe(tool);
  });

  it('measures latency over one half', () => {
    expect(requestOf({ ...firstDraft, tool: 'ib_write_lat', halves: 'both' })).toMatchObject({ halves: 'a' });
    expect(requestOf({ ...firstDraft, tool: 'ib_read_lat', halves: 'b' })).toMatchObject({ halves: 'b' });
  });

  it('goes one way where a tool cannot go both', () => {
    const both = { ...firstDraft, direction: 'both' } as const;
    expect(requestOf({ ...both, tool: 'iperf3' })).toMatchObject({ direction: 'both' });
    expect(requestOf({ ...both, tool: 'ib_write_bw' })).toMatchObject({ direction: 'forward' });
  });

  it('gives NCCL no size for the largest, and a sweep from the least', () => {
    const nccl = { ...firstDraft, tool: 'nccl' } as const;
    expect(requestOf(nccl)).toMatchObject({ fromBytes: null, toBytes: null });
    expect(requestOf({ ...nccl, ncclSize: 'sweep' })).toMatchObject({ fromBytes: 8, toBytes: null });
    expect(requestOf({ ...nccl, ncclSize: 1024 })).toMatchObject({ fromBytes: 1024, toBytes: 1024 });
  });
});

describe('draftOf', () => {
  it.each(runnableTools)('leads back to the request it came from: %s', (tool) => {
    const request = requestOf({
      ...firstDraft,
      tool,
      halves: 'b',
      direction: 'reverse',
      streams: 8,
      seconds: 30,
      count: 100,
      bandwidthSize: 'all',
      latencySize: 64,
      ucxSize: 8,
      ucxOperation: 'get_lat',
      ncclOperation: 'all_reduce',
      ncclSize: 'sweep',
    });
    expect(requestOf(draftOf(request))).toEqual(request);
  });
});

describe('secondsOf', () => {
  it('knows how long a test of one size takes, and of a sweep that nobody does', () => {
    expect(secondsOf(requestOf({ ...firstDraft, tool: 'iperf3', seconds: 30 }))).toBe(30);
    expect(secondsOf(requestOf({ ...firstDraft, tool: 'ping', count: 100 }))).toBe(20);
    expect(secondsOf(requestOf({ ...firstDraft, tool: 'ib_write_bw', bandwidthSize: 'all' }))).toBeNull();
    expect(secondsOf(requestOf({ ...firstDraft, tool: 'nccl' }))).toBeNull();
  });
});
