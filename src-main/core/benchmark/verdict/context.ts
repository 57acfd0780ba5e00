import type { LinkTraffic } from '../../../contract/benchmark';
import type { CxPort } from '../../../contract/facts';

/** What is known around a test; what is left out is not guessed, except halves from the devices that the output names. */
export interface JudgeContext {
  /** Halves that the test was meant to use. */
  readonly halves?: 1 | 2;
  /** Interfaces or RDMA devices that should have carried it, on either node. */
  readonly expected?: readonly string[];
  /** Counters of all four links of one or both nodes, after less before. */
  readonly traffic?: readonly LinkTraffic[];
  /** Ports of both nodes as probed. */
  readonly ports?: readonly CxPort[];
  /** What RDMA showed on the same half, Gb/s. */
  readonly rdmaGbps?: number;
  /** MTU of the interfaces. */
  readonly mtu?: number;
}
