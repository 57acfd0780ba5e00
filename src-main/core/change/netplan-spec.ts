import { parse } from 'yaml';
import { z } from 'zod';
import { ipAddress, isPrefix } from '../probe/ip-address';
import { entrySchema, type Entry } from './entry';
import { interfaceSchema, linkStateSchema } from './netplan-link';
import { sha256, split } from './values';

/** Prior contents beyond this many bytes stay on the node: a command carries no more than about 128 KiB. */
export const JOURNAL_LIMIT = 32 * 1024;

/** An address with prefix length (CIDR), in the form in which the kernel prints it. */
export const addressSchema = z
  .string()
  .max(64)
  .refine((text) => shown(text) !== null, 'not an address with a prefix length')
  .transform((text) => shown(text) ?? text);

function shown(text: string): string | null {
  const [, host = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const found = ipAddress(host);
  return found !== null && isPrefix(Number(prefix), found.bits) ? `${found.address}/${Number(prefix)}` : null;
}

const fileSchema = z.object({
  path: z.string().regex(/^\/etc\/netplan\/[A-Za-z0-9][A-Za-z0-9_.-]{0,200}\.yaml$/),
  /** Null takes the file away. Plans and journals hold it: nothing secret. */
  content: z
    .string()
    .max(JOURNAL_LIMIT)
    .refine(
      (text) => !/(^|[\s{,"'])(auth|password|passphrase|psk|private(-key)?)["']?\s*[:=]/im.test(text),
      'a secret',
    )
    .nullable(),
  mode: z.literal('0600'),
});

export const netplanSpecSchema = z.object({
  files: z
    .array(fileSchema)
    .min(1)
    .max(32)
    .refine(
      (files) => new Set(files.map((file) => file.path)).size === files.length,
      'a path is named twice',
    ),
  /** CX-7 ports that the files, old and new, configure. */
  interfaces: z.array(interfaceSchema).min(1).max(32),
  /** After how long the node takes an unconfirmed trial back. */
  seconds: z.number().int().min(5).max(600).default(60),
});
export type NetplanSpec = z.infer<typeof netplanSpecSchema>;
export type NetplanFile = NetplanSpec['files'][number];

export const netplanStateSchema = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      file: entrySchema,
      /** Hash of the file of the same name in /run/netplan, which shadows it; null when there is none. */
      trial: z.string().nullable(),
    }),
  ),
  /** Timers on the node that will take a trial back, or are just doing so. */
  guards: z.array(z.string()),
  /** Copies, scripts and half-written files of ours. */
  leftovers: z.array(z.string()),
  /** What netplan has generated for these interfaces. */
  generated: z.array(z.string()),
  /**
   * Files in /etc/netplan (also others than ours) were edited since netplan last ran: applying ours applies those too,
   * and taking ours back does not make them unapplied again.
   */
  pending: z.boolean(),
  services: z.object({ networkManager: z.boolean(), networkd: z.boolean(), networkdSocket: z.boolean() }),
  links: z.array(linkStateSchema),
  /**
   * Interfaces whose addresses are configured for good and wait for a carrier. Empty while the files are not in
   * place, so that a cable or the other node's port coming up does not make a plan stale.
   */
  waiting: z.array(z.string()),
});
export type NetplanState = z.infer<typeof netplanStateSchema>;

/** The document that stands for "no such file" while a file in /etc is shadowed. */
export const emptyDocument = 'network:\n  version: 2\n';

export function nameOf(path: string): string {
  return split(path).base;
}

export function trialPath(path: string): string {
  return `/run/netplan/${nameOf(path)}`;
}

/** Whether a file's prior content is kept on the node and not in the journal. */
export function staysOnNode(entry: Entry): boolean {
  return entry.type === 'file' && (entry.content === null || entry.sizeBytes > JOURNAL_LIMIT);
}

/** Whether the file in /etc is what the change wants. */
export function isTarget(file: NetplanFile, entry: Entry): boolean {
  if (file.content === null) return entry.type === 'absent';
  return (
    entry.type === 'file' &&
    entry.sha256 === sha256(file.content) &&
    entry.mode === file.mode &&
    entry.uid === 0 &&
    entry.gid === 0
  );
}

/** Addresses (CIDR) that the files give to each of the interfaces. Text that is no YAML gives none: netplan refuses it. */
export function wantedAddresses(spec: NetplanSpec): Map<string, string[]> {
  const wanted = new Map<string, string[]>(spec.interfaces.map((name) => [name, []]));
  for (const { content } of spec.files) {
    for (const [name, addresses] of addressesOf(content ?? '')) wanted.get(name)?.push(...addresses);
  }
  return new Map([...wanted].filter(([, addresses]) => addresses.length > 0));
}

const documentSchema = z.object({
  network: z.object({
    ethernets: z.record(
      z.string(),
      z.object({ addresses: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).optional() }),
    ),
  }),
});

function addressesOf(content: string): [string, string[]][] {
  let document: unknown;
  try {
    document = parse(content, { maxAliasCount: 20 });
  } catch {
    return [];
  }
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) return [];
  return Object.entries(parsed.data.network.ethernets).map(([name, { addresses = [] }]) => [
    name,
    addresses
      .flatMap((address) => (typeof address === 'string' ? [address] : Object.keys(address)))
      .flatMap((address) => shown(address) ?? []),
  ]);
}
