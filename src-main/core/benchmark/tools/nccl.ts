import type { BenchRequest } from '../../../contract/bench-request';
import type { NodeFacts } from '../../../contract/facts';
import type { Pair } from '../../engine/playbook';
import { Failure } from '../../failure';
import { quote } from '../../shell/quote';
import { pairEnvironment, variables } from '../environment';
import { BENCH_MARK } from '../run/command';
import { ncclFolders } from './nccl-folders';
import { halvesOf, onBoth, type PlanContext, type Position, type RunnableTool } from './tool';

type NcclRequest = Extract<BenchRequest, { tool: 'nccl' }>;

const GIB = 1024 ** 3;
/** NVIDIA's size. A larger one says nothing more and takes longer. */
const LARGEST = 16 * GIB;
/** Send and receive buffers together are twice the size: 16 GiB allocate about 32 GB on each node. */
const BUFFERS = 2;
/** What CUDA, NCCL and the node itself need besides. */
const BESIDES = 2 * GIB;
const ITERATIONS = 20;
/** Loads CUDA, connects, and checks the values; then each size, out of place and in place. */
const START_SECONDS = 8;
const HEALTHY_BYTES_PER_SECOND = 40e9;
/** A run over sockets, or in the 13 Gb/s state, is so much slower and still worth its figure. */
const SLOWEST = 15;

/** nccl-tests over MPI, one process on each node, started from node 1. */
export const nccl: RunnableTool<NcclRequest> = {
  needs: ({ operation }, facts) => [
    ...([0, 1] as const).map((node) => ({
      node,
      program: programOf(operation, node, facts),
      package: 'nccl-tests',
    })),
    ...onBoth('mpirun', 'openmpi-bin'),
  ],
  plan: (context) => {
    const { request, links, readiness, facts, names } = context;
    const [from, to] = sizesOf(request, readiness, names);
    // Doubled from the first, all sizes together are less than twice the last.
    const bytes = (from === to ? to : 2 * to) * 2 * (ITERATIONS + 1);
    const expectedSeconds = Math.ceil(START_SECONDS + bytes / HEALTHY_BYTES_PER_SECOND);
    const test = [
      '-b',
      String(from),
      '-e',
      String(to),
      '-f',
      '2',
      '-g',
      '1',
      '-w',
      '1',
      '-n',
      String(ITERATIONS),
    ];
    const apps = ([0, 1] as const).map((node) => [
      ...['-np', '1', '-H', links[0]?.address[node] ?? ''],
      ...Object.entries(ownVariables(context, node)).flatMap(([name, value]) => ['-x', `${name}=${value}`]),
      programOf(request.operation, node, facts),
      ...test,
    ]);
    return {
      expectedSeconds,
      connections: [
        {
          halves: halvesOf(links),
          tool: 'nccl',
          client: {
            node: 0,
            program: {
              program: 'mpirun',
              args: [...mpi(context), ...(apps[0] ?? []), ':', ...(apps[1] ?? [])],
              limitSeconds: expectedSeconds * SLOWEST,
            },
          },
        },
      ],
    };
  },
};

function programOf(operation: NcclRequest['operation'], node: Position, facts: Pair<NodeFacts>): string {
  return `${ncclFolders(homeOf(facts[node])).tests}/${operation}_perf`;
}

function homeOf({ account }: NodeFacts): string {
  return account.known ? account.value.home : '';
}

/** Options of mpirun itself (Open MPI 4, as Ubuntu 24.04 has it). */
function mpi({ id, links, facts }: PlanContext<NcclRequest>): string[] {
  const [own] = variables('mpi', pairEnvironment(links, { facts }));
  const where = own['OMPI_MCA_oob_tcp_if_include'] ?? '';
  return [
    // Nobody is there to answer a question of ssh, and a host key that is not known is none to trust.
    ...['--mca', 'plm_rsh_agent', 'ssh -o BatchMode=yes -o ConnectTimeout=10'],
    // What mpirun starts on the other node carries the mark as well, so that it is found if it is left behind.
    ...['--mca', 'orte_launch_agent', `env ${quote(`${BENCH_MARK}=${id}`)} orted`],
    ...['--mca', 'oob_tcp_if_include', where, '--mca', 'btl_tcp_if_include', where],
    ...['--mca', 'pml', 'ob1', '--mca', 'btl', 'tcp,self'],
    ...['-x', BENCH_MARK],
  ];
}

/** What NCCL is told on a node: interfaces and devices of exactly these links, its libraries, and to say what it uses. */
function ownVariables({ links, facts, readiness }: PlanContext<NcclRequest>, node: Position) {
  const gids = ([0, 1] as const).map((position) =>
    Object.fromEntries(
      links.flatMap(({ rdma, address }) => {
        const index = readiness[position].gids.get(`${rdma[position] ?? ''} ${address[position]}`);
        return rdma[position] === null || index === undefined ? [] : [[rdma[position], index] as const];
      }),
    ),
  );
  const pair = pairEnvironment(links, { facts, gids: [gids[0] ?? {}, gids[1] ?? {}] });
  return {
    ...variables('nccl', pair)[node],
    LD_LIBRARY_PATH: ncclFolders(homeOf(facts[node])).libraries,
    NCCL_DEBUG: 'INFO',
    NCCL_DEBUG_SUBSYS: 'INIT,NET',
  };
}

/**
 * First and last size, within the free memory of both nodes.
 * @throws Failure BENCH_MEMORY for a size that does not fit
 */
function sizesOf(
  { fromBytes, toBytes }: NcclRequest,
  readiness: PlanContext['readiness'],
  names: Pair<string>,
): [number, number] {
  const free = readiness.map(({ availableBytes }) => availableBytes ?? Number.MAX_SAFE_INTEGER);
  const [first = 0, second = 0] = free;
  const node = first <= second ? 0 : 1;
  const freeBytes = Math.min(first, second);
  let fits = LARGEST;
  while (fits > 1 && needed(fits) > freeBytes) fits /= 2;
  const to = toBytes ?? Math.max(fits, fromBytes ?? 0);
  if (needed(to) > freeBytes)
    throw new Failure('BENCH_MEMORY', { neededBytes: needed(to), freeBytes }, { node: names[node] });
  return [fromBytes ?? to, to];
}

function needed(size: number): number {
  return size * BUFFERS + BESIDES;
}
