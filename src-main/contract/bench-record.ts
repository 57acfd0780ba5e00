import { z } from 'zod';
import { benchLevels, benchResultSchema, benchVerdictSchema, linkTrafficSchema } from './benchmark';
import { benchHalvesSchema, benchRequestSchema } from './bench-request';
import { cxPortSchema, halfSchema } from './facts';
import { failureInfoSchema } from './failure';
import { messageSchema } from './message';

/** What a node was like when something was measured on it; null where it could not be read. */
export const benchConditionsSchema = z.object({
  /** Name in the pair, and its own host name. */
  name: z.string(),
  hostname: z.string().nullable(),
  release: z.string().nullable(),
  kernel: z.string().nullable(),
  driver: z.string().nullable(),
  cuda: z.string().nullable(),
  /** Of the ConnectX-7, e.g. `28.45.4028`. */
  firmware: z.string().nullable(),
  ports: z.array(cxPortSchema),
});
export type BenchConditions = z.infer<typeof benchConditionsSchema>;

/** Bytes per second through one link of one node in one interval, of whatever counter moved. */
export const trafficRateSchema = z.object({
  node: z.string(),
  netdev: z.string(),
  port: z.union([z.literal(0), z.literal(1)]).nullable(),
  half: halfSchema.nullable(),
  sentPerSecond: z.number(),
  receivedPerSecond: z.number(),
  /** Part of it that RDMA moved; the network counters do not see that. */
  rdma: z.boolean(),
});
export type TrafficRate = z.infer<typeof trafficRateSchema>;

/** One look at the counters of all links of both nodes. */
export const trafficSampleSchema = z.object({
  /** Seconds since the test was started. */
  at: z.number(),
  /** Links that could be read; the same order in every sample of a test. */
  links: z.array(trafficRateSchema),
});
export type TrafficSample = z.infer<typeof trafficSampleSchema>;

/** What one connection of a test printed: each half on its own, or both together. */
export const benchPartSchema = z.object({ halves: benchHalvesSchema, result: benchResultSchema });
export type BenchPart = z.infer<typeof benchPartSchema>;

export const benchOutcomes = ['done', 'failed', 'cancelled'] as const;

/** One measurement as it is kept. */
export const benchRecordSchema = z.object({
  version: z.literal(1),
  /** Sortable by time: `20261120T172119Z-1a2b3c4d`. */
  id: z.string().regex(/^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}$/),
  /** Digest of both host keys: the same two machines, whatever they are called. */
  pair: z.string(),
  /** The "prove the link" that it belongs to, by an id of the same form. */
  suite: z.string().nullable(),
  startedAt: z.number(),
  endedAt: z.number(),
  request: benchRequestSchema,
  outcome: z.enum(benchOutcomes),
  failure: failureInfoSchema.nullable(),
  nodes: z.tuple([benchConditionsSchema, benchConditionsSchema]),
  /** What ran, exactly. */
  commands: z.array(z.object({ node: z.string(), script: z.string() })),
  parts: z.array(benchPartSchema),
  /** The one that was judged: the only part, or the sum of both halves; null when nothing was measured. */
  result: benchResultSchema.nullable(),
  verdict: benchVerdictSchema,
  /** Bytes of the whole test through every link of both nodes. */
  traffic: z.array(linkTrafficSchema),
  samples: z.array(trafficSampleSchema),
  /** What the tool printed, untrusted; at most 256 KiB in all, the end of it. */
  output: z.array(z.object({ node: z.string(), text: z.string() })),
});
export type BenchRecord = z.infer<typeof benchRecordSchema>;

/** How a figure stands against the same test on the same pair before. */
export const benchStandingSchema = z.object({
  /** Earlier results that it is held against. */
  count: z.number(),
  /** Their median, in the unit of the figure. */
  median: z.number(),
  /** This one less the median, as a part of the median: −0.2 is a fifth lower. */
  change: z.number(),
  /** Worse than the pair's own past by more than its noise. */
  fallen: z.boolean(),
});
export type BenchStanding = z.infer<typeof benchStandingSchema>;

/** A line of the history. */
export const benchListedSchema = z.object({
  id: z.string(),
  pair: z.string(),
  suite: z.string().nullable(),
  startedAt: z.number(),
  nodes: z.tuple([z.string(), z.string()]),
  request: benchRequestSchema,
  outcome: z.enum(benchOutcomes),
  level: z.enum(benchLevels),
  /** What was judged, or what the tool gives for the whole; null when nothing was measured. */
  figure: z.object({ value: z.number(), unit: z.string() }).nullable(),
  /** Null for the first of its kind. */
  standing: benchStandingSchema.nullable(),
});
export type BenchListed = z.infer<typeof benchListedSchema>;

export const suiteStepSchema = z.object({
  /** Its words are `bench.step.ID`. */
  id: z.string(),
  request: benchRequestSchema,
  status: z.enum(['waiting', 'running', 'done', 'skipped', 'failed', 'cancelled']),
  /** Why it was skipped, or what went wrong. */
  why: messageSchema.nullable(),
  record: z.string().nullable(),
  level: z.enum(benchLevels).nullable(),
  figure: z.object({ value: z.number(), unit: z.string() }).nullable(),
});
export type SuiteStep = z.infer<typeof suiteStepSchema>;

/** "Prove the link": a short row of tests that ends in one sentence. */
export const suiteSchema = z.object({
  id: z.string(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  steps: z.array(suiteStepSchema),
  /** Null until it has ended. */
  level: z.enum(benchLevels).nullable(),
  /** `bench.sentence.*`. */
  sentence: messageSchema.nullable(),
  /** Of all steps, most likely first. */
  causes: benchVerdictSchema.shape.causes,
});
export type Suite = z.infer<typeof suiteSchema>;

/** The measurement that is going on. */
export const benchRunningSchema = z.object({
  id: z.string(),
  request: benchRequestSchema,
  startedAt: z.number(),
  phase: z.enum(['preparing', 'measuring', 'ending']),
  cancelling: z.boolean(),
  /** How long measuring takes, where that is known beforehand. */
  expectedSeconds: z.number().nullable(),
  parts: z.array(benchPartSchema),
  /** The last two minutes at most. */
  samples: z.array(trafficSampleSchema),
});
export type BenchRunning = z.infer<typeof benchRunningSchema>;

/** The benchmarks of the open pair. */
export const benchStateSchema = z.object({
  running: benchRunningSchema.nullable(),
  suite: suiteSchema.nullable(),
  /** The newest record of this pair since it was opened. */
  last: z.string().nullable(),
  /** Why the last start came to nothing. */
  failure: failureInfoSchema.nullable(),
});
export type BenchState = z.infer<typeof benchStateSchema>;
