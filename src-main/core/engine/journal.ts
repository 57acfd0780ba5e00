import { z } from 'zod';
import { failureInfoSchema } from '../../contract/failure';
import { messageSchema } from '../../contract/message';
import { nodeIdentitySchema } from '../../contract/plan';
import { Failure } from '../failure';
import type { Clock, RunStore } from '../ports';

/** A change as it is journaled: enough to undo it without the plan, the facts or this version of the app. */
export const journaledChangeSchema = z.object({
  id: z.string(),
  node: z.string(),
  kind: z.string(),
  spec: z.unknown(),
  summary: messageSchema,
  step: z.number(),
});

const body = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run-started'),
    format: z.literal(1),
    run: z.string(),
    playbook: z.string(),
    app: z.string(),
    nodes: z.tuple([nodeIdentitySchema, nodeIdentitySchema]),
    inputs: z.record(z.string(), z.string()),
    plan: z.string(),
    /** Stages of the playbook with what each builds on: the order in which they may be undone. */
    stages: z.array(z.object({ id: z.string(), needs: z.array(z.string()) })),
  }),
  z.object({ type: z.literal('run-resumed'), plan: z.string(), inputs: z.record(z.string(), z.string()) }),
  z.object({ type: z.literal('stage-started'), stage: z.string() }),
  /** Written and made durable before the change acts. */
  z.object({
    type: z.literal('intent'),
    index: z.number(),
    stage: z.string(),
    change: journaledChangeSchema,
    prior: z.unknown(),
  }),
  /** Trial made; the node takes it back by itself unless kept. */
  z.object({ type: z.literal('trial'), index: z.number() }),
  z.object({ type: z.literal('applied'), index: z.number(), after: z.unknown() }),
  z.object({ type: z.literal('stage-satisfied'), stage: z.string(), notes: z.array(messageSchema) }),
  z.object({ type: z.literal('stage-done'), stage: z.string(), notes: z.array(messageSchema) }),
  z.object({ type: z.literal('stage-failed'), stage: z.string(), failure: failureInfoSchema }),
  z.object({ type: z.literal('undo-started'), indexes: z.array(z.number()) }),
  z.object({
    type: z.literal('undone'),
    index: z.number(),
    /** `untouched`: the thing was already as before. */
    outcome: z.enum(['restored', 'untouched', 'drifted', 'failed']),
    difference: z.string().optional(),
    failure: failureInfoSchema.optional(),
  }),
  z.object({
    type: z.literal('run-finished'),
    outcome: z.enum(['done', 'failed', 'cancelled', 'rolled-back', 'rolled-back-with-differences']),
    failure: failureInfoSchema.optional(),
  }),
]);

export type RecordBody = z.infer<typeof body>;
const envelope = z.object({ seq: z.number(), time: z.number() });
export type JournalRecord = RecordBody & z.infer<typeof envelope>;

/** Writer of one run's journal. Records are checked, numbered, stamped and durable before `write` resolves. */
export class Journal {
  #next: number;
  #tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: RunStore,
    private readonly clock: Clock,
    readonly run: string,
    next = 0,
  ) {
    this.#next = next;
  }

  write(record: RecordBody): Promise<void> {
    const checked = body.parse(record);
    const write = this.#tail.then(() => {
      const numbered = { seq: this.#next++, time: this.clock.now(), ...checked };
      return this.store.append(this.run, numbered);
    });
    this.#tail = write.catch(() => undefined);
    return write;
  }
}

/**
 * Reads a journal back, every record checked.
 * @throws Failure UNKNOWN_RUN, JOURNAL_DAMAGED (params: run, line)
 */
export async function readJournal(store: RunStore, run: string): Promise<JournalRecord[]> {
  const { records } = await store.read(run);
  return records.map((record, line) => {
    const head = envelope.safeParse(record);
    const rest = body.safeParse(record);
    if (!head.success || !rest.success || head.data.seq !== line) {
      throw new Failure('JOURNAL_DAMAGED', { run, line: line + 1 });
    }
    return { ...rest.data, ...head.data };
  });
}
