import { z } from 'zod';
import { failureInfoSchema } from './failure';
import { nodeFactsSchema } from './facts';

export const nodeIds = ['node1', 'node2'] as const;
export const nodeIdSchema = z.enum(nodeIds);
/** Place of a node in the pair; it has a colour for life. */
export type NodeId = z.infer<typeof nodeIdSchema>;

/** One of the two nodes as the window shows it. Every text is untrusted. */
export const nodeCardSchema = z.object({
  id: nodeIdSchema,
  name: z.string(),
  host: z.string(),
  port: z.number(),
  user: z.string(),
  state: z.enum(['idle', 'connecting', 'connected', 'lost', 'failed']),
  /** Why it is `failed` or `lost`. */
  failure: failureInfoSchema.nullable(),
});
export type NodeCard = z.infer<typeof nodeCardSchema>;

/** The pair that is open; null before one is chosen. */
export const pairSchema = z
  .object({ practice: z.boolean(), nodes: z.tuple([nodeCardSchema, nodeCardSchema]) })
  .nullable();

/** What was read of both nodes; null before. */
export const factsSchema = z.object({
  node1: nodeFactsSchema.nullable(),
  node2: nodeFactsSchema.nullable(),
  /** When, ms since the epoch. */
  readAt: z.number().nullable(),
  reading: z.boolean(),
});

/** Round trip of a command over each open connection, ms. */
export const pulseSchema = z.object({ node1: z.number().nullable(), node2: z.number().nullable() });

/** A machine that can be chosen as a node, by id: of an earlier run, found on the network or named by ~/.ssh/config. */
export const candidateSchema = z.object({
  id: z.string(),
  source: z.enum(['recent', 'network', 'ssh-config']),
  name: z.string(),
  host: z.string(),
  port: z.number(),
  /** Where ~/.ssh/config or the run says it. */
  user: z.string().nullable(),
  addresses: z.array(z.string()),
});
export type Candidate = z.infer<typeof candidateSchema>;

export const discoverySchema = z.object({
  state: z.enum(['idle', 'running', 'done']),
  /** How long it looks, ms, and since when. */
  limitMs: z.number(),
  startedAt: z.number().nullable(),
  failure: failureInfoSchema.nullable(),
  candidates: z.array(candidateSchema),
});

/** A question that waits for the person. Texts come from the node: untrusted. */
export const promptSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('host-key'),
    id: z.string(),
    node: z.string(),
    host: z.string(),
    port: z.number(),
    keyType: z.string(),
    fingerprint: z.string(),
  }),
  z.object({
    kind: z.literal('secret'),
    id: z.string(),
    secret: z.enum([
      'login-password',
      'sudo-password',
      'key-passphrase',
      'keyboard-interactive',
      'new-user-password',
    ]),
    node: z.string(),
    user: z.string(),
    /** Key file, or the server's own question. */
    detail: z.string().nullable(),
    /** The last answer was wrong. */
    retry: z.boolean(),
    /** May be shown while typed. */
    echo: z.boolean(),
    /** This computer can keep it encrypted. */
    canSave: z.boolean(),
  }),
]);
export type Prompt = z.infer<typeof promptSchema>;

export const practiceSchema = z.object({
  state: z.enum(['off', 'starting', 'on']),
  faults: z.array(z.object({ id: z.string(), on: z.boolean() })),
});
