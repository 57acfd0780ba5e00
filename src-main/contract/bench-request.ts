import { z } from 'zod';

/**
 * What a person may ask to be measured. It holds choices, never an address, a path or a command: which links and devices
 * that means comes from the facts of both nodes. Node 1 is the first of the pair.
 */

/** One half of the cable, or both at the same time. */
export const benchHalvesSchema = z.enum(['a', 'b', 'both']);
export type BenchHalves = z.infer<typeof benchHalvesSchema>;

/** `forward`: node 1 sends (or asks) and node 2 receives. */
const oneWay = z.enum(['forward', 'reverse']).default('forward');
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** A test of one size runs so long; a sweep over all sizes ends by itself. */
const seconds = (usual: number) => z.number().int().min(1).max(600).default(usual);
/** Bytes of a message, or every power of two that the tool knows. */
const sizes = (usual: number, max: number) =>
  z.union([z.literal('all'), z.number().int().min(1).max(max)]).default(usual);

export const benchRequestSchema = z.discriminatedUnion('tool', [
  z.strictObject({
    tool: z.literal('ping'),
    halves: benchHalvesSchema,
    direction: oneWay,
    count: z.number().int().min(1).max(1000).default(20),
  }),
  z.strictObject({
    tool: z.literal('iperf3'),
    halves: benchHalvesSchema,
    direction: z.enum(['forward', 'reverse', 'both']).default('forward'),
    streams: z.number().int().min(1).max(16).default(4),
    seconds: seconds(5),
  }),
  z.strictObject({
    tool: z.literal('ib_write_bw'),
    halves: benchHalvesSchema,
    direction: oneWay,
    sizes: sizes(MIB, GIB),
    /** Queue pairs. */
    streams: z.number().int().min(1).max(16).default(4),
    seconds: seconds(5),
  }),
  z.strictObject({
    tool: z.enum(['ib_write_lat', 'ib_read_lat']),
    halves: z.enum(['a', 'b']),
    direction: oneWay,
    sizes: sizes(2, GIB),
  }),
  z.strictObject({
    tool: z.literal('ucx_perftest'),
    /** Both: one connection that UCX spreads over both devices. */
    halves: benchHalvesSchema,
    direction: oneWay,
    operation: z.enum(['put_bw', 'get_bw', 'put_lat', 'get_lat']).default('put_bw'),
    size: z.number().int().min(1).max(GIB).default(MIB),
    seconds: seconds(5),
  }),
  z
    .strictObject({
      tool: z.literal('nccl'),
      halves: benchHalvesSchema.default('both'),
      operation: z.enum(['all_gather', 'all_reduce']).default('all_gather'),
      /** Sizes are doubled from the first to the last; null: the largest that fits the free memory. */
      fromBytes: z
        .number()
        .int()
        .min(8)
        .max(64 * GIB)
        .nullable()
        .default(null),
      toBytes: z
        .number()
        .int()
        .min(8)
        .max(64 * GIB)
        .nullable()
        .default(null),
    })
    .refine(({ fromBytes, toBytes }) => fromBytes === null || toBytes === null || fromBytes <= toBytes),
]);
export type BenchRequest = z.infer<typeof benchRequestSchema>;
/** As a caller gives it: what is left out takes its usual value. */
export type BenchRequestInput = z.input<typeof benchRequestSchema>;
export type RunnableTool = BenchRequest['tool'];
export const runnableTools = [
  'ping',
  'iperf3',
  'ib_write_bw',
  'ib_write_lat',
  'ib_read_lat',
  'ucx_perftest',
  'nccl',
] as const satisfies readonly RunnableTool[];
