import { z } from 'zod';
import { benchRequestSchema } from '../../contract/bench-request';
import { benchOutcomes, benchStandingSchema } from '../../contract/bench-record';
import { benchVerdictSchema } from '../../contract/benchmark';
import { cxPortSchema, halfSchema, unknownReasons } from '../../contract/facts';
import { failureInfoSchema } from '../../contract/failure';
import { messageSchema } from '../../contract/message';
import { reportMasks } from '../../contract/report';
import { runSummarySchema } from '../../contract/run';

/** A value, or why there is none: `not-asked` where nobody has read the node. */
function told<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), value }),
    z.object({ known: z.literal(false), reason: z.enum([...unknownReasons, 'not-asked']) }),
  ]);
}
export type Told<T> =
  { known: true; value: T } | { known: false; reason: (typeof unknownReasons)[number] | 'not-asked' };

const figureSchema = z.object({ value: z.number(), unit: z.string() });

const portSchema = cxPortSchema.extend({
  /** With prefix, e.g. `192.168.100.10/24`. */
  addresses: z.array(z.string()),
});
export type ReportPort = z.infer<typeof portSchema>;

const netplanFileSchema = z.object({
  path: z.string(),
  mode: z.string(),
  /** Not in use: a file of the same name, read later, takes its place. */
  shadowed: z.boolean(),
  /** Names one of the fast ports. */
  fastPorts: z.boolean(),
  problem: z.string().nullable(),
  /** Of files for the fast ports that hold no Wi-Fi; secrets are blanked out when they are read. */
  content: z.string().nullable(),
});

const sshSchema = z.object({
  user: z.string(),
  keys: z.array(z.object({ path: z.string(), type: z.string(), fingerprint: z.string() })),
  /** Lines that let somebody in, and whether one of them is a key of the other node. */
  authorized: z.number(),
  /** null: the other node's keys are not known. */
  letsPeerIn: z.boolean().nullable(),
  /** known_hosts holds a host key of the other node. */
  knowsPeer: z.boolean().nullable(),
});

const nodeSchema = z.object({
  name: z.string(),
  /** Where it is reached for management. */
  host: z.string(),
  port: z.number(),
  user: z.string(),
  hostKey: z.string().nullable(),
  hostname: told(z.string()),
  model: told(z.string()),
  release: told(z.string()),
  os: told(z.string()),
  kernel: told(z.string()),
  gpus: told(z.array(z.string())),
  driver: told(z.string()),
  cuda: told(z.string()),
  /** Of the ConnectX-7, as the newest measurement has it. */
  firmware: told(z.string()),
  memoryBytes: told(z.number()),
  disks: told(z.array(z.object({ mount: z.string(), sizeBytes: z.number(), availableBytes: z.number() }))),
  uptimeSeconds: told(z.number()),
  sudo: told(z.string()),
  firewall: told(z.object({ active: z.boolean(), rules: z.number() })),
  docker: told(z.string().nullable()),
  /** `interface address/prefix`, those of the fast ports left out. */
  addresses: told(z.array(z.object({ interface: z.string(), address: z.string() }))),
  ports: told(z.array(portSchema)),
  netplan: told(z.object({ renderer: z.string().nullable(), files: z.array(netplanFileSchema) })),
  ssh: told(sshSchema),
});
export type ReportNode = z.infer<typeof nodeSchema>;

const end = <T extends z.ZodType>(value: T) => z.tuple([value, value]);
const linkSchema = z.object({
  half: halfSchema.nullable(),
  port: end(z.union([z.literal(0), z.literal(1)]).nullable()),
  netdev: end(z.string()),
  rdma: end(z.string().nullable()),
  address: end(z.string()),
  mtu: end(z.number().nullable()),
});
export type ReportLink = z.infer<typeof linkSchema>;

const benchSchema = z.object({
  id: z.string(),
  /** One of the newest "prove the link". */
  inSuite: z.boolean(),
  startedAt: z.string(),
  request: benchRequestSchema,
  outcome: z.enum(benchOutcomes),
  failure: failureInfoSchema.nullable(),
  figure: figureSchema.nullable(),
  verdict: benchVerdictSchema,
  standing: benchStandingSchema.nullable(),
  warnings: z.array(messageSchema),
  commands: z.array(z.object({ node: z.string(), script: z.string() })),
  /** The end of what was printed; of what is not healthy only. */
  output: z.array(z.object({ node: z.string(), text: z.string() })),
});
export type ReportBench = z.infer<typeof benchSchema>;

/** A report as data, and as the JSON format has it. Every text in it is cleaned and masked. */
export const reportSchema = z.object({
  kind: z.literal('twinspark-report'),
  version: z.literal(1),
  app: z.object({ name: z.literal('Twinspark'), version: z.string() }),
  madeAt: z.string(),
  masked: z.array(z.enum(reportMasks)),
  pair: z.object({ id: z.string().nullable(), practice: z.boolean() }),
  /** When the nodes were read; null when they were not. */
  readAt: z.string().nullable(),
  nodes: z.tuple([nodeSchema, nodeSchema]),
  links: z.array(linkSchema),
  /** Newest first. */
  runs: z.array(runSummarySchema.extend({ startedAt: z.string(), endedAt: z.string().nullable() })),
  suite: z.object({ sentence: messageSchema.nullable(), level: benchVerdictSchema.shape.level }).nullable(),
  benchmarks: z.array(benchSchema),
});
export type Report = z.infer<typeof reportSchema>;
