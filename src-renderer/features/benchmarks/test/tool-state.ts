import type { RunnableTool, Slices } from '../../../api/types';

/** The program that stands for a tool in the facts: what comes with it in one package is there as well. */
const programs: Readonly<Record<RunnableTool, string>> = {
  ping: 'ping',
  iperf3: 'iperf3',
  ib_write_bw: 'ib_write_bw',
  ib_write_lat: 'ib_write_lat',
  ib_read_lat: 'ib_read_lat',
  ucx_perftest: 'ucx_perftest',
  nccl: 'mpirun',
};

/** The playbook that brings a tool. */
export function playbookFor(tool: RunnableTool): 'nccl' | 'benchmark-tools' {
  return tool === 'nccl' ? 'nccl' : 'benchmark-tools';
}

/** Nodes that are known to have not got the tool. */
export function missingOn(tool: RunnableTool, facts: Slices['facts']): ('node1' | 'node2')[] {
  return (['node1', 'node2'] as const).filter((id) => {
    const tools = facts[id]?.tools;
    return tools?.known === true && !Object.hasOwn(tools.value, programs[tool]);
  });
}
