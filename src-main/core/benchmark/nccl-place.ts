import type { Pair } from '../engine/playbook';
import { lines, raw, sh, type Script } from '../shell/quote';
import { variables, type PairEnvironment } from './environment';

/** In the home of the account that the pair works for: tells where NCCL and its tests are, and what this pair needs. */
export const ncclEnvironmentFile = 'twinspark-nccl.sh';

/** Below that home, unless another is chosen: the trees, and what is built from them. */
export const ncclFolder = 'twinspark-nccl';

/** The names that the file gives to where libraries and test programs are. */
export const ncclHome = 'NCCL_HOME';
export const ncclTestsHome = 'NCCL_TESTS_HOME';

/** Exit status of {@link ncclScript} and {@link loadNccl} where a node has no test programs. */
export const NCCL_MISSING = 127;

/**
 * Sets and exports what the NCCL playbook has written, or the places of NVIDIA's playbook done by hand
 * (`~/nccl`, `~/nccl-tests`). Ends the script with {@link NCCL_MISSING} where neither is there.
 */
export const loadNccl: Script =
  raw(`if [ -r "$HOME/${ncclEnvironmentFile}" ]; then . "$HOME/${ncclEnvironmentFile}"
elif [ -x "$HOME/nccl-tests/build/all_gather_perf" ]; then
  export ${ncclHome}="$HOME/nccl/build" ${ncclTestsHome}="$HOME/nccl-tests/build"
  export LD_LIBRARY_PATH="$HOME/nccl/build/lib:/usr/local/cuda/lib64:\${LD_LIBRARY_PATH:-}"
fi
[ -x "\${${ncclTestsHome}:-}/all_gather_perf" ] || { echo 'twinspark: the NCCL tests are not on this node' >&2; exit ${NCCL_MISSING}; }`);

export interface NcclRun {
  readonly operation: 'all_gather' | 'all_reduce';
  /** Sizes are doubled from the first to the last. */
  readonly fromBytes: number;
  readonly toBytes: number;
  /** The links to use; those of one half where only that is to be measured. */
  readonly pair: PairEnvironment;
  /** Repetitions of each size; the tests' own number (20) when left out. */
  readonly iterations?: number;
}

/**
 * The test on both nodes, one process on each: runs on the first node as the account whose SSH key reaches the second.
 * NCCL's log (`NET/IB : Using …`) comes with the rows: it tells which way the data went. Each process takes the names of
 * its own node's ports, which need not be the other's. MPI only starts the processes: it is kept to TCP on the first
 * link, because docker0 has one address on both nodes.
 */
export function ncclScript({ operation, fromBytes, toBytes, pair, iterations }: NcclRun): Script {
  const hosts = pair.nodes.map(({ address }) => `${address}:1`).join(',');
  const [first, second] = variables('nccl', pair);
  const repeat = iterations === undefined ? raw('') : sh` -n ${iterations} -w 1`;
  const process = lines(
    loadNccl,
    raw('unset NCCL_IB_HCA NCCL_IB_GID_INDEX NCCL_IB_MERGE_NICS NCCL_SOCKET_IFNAME'),
    sh`case \${OMPI_COMM_WORLD_RANK:-0} in
0) export ${assignments(first)} ;;
*) export ${assignments(second)} ;;
esac
"$${raw(ncclTestsHome)}"/${`${operation}_perf`} -b ${fromBytes} -e ${toBytes} -f 2${repeat}`,
  );
  const networks = mpiNetworks(pair);
  return lines(
    loadNccl,
    sh`exec mpirun -np 2 -H ${hosts} --bind-to none --mca pml ob1 --mca btl tcp,self --mca oob_tcp_if_include ${networks} --mca btl_tcp_if_include ${networks} --mca plm_rsh_args ${'-o BatchMode=yes -o ConnectTimeout=10'} -x NCCL_DEBUG=INFO -x NCCL_DEBUG_SUBSYS=INIT,NET sh -c ${process.text}`,
  );
}

function assignments(values: Readonly<Record<string, string>>): Script {
  return raw(
    Object.entries(values)
      .map(([name, value]) => sh`${raw(name)}=${value}`.text)
      .join(' '),
  );
}

/** A network that both know, or the names of both ends: Open MPI leaves out those that a node has not. */
function mpiNetworks({ subnet, nodes }: PairEnvironment): string {
  return subnet ?? [...new Set(nodes.map(({ netdev }) => netdev))].join(',');
}

/** What is left for the system, whatever is measured: a Spark whose memory runs out stands still until its power is cut. */
const RESERVE_BYTES = 4 * 1024 ** 3;
const LARGEST_BYTES = 16 * 1024 ** 3;
const SMALLEST_BYTES = 8 * 1024 ** 2;

/**
 * Memory that a size needs on each node: a buffer to send, one to receive (NVIDIA: 16 GiB take about 32 GB), and one that
 * results are checked with.
 */
export function ncclNeededBytes(sizeBytes: number): number {
  return 3 * sizeBytes + RESERVE_BYTES;
}

/** The largest size, at most NVIDIA's 16 GiB, that fits the free memory of both nodes; null where not even 8 MiB do. */
export function ncclFittingBytes(availableBytes: Pair<number>): number | null {
  const available = Math.min(...availableBytes);
  for (let size = LARGEST_BYTES; size >= SMALLEST_BYTES; size /= 2)
    if (ncclNeededBytes(size) <= available) return size;
  return null;
}
