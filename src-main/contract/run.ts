import { z } from 'zod';
import { failureInfoSchema } from './failure';
import { messageSchema } from './message';

export const stageStatuses = [
  'running',
  'satisfied',
  'done',
  'failed',
  'taken-back',
  'undoing',
  'undone',
  'blocked',
] as const;
export type StageStatus = (typeof stageStatuses)[number];

export const runOutcomes = [
  'done',
  'failed',
  'cancelled',
  'rolled-back',
  'rolled-back-with-differences',
] as const;
export type RunOutcome = (typeof runOutcomes)[number];

/** What is left of a change in a run. */
export const changeSummarySchema = z.object({
  index: z.number(),
  id: z.string(),
  stage: z.string(),
  node: z.string(),
  kind: z.string(),
  summary: messageSchema,
  /** `unknown`: intended, and the app died before it could look. */
  status: z.enum(['unknown', 'applied', 'undone', 'drifted']),
});
export type ChangeSummary = z.infer<typeof changeSummarySchema>;

export const runSummarySchema = z.object({
  run: z.string(),
  playbook: z.string(),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** `interrupted`: the journal ends in the middle. */
  status: z.enum([...runOutcomes, 'interrupted']),
  nodes: z.array(z.string()).readonly(),
  changes: z.array(changeSummarySchema).readonly(),
  stages: z
    .array(
      z.object({ id: z.string(), status: z.enum(stageStatuses), notes: z.array(messageSchema).readonly() }),
    )
    .readonly(),
  failure: failureInfoSchema.optional(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

/** A run in the history, without its changes. */
export const runListedSchema = runSummarySchema
  .pick({ run: true, playbook: true, startedAt: true, endedAt: true, status: true, nodes: true })
  .extend({
    /** Changes made, and those of them that are in place. */
    changes: z.number(),
    inPlace: z.number(),
  });
export type RunListed = z.infer<typeof runListedSchema>;
