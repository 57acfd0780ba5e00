import type { BenchTool } from '../../../contract/benchmark';
import type { BenchLink } from '../links';
import { halvesOf, type Connection, type PlanContext, type Position } from './tool';
import { deviceOf } from './rdma';

/** What one program of perftest measures over one link. */
export interface PerftestRun {
  readonly tool: BenchTool;
  readonly client: Position;
  readonly server: Position;
  /** The same words on both sides. */
  readonly args: readonly string[];
  readonly limitSeconds: number;
}

/**
 * A connection of perftest: both sides name the link's device, and where it is known the GID of the link's address, so that
 * neither falls back to a device or an address of its own choice.
 * @throws Failure BENCH_NO_LINK where a side has no RDMA device
 */
export function perftest(
  { tool, client, server, args, limitSeconds }: PerftestRun,
  link: BenchLink,
  { port, readiness, names }: Pick<PlanContext, 'port' | 'readiness' | 'names'>,
): Connection {
  const tcpPort = String(port(server));
  const side = (node: Position, peer: readonly string[]) => {
    const device = deviceOf(link, node, names);
    const gid = readiness[node].gids[device];
    const index = gid === undefined ? [] : ['-x', String(gid)];
    return {
      node,
      program: {
        program: tool,
        args: ['-d', device, '-i', '1', ...index, '-p', tcpPort, '-F', ...args, ...peer],
        limitSeconds,
      },
    };
  };
  return {
    halves: halvesOf([link]),
    tool,
    server: { ...side(server, []), ready: /^\* Waiting for client to connect/ },
    client: {
      ...side(client, [link.address[server]]),
      // perftest says that it waits before it listens.
      refused: /^\s*(?:Couldn't connect to |Unable to init the socket connection)/,
    },
  };
}
