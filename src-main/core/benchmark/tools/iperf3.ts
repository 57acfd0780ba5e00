import type { BenchRequest } from '../../../contract/bench-request';
import { SLACK_SECONDS, halvesOf, onBoth, type ToolRecipe } from './tool';

type IperfRequest = Extract<BenchRequest, { tool: 'iperf3' }>;

/** Node 1 is always the client: iperf3 turns the direction itself. `-B` at both ends keeps a half to itself. */
export const iperf3: ToolRecipe<IperfRequest> = {
  needs: () => onBoth('iperf3', 'iperf3'),
  plan: ({ request, links, port }) => {
    const { seconds, streams, direction } = request;
    const turned = { forward: [], reverse: ['-R'], both: ['--bidir'] }[direction];
    const limitSeconds = seconds + SLACK_SECONDS;
    return {
      expectedSeconds: seconds,
      connections: links.map(({ address, ...link }) => {
        const tcpPort = String(port(1));
        return {
          halves: halvesOf([{ address, ...link }]),
          tool: 'iperf3',
          server: {
            node: 1,
            ready: /^Server listening on \d/,
            program: {
              program: 'iperf3',
              args: ['-s', '-1', '-B', address[1], '-p', tcpPort, '--forceflush'],
              limitSeconds,
            },
          },
          client: {
            node: 0,
            refused: /unable to connect to server.*: Connection refused/,
            program: {
              program: 'iperf3',
              args: [
                ...['-c', address[1], '-B', address[0], '-p', tcpPort],
                ...['-t', String(seconds), '-P', String(streams), ...turned],
                ...['-i', seconds <= 60 ? '0.5' : '1', '--connect-timeout', '3000', '--forceflush'],
              ],
              limitSeconds,
            },
          },
        };
      }),
    };
  },
};
