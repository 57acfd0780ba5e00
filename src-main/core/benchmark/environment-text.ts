import type { EnvironmentProgram } from '../../contract/report';
import type { Pair } from '../engine/playbook';
import { printable } from '../probe/parsed';
import { quote } from '../shell/quote';
import {
  pairEnvironment,
  variables,
  type EnvironmentExtra,
  type EnvironmentLink,
  type PairEnvironment,
  type Variables,
} from './environment';

/**
 * The settings of this pair for `program`, as a shell takes them when they are pasted: exports, or words for mpirun and
 * docker. A comment says for which node each part is.
 * @throws Failure BENCH_NO_LINK
 */
export function environmentText(
  program: EnvironmentProgram,
  links: readonly EnvironmentLink[],
  names: Pair<string>,
  extra: EnvironmentExtra = {},
): string {
  const pair = pairEnvironment(links, extra);
  const blocks = [head(program, pair), ...body(program, pair, [label(names[0]), label(names[1])])];
  return `${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}

function body(program: EnvironmentProgram, pair: PairEnvironment, names: Pair<string>): string[][] {
  switch (program) {
    case 'mpi':
      return mpi(pair, names);
    case 'docker':
      return docker(pair, names);
    case 'nccl':
    case 'ucx':
    case 'vllm':
      return perNode(variables(program, pair), names, exports);
  }
}

const titles: Record<EnvironmentProgram, string> = {
  nccl: 'NCCL',
  ucx: 'UCX',
  mpi: 'Open MPI',
  vllm: 'vLLM',
  docker: 'Docker',
};

/** Why these and no others. */
function head(program: EnvironmentProgram, { nodes, bothHalves }: PairEnvironment): string[] {
  const known = nodes.every(({ devices }) => devices.length > 0);
  const rdma = known
    ? bothHalves
      ? 'Both devices of the connected port: one half alone carries half of the bandwidth.'
      : 'Only one half of the cable has addresses on both nodes: half of the bandwidth.'
    : 'The RDMA devices of the link could not be read: the program chooses for itself.';
  const sockets =
    'docker0 is 172.17.0.1 on both nodes: programs that choose an interface by themselves may meet there.';
  const gid = nodes.every(({ gidIndex }) => gidIndex === null)
    ? ['No GID index: NCCL 2.21 and newer find the RoCE v2 one of each device by themselves.']
    : [];
  const why: Record<EnvironmentProgram, string[]> = {
    nccl: [sockets, rdma, ...(known ? gid : [])],
    ucx: [rdma, 'Devices, not interfaces: naming the interface limits UCX to TCP. Leave UCX_TLS unset.'],
    mpi: [sockets, 'MPI starts the processes; the data of NCCL go over the RDMA devices.'],
    vllm: [
      sockets,
      rdma,
      'Each node has an address of its own. In a container, docker has to pass these on.',
    ],
    docker: [
      'The links are the host’s: its network, its RDMA devices, and memory that may be locked for them.',
      rdma,
    ],
  };
  return [`${titles[program]} on this pair`, ...why[program]].map((line) => `# ${line}`);
}

/** One part for both nodes where they agree, else what they share and then what each has for itself. */
function perNode(
  [first, second]: Pair<Variables>,
  names: Pair<string>,
  print: (values: Variables) => string[],
): string[][] {
  const shared = pick(first, (name) => first[name] === second[name]);
  const own = [first, second].map((values) => pick(values, (name) => !(name in shared)));
  const both = [`# on both nodes (${names[0]} and ${names[1]})`, ...print(shared)];
  return [
    ...(Object.keys(shared).length === 0 ? [] : [both]),
    ...own.flatMap((values, index) =>
      Object.keys(values).length === 0 ? [] : [[`# only on ${names[index] ?? ''}`, ...print(values)]],
    ),
  ];
}

function pick(values: Variables, wanted: (name: string) => boolean): Variables {
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
}

function exports(values: Variables): string[] {
  return Object.entries(values).map(([name, value]) => `export ${name}=${quote(value)}`);
}

/** Variables for the node that starts programs; and words for mpirun, with what NCCL and UCX under MPI need on each node. */
function mpi(pair: PairEnvironment, names: Pair<string>): string[][] {
  const [first, second] = variables('mpi', pair);
  const agreed = pick(first, (name) => first[name] === second[name]);
  // Without a network that both know, all names: Open MPI leaves out those that a node does not have.
  const network = Object.values(agreed)[0] ?? [...new Set(pair.nodes.map(({ netdev }) => netdev))].join(',');
  const [inside, devices] = [variables('nccl', pair), variables('ucx', pair)];
  const parts = pair.nodes.map(({ address }, index) => [
    `-np 1 -H ${quote(address)}`,
    ...Object.entries({ ...inside[index], ...devices[index] }).map(
      ([name, value]) => `-x ${name}=${quote(value)}`,
    ),
  ]);
  return [
    [
      '# where mpirun is started (Open MPI 4, as Ubuntu 24.04 has it): it hands these on to the other node',
      ...exports({ OMPI_MCA_oob_tcp_if_include: network, OMPI_MCA_btl_tcp_if_include: network }),
    ],
    [
      '# or as words for mpirun, one process on each node:',
      '# mpirun "${both[@]}" "${first[@]}" PROGRAM : "${second[@]}" PROGRAM',
      ...array('both', [
        `--mca oob_tcp_if_include ${quote(network)}`,
        `--mca btl_tcp_if_include ${quote(network)}`,
      ]),
    ],
    [`# for ${names[0]}`, ...array('first', parts[0] ?? [])],
    [`# for ${names[1]}`, ...array('second', parts[1] ?? [])],
  ];
}

function array(name: string, words: readonly string[]): string[] {
  return [`${name}=(`, ...words.map((word) => `  ${word}`), ')'];
}

/** What every container gets, whatever the node. Docker's own 64 MiB of shared memory are too little for PyTorch. */
const container = [
  '--gpus all',
  '--network host',
  '--device /dev/infiniband',
  '--ulimit memlock=-1',
  '--ulimit stack=67108864',
  '--shm-size 16g',
];

function docker(pair: PairEnvironment, names: Pair<string>): string[][] {
  return variables('docker', pair).map((values, index) => [
    `# on ${names[index] ?? ''}; then: docker run --rm -it "\${on_this_pair[@]}" IMAGE COMMAND`,
    ...array('on_this_pair', [
      ...container,
      ...Object.entries(values).map(([name, value]) => `-e ${name}=${quote(value)}`),
    ]),
  ]);
}

/** A name from outside in a comment: one line, whatever it holds. */
function label(name: string): string {
  return printable(name, 80);
}
