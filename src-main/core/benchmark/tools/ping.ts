import type { BenchRequest } from '../../../contract/bench-request';
import { halvesOf, ways, type ToolRecipe } from './tool';

type PingRequest = Extract<BenchRequest, { tool: 'ping' }>;

/** The shortest interval that every version allows to everybody. */
const INTERVAL_SECONDS = 0.2;

/** Bound to the interface, so that no other way can answer for it. */
export const ping: ToolRecipe<PingRequest> = {
  needs: (request) => [{ node: ways(request).client, program: 'ping', package: 'iputils-ping' }],
  plan: ({ request, links }) => {
    const { client, server } = ways(request);
    const seconds = (request.count - 1) * INTERVAL_SECONDS + 1;
    const limitSeconds = Math.ceil(seconds) + 5;
    return {
      expectedSeconds: seconds,
      connections: links.map((link) => ({
        halves: halvesOf([link]),
        tool: 'ping',
        client: {
          node: client,
          program: {
            program: 'ping',
            // `-w` as well: with its capability, ping is not found by its environment if it were left behind.
            args: [
              ...['-4', '-n', '-c', String(request.count), '-i', String(INTERVAL_SECONDS), '-W', '1'],
              ...['-w', String(limitSeconds), '-I', link.netdev[client], link.address[server]],
            ],
            limitSeconds: limitSeconds + 2,
          },
        },
      })),
    };
  },
};
