import {
  benchRequestSchema,
  type BenchHalves,
  type BenchRequest,
  type RunnableTool,
} from '../../../api/types';

/** What a person has chosen, for whichever tool: what one does not know is kept for the others. */
export interface Draft {
  readonly tool: RunnableTool;
  readonly halves: BenchHalves;
  readonly direction: 'forward' | 'reverse' | 'both';
  readonly streams: number;
  readonly seconds: number;
  readonly count: number;
  /** Bytes, by what kind of test it is. */
  readonly bandwidthSize: number | 'all';
  readonly latencySize: number | 'all';
  readonly ucxSize: number;
  readonly ucxOperation: 'put_bw' | 'get_bw' | 'put_lat' | 'get_lat';
  readonly ncclOperation: 'all_gather' | 'all_reduce';
  readonly ncclSize: number | 'largest' | 'sweep';
}

const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export const firstDraft: Draft = {
  tool: 'ib_write_bw',
  halves: 'both',
  direction: 'forward',
  streams: 4,
  seconds: 5,
  count: 20,
  bandwidthSize: MIB,
  latencySize: 2,
  ucxSize: MIB,
  ucxOperation: 'put_bw',
  ncclOperation: 'all_gather',
  ncclSize: 'largest',
};

/** Values to choose from. */
export const choices = {
  streams: [1, 2, 4, 8, 16],
  seconds: [2, 5, 10, 30, 60, 300],
  count: [5, 20, 100, 500],
  bandwidthSize: [2, 4 * KIB, 64 * KIB, MIB, 8 * MIB, 'all'],
  latencySize: [2, 64, 4 * KIB, 64 * KIB, MIB, 'all'],
  ucxSize: [8, 4 * KIB, 64 * KIB, MIB, 16 * MIB, 64 * MIB],
  ncclSize: ['largest', 'sweep', 512 * MIB, GIB, 4 * GIB, 16 * GIB],
} as const;

/** Latency is measured over one half. */
export function takesBoth(tool: RunnableTool): boolean {
  return tool !== 'ib_write_lat' && tool !== 'ib_read_lat';
}

export function halvesOf({ tool, halves }: Draft): BenchHalves {
  return halves === 'both' && !takesBoth(tool) ? 'a' : halves;
}

/** What main is asked for. */
export function requestOf(draft: Draft): BenchRequest {
  const { tool, direction, streams, seconds } = draft;
  const halves = halvesOf(draft);
  const way = direction === 'both' ? 'forward' : direction;
  switch (tool) {
    case 'ping':
      return checked({ tool, halves, direction: way, count: draft.count });
    case 'iperf3':
      return checked({ tool, halves, direction, streams, seconds });
    case 'ib_write_bw':
      return checked({ tool, halves, direction: way, sizes: draft.bandwidthSize, streams, seconds });
    case 'ib_write_lat':
    case 'ib_read_lat':
      return checked({ tool, halves, direction: way, sizes: draft.latencySize });
    case 'ucx_perftest':
      return checked({
        tool,
        halves,
        direction: way,
        operation: draft.ucxOperation,
        size: draft.ucxSize,
        seconds,
      });
    case 'nccl': {
      const size = draft.ncclSize;
      const [fromBytes, toBytes] =
        size === 'largest' ? [null, null] : size === 'sweep' ? [8, null] : [size, size];
      return checked({ tool, halves, operation: draft.ncclOperation, fromBytes, toBytes });
    }
  }
}

function checked(request: unknown): BenchRequest {
  return benchRequestSchema.parse(request);
}

/** The choices that lead to this request: to begin where the last test was. */
export function draftOf(request: BenchRequest): Draft {
  const draft: Draft = { ...firstDraft, tool: request.tool, halves: request.halves };
  switch (request.tool) {
    case 'ping':
      return { ...draft, direction: request.direction, count: request.count };
    case 'iperf3':
      return {
        ...draft,
        direction: request.direction,
        streams: request.streams,
        seconds: request.seconds,
      };
    case 'ib_write_bw':
      return {
        ...draft,
        direction: request.direction,
        streams: request.streams,
        seconds: request.seconds,
        bandwidthSize: request.sizes,
      };
    case 'ib_write_lat':
    case 'ib_read_lat':
      return { ...draft, direction: request.direction, latencySize: request.sizes };
    case 'ucx_perftest':
      return {
        ...draft,
        direction: request.direction,
        ucxOperation: request.operation,
        ucxSize: request.size,
        seconds: request.seconds,
      };
    case 'nccl': {
      const { fromBytes, toBytes, operation: ncclOperation } = request;
      const ncclSize = toBytes ?? (fromBytes === null ? 'largest' : 'sweep');
      return { ...draft, ncclOperation, ncclSize };
    }
  }
}

/** How long it measures, seconds; null where that is seen only when it has ended. */
export function secondsOf(request: BenchRequest): number | null {
  switch (request.tool) {
    case 'ping':
      // Five a second.
      return Math.max(1, Math.round(request.count / 5));
    case 'iperf3':
    case 'ucx_perftest':
      return request.seconds;
    case 'ib_write_bw':
      return request.sizes === 'all' ? null : request.seconds;
    case 'ib_write_lat':
    case 'ib_read_lat':
      return request.sizes === 'all' ? null : 1;
    case 'nccl':
      return null;
  }
}
