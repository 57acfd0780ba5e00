import { z } from 'zod';
import { failureInfoSchema } from './failure';
import { messageSchema } from './message';
import { blockerSchema, planSchema, plannedChangeSchema, plannedStageSchema } from './plan';
import { runSummarySchema } from './run';

export const changeStatuses = [
  'applying',
  'trial',
  'applied',
  'failed',
  'undoing',
  'restored',
  'untouched',
  'drifted',
] as const;

/** A stage of the open playbook: what is known of it and what became of it. */
export const stageViewSchema = z.object({
  id: z.string(),
  status: z.enum([
    /** Nobody has looked yet. */
    'unknown',
    'satisfied',
    'needed',
    'blocked',
    /** An earlier stage is blocked. */
    'waiting',
    'running',
    'done',
    'failed',
    'taken-back',
    'undoing',
    'undone',
  ]),
  notes: z.array(messageSchema),
  blockers: z.array(blockerSchema),
  failure: failureInfoSchema.nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Changes of it that are in place and can be taken back; newest run last. */
  inPlace: z.number(),
  /** What happens to its changes while it runs, or is taken back, in the order in which they began. */
  changes: z.array(
    z.object({
      id: z.string(),
      node: z.string(),
      summary: messageSchema,
      status: z.enum(changeStatuses),
      difference: z.string().nullable(),
    }),
  ),
});
export type StageView = z.infer<typeof stageViewSchema>;

/** What is being done now; one thing at a time. */
export const workSchema = z.object({
  kind: z.enum(['plan', 'apply', 'verify', 'rollback', 'settle']),
  startedAt: z.number(),
  cancelling: z.boolean(),
  run: z.string().nullable(),
});
export type Work = z.infer<typeof workSchema>;

/** How the last work ended. */
export const workResultSchema = z.object({
  kind: workSchema.shape.kind,
  outcome: z.enum([
    'done',
    'nothing-to-do',
    'failed',
    'cancelled',
    'blocked',
    'rolled-back',
    'rolled-back-with-differences',
    'unfinished',
  ]),
  run: z.string().nullable(),
  /** Changes made or taken back. */
  changes: z.number(),
  failure: failureInfoSchema.nullable(),
  /** What somebody else has changed since: left alone. */
  drifted: z.array(z.object({ id: z.string(), node: z.string(), difference: z.string() })),
  endedAt: z.number(),
});
export type WorkResult = z.infer<typeof workResultSchema>;

/** The open playbook on the open pair. */
export const bookSchema = z
  .object({
    playbook: z.string(),
    /** Defaults filled in. */
    inputs: z.record(z.string(), z.string()),
    /** Keys that the person has set. */
    chosen: z.array(z.string()),
    stages: z.array(stageViewSchema),
    work: workSchema.nullable(),
    result: workResultSchema.nullable(),
    /** A run on these nodes that ended in the middle: continue it or take it back. */
    unfinished: runSummarySchema.nullable(),
    /** Runs on these nodes of which something is in place, newest first. */
    live: z.array(z.string()),
  })
  .nullable();

/** A plan without what only the engine needs. */
export const planViewSchema = planSchema
  .extend({
    /** It has been carried out, or begun: it stays in sight with what became of it, and cannot be applied again. */
    used: z.boolean(),
    stages: z.array(
      plannedStageSchema.extend({ changes: z.array(plannedChangeSchema.omit({ spec: true, prior: true })) }),
    ),
  })
  .nullable();
export type PlanView = NonNullable<z.infer<typeof planViewSchema>>;

/** A line of the log: what a command printed (untrusted), or what Twinspark says. */
export const logLineSchema = z.object({
  /** Counts from 0 since the app was started. */
  number: z.number(),
  /** ms since the epoch. */
  time: z.number(),
  /** Name of the node; empty for Twinspark itself. */
  node: z.string(),
  source: z.enum(['stdout', 'stderr', 'app']),
  /** What was printed; empty when `message` says it. */
  text: z.string(),
  message: messageSchema.nullable(),
  /** What the message is about, said after it. */
  about: messageSchema.exactOptional(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** Which lines main holds: numbers `first` (included) to `next` (not included). */
export const logRangeSchema = z.object({ first: z.number(), next: z.number() });

export const terminalViewSchema = z.object({
  id: z.string(),
  target: z.enum(['node1', 'node2', 'local']),
  /** The node's name when it was opened, or this computer's; untrusted. */
  title: z.string(),
  /** How often it was opened; when it grows, what follows comes from another shell. */
  opened: z.number(),
  state: z.enum(['opening', 'open', 'closed']),
  /** How it ended. */
  end: z
    .object({
      kind: z.enum(['exit', 'lost', 'failed']),
      code: z.number().nullable(),
      failure: failureInfoSchema.nullable(),
    })
    .nullable(),
});
export type TerminalView = z.infer<typeof terminalViewSchema>;
