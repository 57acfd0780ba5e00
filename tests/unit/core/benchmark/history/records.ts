import type { BenchConditions, BenchRecord } from '../../../../../src-main/contract/bench-record';
import { benchRequestSchema, type BenchRequestInput } from '../../../../../src-main/contract/bench-request';
import type { BenchResult, BenchVerdict } from '../../../../../src-main/contract/benchmark';
import type { CxPort } from '../../../../../src-main/contract/facts';

/** 2026-11-20 09:00 UTC. */
const NOON = Date.UTC(2026, 10, 20, 9);

export function port(netdev: string, patch: Partial<CxPort> = {}): CxPort {
  const half = netdev.startsWith('enP2') ? 'b' : 'a';
  const number = netdev.includes('f1') ? 1 : 0;
  const rdma = netdev.replace(/^en/, 'roce').replace(/np\d$/, '');
  return {
    netdev,
    rdma,
    up: number === 0,
    port: number,
    half,
    mac: null,
    mtu: 1500,
    speedMbps: 200_000,
    pcieWidth: 4,
    ...patch,
  };
}

export function conditions(name: string, patch: Partial<BenchConditions> = {}): BenchConditions {
  return {
    name,
    hostname: `spark-${name}`,
    release: '7.2.3',
    kernel: '6.11.0-1016-nvidia',
    driver: '580.95.05',
    cuda: '13.0',
    firmware: '28.45.4028',
    ports: ['enp1s0f0np0', 'enp1s0f1np1', 'enP2p1s0f0np0', 'enP2p1s0f1np1'].map((one) => port(one)),
    ...patch,
  };
}

export function verdict(patch: Partial<BenchVerdict> = {}): BenchVerdict {
  return {
    level: 'healthy',
    row: 'ib_write_bw-both',
    measured: { value: 189.5, unit: 'Gb/s' },
    sizeBytes: 1024 ** 2,
    healthy: { from: 185, to: 198, unit: 'Gb/s' },
    causes: [],
    notes: [],
    ...patch,
  };
}

export function result(patch: Partial<BenchResult> = {}): BenchResult {
  return {
    tool: 'ib_write_bw',
    status: 'done',
    parameters: {
      operation: 'write',
      direction: 'forward',
      streams: 4,
      devices: ['rocep1s0f0'],
      transport: 'rdma',
      mtu: 1024,
      memory: null,
      ranks: null,
      peer: null,
      version: null,
      backend: null,
    },
    series: [],
    summary: { bandwidth: { bytesPerSecond: 23_687_500_000, printed: { value: 189.5, unit: 'Gb/sec' } } },
    warnings: [],
    error: null,
    ...patch,
  };
}

/** A healthy measurement, `number` minutes after nine; as something else by `patch`. */
export function record(
  number: number,
  patch: Partial<Omit<BenchRecord, 'request'>> & { request?: BenchRequestInput } = {},
): BenchRecord {
  const startedAt = NOON + number * 60_000;
  const stamp = new Date(startedAt).toISOString().replace(/[-:]|\.\d+/g, '');
  const { request = { tool: 'ib_write_bw', halves: 'both' }, ...rest } = patch;
  return {
    version: 1,
    id: `${stamp}-${number.toString(16).padStart(8, '0')}`,
    pair: 'pair-1',
    suite: null,
    startedAt,
    endedAt: startedAt + 6_000,
    request: benchRequestSchema.parse(request),
    outcome: 'done',
    failure: null,
    nodes: [conditions('one'), conditions('two')],
    commands: [{ node: 'one', script: 'ib_write_bw' }],
    parts: [{ halves: 'both', result: result() }],
    result: result(),
    verdict: verdict(),
    traffic: [],
    samples: [],
    output: [{ node: 'one', text: '#bytes\n' }],
    ...rest,
  };
}

/** The same with another figure. */
export function measuring(value: number, unit: string, level: BenchVerdict['level'] = 'healthy') {
  return { verdict: verdict({ level, measured: { value, unit } }) };
}
