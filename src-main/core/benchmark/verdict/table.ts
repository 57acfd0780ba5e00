import type { BenchTool } from '../../../contract/benchmark';

/**
 * What a pair on a direct cable shows, from NVIDIA's playbooks and from figures that owners have printed (state of
 * October 2026). Data: change a figure here, with its source, and nothing else. The first row that fits is applied.
 */
export interface Row {
  readonly id: string;
  readonly tools: readonly BenchTool[];
  /** The tool's word; left out where every operation counts. */
  readonly operation?: string;
  /** Halves that the test was to use; left out where it does not matter. */
  readonly halves?: 1 | 2;
  /** From…to, inclusive. */
  readonly streams?: readonly [number, number];
  /** Message size in bytes, from…to, inclusive. */
  readonly size?: readonly [number, number];
  readonly memory?: 'DRAM' | 'VRAM';
  readonly metric: 'bandwidth' | 'busBandwidth' | 'latency';
  readonly unit: 'Gb/s' | 'GB/s' | 'µs';
  /** Printed by healthy pairs; the band of the graph. */
  readonly healthy: readonly [number, number] | null;
  /** Suspicious below this (above it for a latency), and bad below the other; null where the field names no bound. */
  readonly suspicious: number | null;
  readonly bad: number | null;
  /** Causes of a figure that is not healthy, where no pathology is recognised, most likely first. */
  readonly causes: readonly Cause[];
  /** Belongs to a healthy figure. */
  readonly note?: 'no-gpudirect';
  readonly source: string;
}

export const causes = [
  'thirteen-gigabit',
  'half-dead',
  'same-half',
  'one-half',
  'x2-lanes',
  'wrong-device',
  'wrong-interface',
  'wrong-path',
  'tcp-tuning',
  'tcp-fallback',
  'ucx-tcp',
  'nixl-tcp',
  'bad-build',
  'small-mtu',
  'packet-loss',
  'no-answer',
  'wrong-values',
] as const;
export type Cause = (typeof causes)[number];

const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const ANY = Number.MAX_SAFE_INTEGER;

export const table: readonly Row[] = [
  {
    id: 'ib_write_bw-both',
    tools: ['ib_write_bw'],
    halves: 2,
    size: [64 * KIB, ANY],
    metric: 'bandwidth',
    unit: 'Gb/s',
    healthy: [185, 198],
    // Twice the bound of one half.
    suspicious: 178,
    bad: 115,
    causes: ['half-dead', 'same-half', 'x2-lanes'],
    source: 'NVIDIA performance guide (92.57 + 97.28 Gb/s); two ports of one half stop at 105–112',
  },
  {
    id: 'ib_write_bw-half',
    tools: ['ib_write_bw'],
    halves: 1,
    size: [64 * KIB, ANY],
    metric: 'bandwidth',
    unit: 'Gb/s',
    healthy: [92, 111],
    suspicious: 89,
    bad: 25,
    causes: ['x2-lanes', 'wrong-device'],
    source: '92–98 with one queue pair and MTU 1024, up to 111 with four; suspicious below 89',
  },
  {
    id: 'ib_write_lat',
    tools: ['ib_write_lat'],
    size: [1, 64],
    metric: 'latency',
    unit: 'µs',
    healthy: [1.4, 1.9],
    suspicious: 3,
    bad: null,
    causes: ['wrong-path', 'wrong-device'],
    source: 'owners: 1.4–1.9 µs at 2 bytes; suspicious above 3',
  },
  {
    id: 'iperf3-both',
    tools: ['iperf3'],
    operation: 'tcp',
    halves: 2,
    streams: [8, ANY],
    metric: 'bandwidth',
    unit: 'Gb/s',
    healthy: [160, 198],
    suspicious: 160,
    bad: 115,
    causes: ['half-dead', 'same-half', 'one-half', 'tcp-tuning', 'small-mtu'],
    source: 'owners: 160–198 over both halves; about 96 over one only',
  },
  {
    id: 'iperf3-both-one-stream',
    tools: ['iperf3'],
    operation: 'tcp',
    halves: 2,
    streams: [2, 2],
    metric: 'bandwidth',
    unit: 'Gb/s',
    healthy: [68, 70],
    suspicious: 50,
    bad: 30,
    causes: ['thirteen-gigabit', 'tcp-tuning', 'wrong-path'],
    source: 'twice the figures of one stream over one half',
  },
  {
    id: 'iperf3-one-stream',
    tools: ['iperf3'],
    operation: 'tcp',
    streams: [1, 1],
    metric: 'bandwidth',
    unit: 'Gb/s',
    healthy: [34, 35],
    suspicious: 25,
    bad: 15,
    causes: ['thirteen-gigabit', 'tcp-tuning', 'wrong-path'],
    source: 'owners: 34–35 with one stream; below 15 the 13 Gb/s state, which reaches up to 25',
  },
  {
    id: 'iperf3-streams',
    tools: ['iperf3'],
    operation: 'tcp',
    halves: 1,
    streams: [4, ANY],
    metric: 'bandwidth',
    unit: 'Gb/s',
    healthy: [93, 111],
    suspicious: 89,
    bad: 25,
    causes: ['tcp-tuning', 'small-mtu', 'x2-lanes', 'wrong-path'],
    source: 'owners: 93–111 with 4–16 streams; 19 with thousands of retries is TCP, not the cable',
  },
  {
    id: 'all_gather-half',
    tools: ['nccl'],
    operation: 'all_gather',
    halves: 1,
    size: [4 * GIB, ANY],
    metric: 'busBandwidth',
    unit: 'GB/s',
    healthy: [12, 13.5],
    // A tenth below what owners print; 25 Gb/s is the 13 Gb/s state, or TCP.
    suspicious: 10.8,
    bad: 3.1,
    causes: ['small-mtu', 'x2-lanes'],
    source: 'owners: 12–13.5 at 16 GiB where only one half was used',
  },
  {
    id: 'all_gather-16G',
    tools: ['nccl'],
    operation: 'all_gather',
    size: [16 * GIB, ANY],
    metric: 'busBandwidth',
    unit: 'GB/s',
    healthy: [21.875, 24.2],
    suspicious: 21.875,
    bad: 14,
    causes: ['small-mtu', 'one-half'],
    source: "NVIDIA's bar for a run of 16 GiB alone: 21.875; 12–13.5 is one half, about 3 is TCP",
  },
  {
    id: 'all_gather-4G',
    tools: ['nccl'],
    operation: 'all_gather',
    size: [4 * GIB, 16 * GIB - 1],
    metric: 'busBandwidth',
    unit: 'GB/s',
    healthy: [20.25, 24.2],
    // A tenth below what owners print (22.5).
    suspicious: 20.25,
    bad: 14,
    causes: ['small-mtu', 'one-half'],
    source: 'owners: 22.5 at 4 GiB',
  },
  {
    id: 'all_gather-1G',
    tools: ['nccl'],
    operation: 'all_gather',
    size: [GIB, 4 * GIB - 1],
    metric: 'busBandwidth',
    unit: 'GB/s',
    healthy: [17.8, 23],
    // A tenth below 19.8.
    suspicious: 17.8,
    bad: 14,
    causes: ['small-mtu', 'one-half'],
    source: 'owners: 19.8 at 1 GiB',
  },
  {
    id: 'all_gather-512M',
    tools: ['nccl'],
    operation: 'all_gather',
    size: [512 * MIB, GIB - 1],
    metric: 'busBandwidth',
    unit: 'GB/s',
    healthy: [16.5, 21],
    // A tenth below 18.4.
    suspicious: 16.5,
    bad: 14,
    causes: ['small-mtu', 'one-half'],
    source: 'owners: 18.4 at 512 MiB',
  },
  {
    id: 'nixl-vram',
    tools: ['nixl', 'nixlbench'],
    memory: 'VRAM',
    metric: 'bandwidth',
    unit: 'GB/s',
    healthy: [0.26, 0.6],
    suspicious: 0.2,
    bad: null,
    causes: ['nixl-tcp'],
    note: 'no-gpudirect',
    source: 'owners: 0.26–0.6, expected: no GPUDirect RDMA on GB10',
  },
  {
    id: 'nixl-both',
    tools: ['nixlbench'],
    memory: 'DRAM',
    halves: 2,
    size: [16 * MIB, ANY],
    metric: 'bandwidth',
    unit: 'GB/s',
    healthy: null,
    // 115 Gb/s: more than one x4 half carries.
    suspicious: 14.4,
    bad: null,
    causes: ['same-half', 'one-half', 'nixl-tcp'],
    source: 'two ports of one half stop at 13.17 GB/s (105 Gb/s); nobody has printed both halves yet',
  },
  {
    id: 'nixl-dram',
    tools: ['nixlbench', 'nixl'],
    memory: 'DRAM',
    size: [MIB, ANY],
    metric: 'bandwidth',
    unit: 'GB/s',
    healthy: [11, 13.2],
    suspicious: 10,
    bad: null,
    causes: ['nixl-tcp'],
    source: 'owners: 11.5 over one device; below 10 the transport is TCP',
  },
  {
    id: 'ucx-bandwidth',
    tools: ['ucx_perftest'],
    halves: 1,
    size: [MIB, ANY],
    metric: 'bandwidth',
    unit: 'GB/s',
    healthy: null,
    suspicious: 10,
    bad: null,
    causes: ['ucx-tcp', 'x2-lanes'],
    source: 'NIXL over UCX and one device shows 11.5, and below 10 only over TCP',
  },
];

/** Ranges that name a pathology whatever the tool. Gb/s. */
export const ranges = {
  /** What a live replug can leave behind. */
  thirteen: [8, 25],
  /** Two ports of one half, or one half alone, where both were asked for. */
  oneHalf: [80, 115],
  /** PCIe Gen5 x2 carries 63 Gb/s at most. */
  twoLanes: [40, 64],
  /** NCCL over sockets: about 3 GB/s. */
  ncclTcp: [18, 34],
  /** NCCL over one half: 12–13.5 GB/s; over both never as little. */
  ncclOneHalf: [80, 112],
  /** More than a x4 half (126 Gb/s), or both, can carry: not over this link. */
  ceiling: { 1: 126, 2: 252 },
} as const;

/** Healthy PCIe lanes of a half. */
export const LANES = 4;

/** So many retransmits of a run are a TCP that drops, while the cable is fine. */
export const MANY_RETRANSMITS = 1000;
