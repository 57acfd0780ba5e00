import { z } from 'zod';
import { benchRecordSchema } from './bench-record';
import { benchRequestSchema } from './bench-request';
import { limits } from './limits';
import type { MethodName } from './method-names';
import { environmentPrograms, reportRequestSchema } from './report';
import { changeSummarySchema, runSummarySchema } from './run';
import { settingsSchema } from './settings';
import { snapshotSchema } from './slices';
import { nodeIdSchema } from './state-nodes';
import { logLineSchema, terminalViewSchema } from './state-work';

const nothing = z.object({});
const id = z.string().min(1).max(64);
const text = (max: number) => z.string().min(1).max(max);
const terminal = z.strictObject({ id });
const size = {
  columns: z.number().int().min(2).max(limits.terminalColumns),
  rows: z.number().int().min(1).max(limits.terminalRows),
};

/** How a node is chosen: a machine that main has listed, by id, or one named by hand. */
export const nodeChoiceSchema = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('candidate'),
    candidate: id,
    /** Replaces what ~/.ssh/config says; needed where it says nothing. */
    user: text(limits.user).optional(),
  }),
  z.strictObject({
    from: z.literal('hand'),
    host: text(limits.host),
    port: z.number().int().min(1).max(65_535),
    user: text(limits.user),
  }),
]);
export type NodeChoice = z.infer<typeof nodeChoiceSchema>;

/** Pages that the window may open in the person's browser, by name. */
export const linkSchema = z.enum([
  'documentation',
  'troubleshooting',
  'nvidia-connect-two-sparks',
  'project',
]);
export type LinkName = z.infer<typeof linkSchema>;

/** What a rollback takes back: everything that is in place on the open pair, or a part of it. */
export const rollbackScopeSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('everything') }),
  z.strictObject({ what: z.literal('stage'), stage: id }),
  z.strictObject({ what: z.literal('run'), run: id }),
  z.strictObject({ what: z.literal('change'), run: id, change: text(200) }),
]);
export type RollbackScope = z.infer<typeof rollbackScopeSchema>;

/**
 * Everything that the window can ask, with the shape of question and answer. Handlers of main, the client of the window
 * and the client of the tests are all derived from it. Questions carry ids and data, never a path, a command or a URL.
 * Long work answers as soon as it has begun: its progress and end are in the state.
 */
export const methods = {
  'app.snapshot': { params: z.strictObject({}), result: snapshotSchema },
  'settings.set': { params: settingsSchema.partial().strict(), result: nothing },
  'link.open': { params: z.strictObject({ link: linkSchema }), result: nothing },

  'discovery.start': { params: z.strictObject({}), result: nothing },
  'discovery.stop': { params: z.strictObject({}), result: nothing },
  /** Connects as well. */
  'pair.choose': {
    params: z.strictObject({ nodes: z.tuple([nodeChoiceSchema, nodeChoiceSchema]) }),
    result: nothing,
  },
  'pair.connect': { params: z.strictObject({}), result: nothing },
  'pair.disconnect': { params: z.strictObject({}), result: nothing },
  'pair.forget': { params: z.strictObject({}), result: nothing },
  'facts.read': { params: z.strictObject({}), result: nothing },
  'prompt.answer': {
    params: z.strictObject({
      id,
      answer: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('accept') }),
        z.strictObject({ kind: z.literal('refuse') }),
        z.strictObject({
          kind: z.literal('secret'),
          value: z.string().max(limits.secret),
          save: z.boolean(),
        }),
      ]),
    }),
    result: nothing,
  },
  /** Forgets every saved secret. */
  'secrets.forget': { params: z.strictObject({}), result: nothing },

  'practice.start': { params: z.strictObject({}), result: nothing },
  'practice.fault': { params: z.strictObject({ fault: id, on: z.boolean() }), result: nothing },
  'practice.stop': { params: z.strictObject({}), result: nothing },

  'playbook.open': { params: z.strictObject({ playbook: id }), result: nothing },
  'playbook.close': { params: z.strictObject({}), result: nothing },
  /** null: back to the default. Makes the plan again. */
  'playbook.set-input': {
    params: z.strictObject({ key: id, value: text(limits.input).nullable() }),
    result: nothing,
  },
  'playbook.plan': { params: z.strictObject({}), result: nothing },
  /** Carries out the plan that was shown, all of it or up to a stage (included). */
  'playbook.apply': {
    params: z.strictObject({ hash: text(128), until: id.optional() }),
    result: nothing,
  },
  'playbook.verify': { params: z.strictObject({}), result: nothing },
  /** The plan as a bash script. */
  'plan.script': { params: z.strictObject({ hash: text(128) }), result: z.object({ script: z.string() }) },
  'work.cancel': { params: z.strictObject({}), result: nothing },

  /** What a rollback would restore, in the order in which it would; `token` confirms exactly this list. */
  'rollback.preview': {
    params: z.strictObject({ scope: rollbackScopeSchema }),
    result: z.object({
      token: z.string(),
      runs: z.array(z.object({ run: z.string(), changes: z.array(changeSummarySchema) })),
    }),
  },
  'rollback.start': { params: z.strictObject({ token: text(128) }), result: nothing },
  /** Takes back the stage that an unfinished run was in, and plans the rest as its continuation. */
  'run.continue': { params: z.strictObject({ run: id }), result: nothing },
  'run.show': { params: z.strictObject({ run: id }), result: runSummarySchema },
  /** Lines from number `from` on; fewer than asked where main holds fewer or they are long. */
  'log.read': {
    params: z.strictObject({
      from: z.number().int().min(0),
      count: z.number().int().min(1).max(limits.logLines),
    }),
    result: z.object({ lines: z.array(logLineSchema) }),
  },

  /** Measures. Its progress is in `bench`, its end in `history`. */
  'bench.start': { params: z.strictObject({ request: benchRequestSchema }), result: nothing },
  /** The short row of tests that proves the link. */
  'bench.prove': { params: z.strictObject({}), result: nothing },
  'bench.cancel': { params: z.strictObject({}), result: nothing },
  'bench.show': { params: z.strictObject({ id }), result: benchRecordSchema },
  /** Out of the history, for good. */
  'bench.remove': {
    params: z.strictObject({ ids: z.array(id).min(1).max(limits.history) }),
    result: nothing,
  },
  /** Settings of this pair for other programs, to paste. */
  'bench.environment': {
    params: z.strictObject({ program: z.enum(environmentPrograms) }),
    result: z.object({ text: z.string() }),
  },
  /** The pair, its playbooks and its results as one document. */
  'report.make': { params: reportRequestSchema, result: z.object({ text: z.string() }) },

  'terminal.open': {
    params: z.strictObject({ target: z.union([nodeIdSchema, z.literal('local')]), ...size }),
    result: z.object({ terminal: terminalViewSchema }),
  },
  'terminal.write': {
    params: z.strictObject({ id, data: text(limits.terminalWrite) }),
    result: nothing,
  },
  'terminal.resize': { params: z.strictObject({ id, ...size }), result: nothing },
  /** So many characters have been through the parser. */
  'terminal.acknowledge': {
    params: z.strictObject({
      id,
      characters: z
        .number()
        .int()
        .min(1)
        .max(16 * 1024 * 1024),
    }),
    result: nothing,
  },
  'terminal.reopen': { params: z.strictObject({ id, ...size }), result: nothing },
  'terminal.close': { params: terminal, result: nothing },
} as const satisfies Record<MethodName, { params: z.ZodType; result: z.ZodType }>;

export type Methods = typeof methods;
/** Parameters as a caller gives them. */
export type Params<Name extends MethodName> = z.input<Methods[Name]['params']>;
export type Result<Name extends MethodName> = z.output<Methods[Name]['result']>;
/** What main implements: one function for each method, given checked parameters. */
export type Handlers = {
  [Name in MethodName]: (params: z.output<Methods[Name]['params']>) => Promise<Result<Name>>;
};
/** What the window and the tests call. Rejects with {@link CallFailure}. */
export type Client = { [Name in MethodName]: (params: Params<Name>) => Promise<Result<Name>> };
