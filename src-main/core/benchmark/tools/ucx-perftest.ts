import type { BenchRequest } from '../../../contract/bench-request';
import type { BenchResult } from '../../../contract/benchmark';
import type { Position } from './tool';
import { devicesOf } from './rdma';
import { SLACK_SECONDS, halvesOf, onBoth, ways, type ToolRecipe } from './tool';

type UcxRequest = Extract<BenchRequest, { tool: 'ucx_perftest' }>;

const MIB = 1024 ** 2;
/** What a pilot moves: enough to time, little enough for the slowest link. */
const PILOT_BYTES = 64 * MIB;
const PILOT_MESSAGES = { least: 16, bw: 20_000, lat: 500 };
const PILOT_LIMIT_SECONDS = 60;
const MOST_MESSAGES = 1_000_000_000;

/**
 * UCX over one device or over both by one connection. It counts messages and not seconds, so a short pilot run shows first
 * how many fill the time.
 */
export const ucxPerftest: ToolRecipe<UcxRequest> = {
  needs: () => onBoth('ucx_perftest', 'ucx-utils'),
  plan: ({ request, links, port, pilot }) => {
    const { client, server } = ways(request);
    const { operation, size, seconds } = request;
    const count = pilot === null ? pilotCount(request) : countOf(request, pilot);
    const tcpPort = String(port(server));
    const extent = [
      '-s',
      String(size),
      '-n',
      String(count),
      '-w',
      String(Math.min(1000, Math.ceil(count / 20))),
    ];
    const test = {
      put_bw: ['-t', 'ucp_put_bw'],
      put_lat: ['-t', 'ucp_put_lat'],
      // One test for both: asking one by one shows the latency, many at once the bandwidth.
      get_bw: ['-t', 'ucp_get', '-O', '32'],
      get_lat: ['-t', 'ucp_get', '-O', '1'],
    }[operation];
    const side = (node: Position, peer: readonly string[]) => {
      // Naming the interface means TCP: only where there is nothing better, as between virtual machines.
      const devices = devicesOf(links, peerOf(node)) === null ? null : devicesOf(links, node);
      const names = devices?.map((name) => `${name}:1`) ?? links.map(({ netdev }) => netdev[node]);
      const rails = devices !== null && devices.length > 1 ? { UCX_MAX_RMA_RAILS: '2' } : {};
      return {
        node,
        program: {
          program: 'ucx_perftest',
          args: [...peer, '-p', tcpPort, ...test, ...extent],
          // UCX then says which way it takes.
          environment: { UCX_LOG_LEVEL: 'info', UCX_NET_DEVICES: names.join(','), ...rails },
          limitSeconds: pilot === null ? PILOT_LIMIT_SECONDS : limitOf(seconds),
        },
      };
    };
    const address = links[0]?.address[server] ?? '';
    const asking = side(client, [address]);
    return {
      expectedSeconds: seconds + 1,
      ...(pilot === null ? { pilot: true } : {}),
      connections: [
        {
          halves: halvesOf(links),
          tool: 'ucx_perftest',
          server: { ...side(server, []), ready: /^Waiting for connection/ },
          client: { ...asking, refused: /connect\(\) failed: Connection refused|failed to connect/i },
          head: ['ucx_perftest', ...asking.program.args].join(' '),
        },
      ],
    };
  },
};

/** The pace may fall after the pilot: a slow run is worth its figure, within reason. */
function limitOf(seconds: number): number {
  return Math.min(20 * seconds, seconds + 300) + SLACK_SECONDS;
}

function peerOf(node: Position): Position {
  return node === 0 ? 1 : 0;
}

function pilotCount({ operation, size }: UcxRequest): number {
  const most = operation.endsWith('_lat') ? PILOT_MESSAGES.lat : PILOT_MESSAGES.bw;
  return Math.max(PILOT_MESSAGES.least, Math.min(most, Math.ceil(PILOT_BYTES / size)));
}

/** As many messages as go in the time asked for, at the pilot's pace. */
function countOf(request: UcxRequest, { series }: BenchResult): number {
  const pace = series.find(({ id }) => id === 'main')?.points.at(-1)?.messagesPerSecond ?? 0;
  return Math.min(MOST_MESSAGES, Math.max(pilotCount(request), Math.round(pace * request.seconds)));
}
