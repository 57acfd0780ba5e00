import type {
  BenchPoint,
  BenchResult,
  BenchTool,
  LinkTraffic,
} from '../../../../../src-main/contract/benchmark';
import type { CxPort } from '../../../../../src-main/contract/facts';
import { bandwidth } from '../../../../../src-main/core/benchmark/units';
import type { JudgeContext } from '../../../../../src-main/core/benchmark/verdict/context';
import { judge } from '../../../../../src-main/core/benchmark/verdict/judge';
import { portMap } from '../../../../../src-main/core/probe/port-map';

export const GIB = 1024 ** 3;

export function result(
  tool: BenchTool,
  point: Partial<BenchPoint>,
  parameters: Partial<BenchResult['parameters']> = {},
  summary: BenchResult['summary'] = {},
): BenchResult {
  return {
    tool,
    status: 'done',
    parameters: {
      operation: null,
      direction: null,
      streams: null,
      devices: [],
      transport: null,
      mtu: null,
      memory: null,
      ranks: null,
      peer: null,
      version: null,
      backend: null,
      ...parameters,
    },
    series: [{ id: 'main', axis: 'size', points: [{ x: 65_536, ...point }] }],
    summary,
    warnings: [],
    error: null,
  };
}

export const write = (gbps: number, devices = ['rocep1s0f1']) =>
  result('ib_write_bw', { bandwidth: bandwidth(gbps, 'Gb/sec') }, { devices });
export const tcp = (gbps: number, streams: number, retransmits = 0) => ({
  ...result(
    'iperf3',
    {},
    { operation: 'tcp', streams },
    {
      bandwidth: bandwidth(gbps, 'Gbits/sec'),
      retransmits,
    },
  ),
  series: [],
});
export const gather = (size: number, out: number, parameters: Partial<BenchResult['parameters']> = {}) =>
  result(
    'nccl',
    { x: size, busBandwidth: bandwidth(out, 'GB/s'), bandwidth: bandwidth(out * 2, 'GB/s') },
    { operation: 'all_gather', ranks: 2, ...parameters },
  );
export const nixl = (gbytes: number, memory: 'DRAM' | 'VRAM', devices = ['rocep1s0f0']) =>
  result('nixlbench', { x: 67_108_864, bandwidth: bandwidth(gbytes, 'GB/s') }, { memory, devices });
export const ucx = (gbytes: number, parameters: Partial<BenchResult['parameters']> = {}) =>
  result('ucx_perftest', { x: 1_048_576, bandwidth: bandwidth(gbytes, 'GB/s') }, parameters);
export const latency = (us: number) =>
  result('ib_write_lat', { x: 2, latency: { typicalUs: us, averageUs: us } });

/** Traffic of one node: the named interfaces carried so many bytes of RDMA, or over the network stack. */
export function traffic(rdma: Record<string, number>, net: Record<string, number> = {}): LinkTraffic[] {
  return portMap.map((one) => ({
    ...one,
    node: 'spark-1',
    rdmaBytes: { sent: rdma[one.netdev] ?? 0, received: 0 },
    netBytes: { sent: net[one.netdev] ?? 4000, received: 0 },
  }));
}

export function ports(patch: Record<string, Partial<CxPort>> = {}): CxPort[] {
  return portMap.map((one) => ({
    ...one,
    up: one.port === 1,
    mac: null,
    mtu: 1500,
    speedMbps: 200_000,
    pcieWidth: 4,
    ...patch[one.netdev],
  }));
}

export function causesOf(one: BenchResult, context: JudgeContext = {}): string[] {
  return judge(one, context).causes.map(({ cause }) => cause.code.replace('bench.cause.', ''));
}
