import type { BenchRequest } from '../../../contract/bench-request';
import { perftest } from './perftest';
import { SLACK_SECONDS, onBoth, ways, type ToolRecipe } from './tool';

type WriteRequest = Extract<BenchRequest, { tool: 'ib_write_bw' }>;

/** A sweep moves 84 GB a queue: half a minute on a healthy half, and ten times that on one that is stuck. */
const SWEEP_LIMIT_SECONDS = 400;
/** Connecting, registering memory, and one second that perftest lets pass at either end. */
const AROUND_SECONDS = 2;

/** RDMA writes; both halves are two connections at the same time, as one process drives one device. */
export const ibWriteBw: ToolRecipe<WriteRequest> = {
  needs: () => onBoth('ib_write_bw', 'perftest'),
  plan: (context) => {
    const { sizes, streams, seconds } = context.request;
    // perftest takes no duration for a sweep.
    const extent = sizes === 'all' ? ['-a'] : ['-s', String(sizes), '-D', String(seconds)];
    const run = {
      ...ways(context.request),
      tool: 'ib_write_bw' as const,
      args: ['--report_gbits', '-q', String(streams), ...extent],
      limitSeconds: sizes === 'all' ? SWEEP_LIMIT_SECONDS : seconds + AROUND_SECONDS + SLACK_SECONDS,
    };
    return {
      expectedSeconds: sizes === 'all' ? null : seconds + AROUND_SECONDS,
      connections: context.links.map((link) => perftest(run, link, context)),
    };
  },
};
