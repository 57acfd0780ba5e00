import { z } from 'zod';
import { halfSchema } from './facts';
import { messageSchema } from './message';

/**
 * One shape for what every benchmark prints. It grows while a tool runs: `status` is `running` until the tool's own
 * ending was read. Figures are those of the tool; nothing is averaged or guessed here except where a field says so.
 */
export const benchToolNames = [
  'ping',
  'iperf3',
  'ib_write_bw',
  'ib_write_lat',
  'ib_read_bw',
  'ib_read_lat',
  'ib_send_bw',
  'ib_send_lat',
  'ucx_perftest',
  'nccl',
  'nixl',
  'nixlbench',
] as const;
export const benchToolSchema = z.enum(benchToolNames);
export type BenchTool = z.infer<typeof benchToolSchema>;

export const bandwidthSchema = z.object({
  /** Whole bytes per second, whatever the tool's unit. */
  bytesPerSecond: z.number(),
  /** The figure and unit as the tool printed them: perftest's and UCX's "MB" are MiB, "Gb/sec" are 10⁹ bits. */
  printed: z.object({ value: z.number(), unit: z.string() }),
});
export type Bandwidth = z.infer<typeof bandwidthSchema>;

/** Microseconds; members that the tool did not print are left out. */
export const latencySchema = z.object({
  averageUs: z.number().optional(),
  minUs: z.number().optional(),
  maxUs: z.number().optional(),
  /** Median, or what the tool calls typical. */
  typicalUs: z.number().optional(),
  stdevUs: z.number().optional(),
  /** As printed, e.g. rank 99.9. */
  percentiles: z.array(z.object({ rank: z.number(), us: z.number() })).optional(),
});
export type Latency = z.infer<typeof latencySchema>;

export const benchPointSchema = z.object({
  /** By the series' axis: message size in bytes, end of the interval in seconds, a running number; null for none. */
  x: z.number().nullable(),
  /** Length of the interval, where x is a time. */
  seconds: z.number().optional(),
  /** Payload per time; for NCCL the algorithm bandwidth. */
  bandwidth: bandwidthSchema.optional(),
  peakBandwidth: bandwidthSchema.optional(),
  /** NCCL only: what the links carried, comparable between operations. */
  busBandwidth: bandwidthSchema.optional(),
  latency: latencySchema.optional(),
  iterations: z.number().optional(),
  messagesPerSecond: z.number().optional(),
  retransmits: z.number().optional(),
  /** Messages of one request (nixlbench). */
  batch: z.number().optional(),
  /** Values that arrived wrong (NCCL with checking). */
  wrong: z.number().optional(),
});
export type BenchPoint = z.infer<typeof benchPointSchema>;

export const benchSeriesSchema = z.object({
  /** Unique in the result, e.g. `main`, `out-of-place`, `stream 5 reverse`. */
  id: z.string(),
  axis: z.enum(['size', 'time', 'sequence', 'none']),
  /** One connection of several; left out for the whole. */
  stream: z.string().optional(),
  /** NCCL: the result went into the buffer that held the input. */
  inPlace: z.boolean().optional(),
  direction: z.enum(['forward', 'reverse']).optional(),
  points: z.array(benchPointSchema),
});
export type BenchSeries = z.infer<typeof benchSeriesSchema>;

/** What the output tells about how it was measured; null where it does not. */
export const benchParametersSchema = z.object({
  /** `write`, `tcp`, `all_gather`, `put_bw`… in the tool's words. */
  operation: z.string().nullable(),
  /** Client to server, server to client, or both at once. */
  direction: z.enum(['forward', 'reverse', 'both']).nullable(),
  /** Connections (iperf3), queue pairs (perftest) or threads (nixlbench). */
  streams: z.number().nullable(),
  /** RDMA devices or interfaces named; empty where none is. */
  devices: z.array(z.string()),
  transport: z.enum(['rdma', 'tcp', 'udp', 'icmp']).nullable(),
  /** RDMA MTU in bytes. */
  mtu: z.number().nullable(),
  /** Where the data lay on either side. */
  memory: z.enum(['DRAM', 'VRAM']).nullable(),
  /** NCCL processes. */
  ranks: z.number().nullable(),
  /** Address or name that was measured against. */
  peer: z.string().nullable(),
  version: z.string().nullable(),
  /** NIXL: what moves the data, e.g. `UCX`. */
  backend: z.string().nullable(),
});
export type BenchParameters = z.infer<typeof benchParametersSchema>;

/** The figures that the tool itself gives for the whole run; left out where it gives none. */
export const benchSummarySchema = z.object({
  /** What arrived. */
  bandwidth: bandwidthSchema.optional(),
  /** The other direction of a test of both. */
  reverseBandwidth: bandwidthSchema.optional(),
  /** What was sent, where the tool tells it apart. */
  sentBandwidth: bandwidthSchema.optional(),
  /** NCCL's average over all sizes: never comparable with the figure of one size. */
  averageBusBandwidth: bandwidthSchema.optional(),
  latency: latencySchema.optional(),
  seconds: z.number().optional(),
  retransmits: z.number().optional(),
  packets: z.object({ sent: z.number(), received: z.number() }).optional(),
  /** NCCL: results out of bounds. */
  wrong: z.number().optional(),
});
export type BenchSummary = z.infer<typeof benchSummarySchema>;

export const benchResultSchema = z.object({
  tool: benchToolSchema,
  /** `waiting`: a server without a client yet; `failed`: the tool said so, see `error`. */
  status: z.enum(['waiting', 'running', 'done', 'failed']),
  parameters: benchParametersSchema,
  series: z.array(benchSeriesSchema),
  summary: benchSummarySchema,
  /** `bench.warning.*`: what makes the figures less than they seem. */
  warnings: z.array(messageSchema),
  /** The tool's own words for its failure; untrusted text. */
  error: z.string().nullable(),
});
export type BenchResult = z.infer<typeof benchResultSchema>;

/** What one ConnectX-7 link carried during a test, by its counters; null where they could not be read. */
export const linkTrafficSchema = z.object({
  node: z.string(),
  netdev: z.string(),
  rdma: z.string().nullable(),
  port: z.union([z.literal(0), z.literal(1)]).nullable(),
  half: halfSchema.nullable(),
  /** Bytes by `port_xmit_data` and `port_rcv_data` (already × 4): invisible to the network counters. */
  rdmaBytes: z.object({ sent: z.number(), received: z.number() }).nullable(),
  /** Bytes by the interface's statistics. */
  netBytes: z.object({ sent: z.number(), received: z.number() }).nullable(),
});
export type LinkTraffic = z.infer<typeof linkTrafficSchema>;

export const benchLevels = ['healthy', 'suspicious', 'bad', 'unknown'] as const;

/** Figures of a verdict are in the unit of its row in the table. */
export const benchVerdictSchema = z.object({
  level: z.enum(benchLevels),
  /** Row of the table that was applied; null when none fits. */
  row: z.string().nullable(),
  measured: z.object({ value: z.number(), unit: z.string() }).nullable(),
  /** Message size that was judged, bytes. */
  sizeBytes: z.number().nullable(),
  /** For the graph. */
  healthy: z.object({ from: z.number(), to: z.number().nullable(), unit: z.string() }).nullable(),
  /** Most likely first. */
  causes: z.array(z.object({ cause: messageSchema, remedy: messageSchema })),
  /** `bench.note.*`: what belongs to the figure and is no fault. */
  notes: z.array(messageSchema),
});
export type BenchVerdict = z.infer<typeof benchVerdictSchema>;
