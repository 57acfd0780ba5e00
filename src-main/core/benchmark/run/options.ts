import type { BenchRunning } from '../../../contract/bench-record';
import type { NodeFacts } from '../../../contract/facts';
import type { Pair } from '../../engine/playbook';

/** How one measurement is run and told about. */
export interface RunOptions {
  readonly suite?: string;
  /** Facts that are fresh enough; read when left out. */
  readonly facts?: Pair<NodeFacts>;
  readonly signal?: AbortSignal;
  /** What RDMA showed on the same half just before, Gb/s: tells a slow TCP from a slow link. */
  readonly rdmaGbps?: number;
  readonly onProgress?: (running: BenchRunning) => void;
  /** Lines as the programs print them, untrusted. */
  readonly onLine?: (node: string, stream: 'stdout' | 'stderr', text: string) => void;
}
