import type { BenchRequest, RunnableTool } from '../../../contract/bench-request';
import { ibLat } from './ib-lat';
import { ibWriteBw } from './ib-write-bw';
import { iperf3 } from './iperf3';
import { nccl } from './nccl';
import { ping } from './ping';
import type { ToolRecipe } from './tool';
import { ucxPerftest } from './ucx-perftest';

/** Every tool that can be run, by the name in its request. A new one (NIXL from point to point) is a file and a line here. */
const tools: { readonly [T in RunnableTool]: ToolRecipe<Extract<BenchRequest, { tool: T }>> } = {
  ping,
  iperf3,
  ib_write_bw: ibWriteBw,
  ib_write_lat: ibLat,
  ib_read_lat: ibLat,
  ucx_perftest: ucxPerftest,
  nccl,
};

export function toolFor({ tool }: BenchRequest): ToolRecipe {
  return tools[tool];
}
