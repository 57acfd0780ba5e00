import type { BenchRequest } from '../../../contract/bench-request';
import { perftest } from './perftest';
import { onBoth, ways, type ToolRecipe } from './tool';

type LatencyRequest = Extract<BenchRequest, { tool: 'ib_write_lat' | 'ib_read_lat' }>;

const KIB = 1024;
const LIMIT_SECONDS = 120;

/** RDMA round trips. By number of messages and not by time: with a duration perftest gives no percentiles. */
export const ibLat: ToolRecipe<LatencyRequest> = {
  needs: ({ tool }) => onBoth(tool, 'perftest'),
  plan: (context) => {
    const { tool, sizes } = context.request;
    const count = sizes !== 'all' && sizes <= 64 * KIB ? 10_000 : 1000;
    const run = {
      ...ways(context.request),
      tool,
      args: [...(sizes === 'all' ? ['-a'] : ['-s', String(sizes)]), '-n', String(count)],
      limitSeconds: LIMIT_SECONDS,
    };
    return {
      expectedSeconds: sizes !== 'all' && sizes <= 64 * KIB ? 2 : null,
      connections: context.links.map((link) => perftest(run, link, context)),
    };
  },
};
