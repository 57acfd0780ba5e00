import type { BenchRecord } from '../../../contract/bench-record';
import type { BenchRequest } from '../../../contract/bench-request';
import { digest } from '../../canonical';

/**
 * Equal for measurements whose figures can be held against each other: the same two machines, the same tool, and the same
 * of what moves its figure. How long it ran does not, unless it was far too short, which nobody can ask for.
 */
export function kindOf(record: Pick<BenchRecord, 'pair' | 'request' | 'nodes' | 'verdict'>): string {
  const { pair, request, nodes, verdict } = record;
  // "Forward" is from the first machine: which one that is may be chosen the other way round the next time.
  const first = request.tool === 'nccl' || request.direction === 'both' ? null : sender(request, nodes);
  // "The largest that fits" is another size whenever the free memory is.
  return digest([pair, settings(request), first, verdict.sizeBytes]).slice(0, 16);
}

function settings(request: BenchRequest): unknown {
  switch (request.tool) {
    case 'ping':
      return [request.tool, request.halves];
    case 'iperf3':
      return [request.tool, request.halves, request.direction === 'both', request.streams];
    case 'ib_write_bw':
      return [request.tool, request.halves, request.sizes, request.streams];
    case 'ib_write_lat':
    case 'ib_read_lat':
      return [request.tool, request.halves, request.sizes];
    case 'ucx_perftest':
      return [request.tool, request.halves, request.operation, request.size];
    case 'nccl':
      return [request.tool, request.halves, request.operation];
  }
}

/** Who sends, by its own name: the name in the pair is the person's. */
function sender(request: Exclude<BenchRequest, { tool: 'nccl' }>, nodes: BenchRecord['nodes']): string {
  const node = nodes[request.direction === 'reverse' ? 1 : 0];
  return node.hostname ?? node.name;
}
