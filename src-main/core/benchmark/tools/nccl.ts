import type { BenchRequest } from '../../../contract/bench-request';
import type { Pair } from '../../engine/playbook';
import { Failure } from '../../failure';
import { sh } from '../../shell/quote';
import { pairEnvironment } from '../environment';
import { loadNccl, ncclFittingBytes, ncclNeededBytes, ncclScript } from '../nccl-place';
import { BENCH_MARK } from '../run/command';
import { halvesOf, onBoth, type PlanContext, type ToolRecipe } from './tool';

type NcclRequest = Extract<BenchRequest, { tool: 'nccl' }>;

const ITERATIONS = 20;
/** Loads CUDA, connects, and checks the values. */
const START_SECONDS = 8;
const HEALTHY_BYTES_PER_SECOND = 40e9;
/** A run over sockets, or in the 13 Gb/s state, is so much slower and still worth its figure. */
const SLOWEST = 15;

/** nccl-tests over MPI, one process on each node, started from node 1; the links' devices and no others. */
export const nccl: ToolRecipe<NcclRequest> = {
  needs: ({ operation }) => [
    ...([0, 1] as const).map((node) => ({
      node,
      program: `${operation}_perf`,
      package: 'nccl-tests',
      check: sh`( ${loadNccl}
) >/dev/null 2>&1`,
      missing: 'no-nccl',
    })),
    ...onBoth('mpirun', 'openmpi-bin'),
  ],
  plan: ({ id, request, links, facts, readiness, names }) => {
    const [fromBytes, toBytes] = sizesOf(request, readiness, names);
    // Doubled from the first, all sizes together are less than twice the last; each goes out of place and in place.
    const bytes = (fromBytes === toBytes ? toBytes : 2 * toBytes) * 2 * (ITERATIONS + 1);
    const expectedSeconds = Math.ceil(START_SECONDS + bytes / HEALTHY_BYTES_PER_SECOND);
    const pair = pairEnvironment(links, { facts, gids: [readiness[0].gids, readiness[1].gids] });
    const script = ncclScript({
      operation: request.operation,
      fromBytes,
      toBytes,
      pair,
      iterations: ITERATIONS,
    });
    return {
      expectedSeconds,
      connections: [
        {
          halves: halvesOf(links),
          tool: 'nccl',
          client: {
            node: 0,
            program: {
              program: '/bin/sh',
              args: ['-c', script.text],
              // What mpirun starts on the other node carries the mark as well, so that it is found if it is left behind.
              environment: { OMPI_MCA_orte_launch_agent: `env ${BENCH_MARK}=${id} orted` },
              limitSeconds: expectedSeconds * SLOWEST,
            },
          },
        },
      ],
    };
  },
};

/**
 * First and last size, within the free memory of both nodes.
 * @throws Failure BENCH_MEMORY for a size that does not fit
 */
function sizesOf(
  { fromBytes, toBytes }: NcclRequest,
  readiness: PlanContext['readiness'],
  names: Pair<string>,
): [number, number] {
  const free: Pair<number> = [freeOn(readiness[0].availableBytes), freeOn(readiness[1].availableBytes)];
  const to = toBytes ?? Math.max(ncclFittingBytes(free) ?? 0, fromBytes ?? 0);
  const neededBytes = ncclNeededBytes(to);
  const node = free[0] <= free[1] ? 0 : 1;
  if (to === 0 || neededBytes > free[node])
    throw new Failure('BENCH_MEMORY', { neededBytes, freeBytes: free[node] }, { node: names[node] });
  return [fromBytes ?? to, to];
}

/** A node that does not tell has all that is asked for: the test itself then says what is missing. */
function freeOn(availableBytes: number | null): number {
  return availableBytes ?? Number.MAX_SAFE_INTEGER;
}
