import type { RunnableTool } from '../../contract/bench-request';

/** As the contract has them, held equal to it by a test: the schemas of the contract need not be loaded for the grammar. */
export const benchTools = [
  'ping',
  'iperf3',
  'ib_write_bw',
  'ib_write_lat',
  'ib_read_lat',
  'ucx_perftest',
  'nccl',
] as const satisfies readonly RunnableTool[];

/** What `twinspark bench` takes. */
export const benchWords = [...benchTools, 'prove', 'list', 'show'] as const;
export type BenchWord = (typeof benchWords)[number];

/** Options of `twinspark bench TOOL`, as they are typed. */
export interface BenchOptions {
  readonly half?: string;
  readonly direction?: string;
  readonly streams?: string;
  readonly seconds?: string;
  readonly size?: string;
  readonly sizes?: string;
  readonly operation?: string;
  readonly from?: string;
  readonly to?: string;
  readonly count?: string;
}

/** Name, what stands for its value in the help, and the values where they are few. What each tool takes, its request says. */
export const benchFlags: readonly (readonly [keyof BenchOptions, string, (readonly string[])?])[] = [
  ['half', 'half', ['a', 'b', 'both']],
  ['direction', 'way', ['forward', 'reverse', 'both']],
  ['streams', 'n'],
  ['seconds', 'n'],
  ['size', 'bytes'],
  ['sizes', 'all', ['all']],
  ['operation', 'name'],
  ['from', 'bytes'],
  ['to', 'bytes'],
  ['count', 'n'],
];
