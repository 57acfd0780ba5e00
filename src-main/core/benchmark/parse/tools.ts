import type { BenchTool } from '../../../contract/benchmark';
import { iperf3 } from './iperf3';
import { nccl } from './nccl';
import { nixl } from './nixl';
import { nixlbench } from './nixlbench';
import { perftest } from './perftest';
import { ping } from './ping';
import type { BenchParser } from './tool';
import { ucxPerftest } from './ucx-perftest';

/** Every benchmark whose output is understood, by its name. */
export const benchParsers: ReadonlyMap<BenchTool, BenchParser> = new Map(
  [ping, iperf3, ...perftest, ucxPerftest, nccl, nixl, nixlbench].map((one) => [one.tool, one]),
);
