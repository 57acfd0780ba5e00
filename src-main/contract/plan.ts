import { z } from 'zod';
import { messageSchema } from './message';

export const nodeIdentitySchema = z.object({
  name: z.string(),
  host: z.string(),
  port: z.number(),
  user: z.string(),
  identityFile: z.string().optional(),
  /** Fingerprint the connection was verified with; a rollback insists on the same. */
  hostKey: z.string(),
});
export type NodeIdentity = z.infer<typeof nodeIdentitySchema>;

/** Something that keeps a stage from running, and what helps. */
export const blockerSchema = z.object({
  cause: messageSchema,
  remedy: messageSchema,
  node: z.string().optional(),
  /** The input that decides it, where the person can. */
  decide: z.object({ input: z.string(), values: z.array(z.string()) }).optional(),
});
export type Blocker = z.infer<typeof blockerSchema>;

export const plannedCommandSchema = z.object({
  node: z.string(),
  /** The exact POSIX sh text that runs. */
  script: z.string(),
  root: z.boolean(),
  /** What it reads: text in full, a secret or another command's output by name only. */
  stdin: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('text'), text: z.string() }),
      z.object({ kind: z.literal('secret'), name: z.string() }),
      z.object({ kind: z.literal('output'), node: z.string(), script: z.string(), root: z.boolean() }),
    ])
    .optional(),
  /** `arm`, `trial` and `keep` belong to a change that the node takes back by itself unless kept. */
  phase: z.enum(['act', 'arm', 'trial', 'keep']),
});
export type PlannedCommand = z.infer<typeof plannedCommandSchema>;

export const previewSchema = z.object({
  title: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  mode: z.string().optional(),
  /** Unified diff of before and after. */
  diff: z.string(),
});

export const plannedChangeSchema = z.object({
  id: z.string(),
  node: z.string(),
  kind: z.string(),
  spec: z.unknown(),
  summary: messageSchema,
  step: z.number(),
  /** Position in the run. */
  index: z.number(),
  /** State the plan was made from. */
  prior: z.unknown(),
  commands: z.array(plannedCommandSchema),
  previews: z.array(previewSchema),
  /** Seconds after which the node takes a guarded change back by itself. */
  guardSeconds: z.number().optional(),
  /** What of it cannot be undone. */
  irreversible: messageSchema.optional(),
});
export type PlannedChange = z.infer<typeof plannedChangeSchema>;

export const plannedStageSchema = z.object({
  id: z.string(),
  /** `waiting`: could not be looked at, because an earlier stage is blocked. */
  status: z.enum(['satisfied', 'needed', 'blocked', 'waiting']),
  notes: z.array(messageSchema),
  blockers: z.array(blockerSchema),
  changes: z.array(plannedChangeSchema),
});
export type PlannedStage = z.infer<typeof plannedStageSchema>;

export const planSchema = z.object({
  /** Id of the run that this plan becomes. */
  run: z.string(),
  playbook: z.string(),
  createdAt: z.number(),
  inputs: z.record(z.string(), z.string()),
  nodes: z.tuple([nodeIdentitySchema, nodeIdentitySchema]),
  factsHash: z.string(),
  /** Names this plan: the same nodes in the same state with the same inputs give the same hash. */
  hash: z.string(),
  stages: z.array(plannedStageSchema),
});
export type Plan = z.infer<typeof planSchema>;
