import type { BenchListed, BenchRecord } from '../../../contract/bench-record';
import type { BenchRequest } from '../../../contract/bench-request';
import { gigabits } from '../units';
import { measured } from '../verdict/measure';

export type Figure = NonNullable<BenchListed['figure']>;

/** The one figure of a measurement: what was judged, else what its tool gives for the whole. Null when there is none. */
export function figureOf({ request, verdict, result }: Pick<BenchRecord, 'request' | 'verdict' | 'result'>) {
  if (verdict.measured !== null) return { ...verdict.measured };
  if (result === null) return null;
  const { bandwidth, reverseBandwidth } = result.summary;
  if (bandwidth && reverseBandwidth) return figure(gigabits(bandwidth) + gigabits(reverseBandwidth), 'Gb/s');
  const found = isLatency(request)
    ? measured(result, 'latency', 'µs')
    : request.tool === 'nccl'
      ? measured(result, 'busBandwidth', 'GB/s')
      : measured(result, 'bandwidth', 'Gb/s');
  return found === null ? null : figure(found.value, found.unit);
}

/** Whether less is better. */
export function isLatency(request: BenchRequest): boolean {
  return (
    request.tool === 'ping' ||
    request.tool.endsWith('_lat') ||
    (request.tool === 'ucx_perftest' && request.operation.endsWith('_lat'))
  );
}

function figure(value: number, unit: string): Figure {
  return { value: Math.round(value * 1000) / 1000, unit };
}
