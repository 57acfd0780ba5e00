import { z } from 'zod';

/**
 * What was read of a node. Every fact says the command that gave it; what could not be read is `known: false`
 * with the reason: unreachable is not absent, and an empty list is an answer while "unknown" is none.
 */
export const unknownReasons = [
  'unreachable',
  /** The command, or the file that holds the answer, is not on the node. */
  'command-missing',
  'command-failed',
  'not-permitted',
  'malformed',
  'empty',
  'too-large',
  'timeout',
] as const;

export function fact<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), value, source: z.string() }),
    z.object({
      known: z.literal(false),
      reason: z.enum(unknownReasons),
      detail: z.string(),
      source: z.string(),
    }),
  ]);
}
export type UnknownReason = (typeof unknownReasons)[number];
export type Known<T> = { known: true; value: T; source: string };
export type Unknown = { known: false; reason: UnknownReason; detail: string; source: string };
export type Fact<T> = Known<T> | Unknown;

/**
 * What is at a path. A regular file has no `type`; its `content` is UTF-8 text, and binary or over 256 KiB leaves it
 * out and keeps the hash. Everything else has a `type`, an empty `sha256` and no content: it is never overwritten.
 * In netplan's files secrets are blanked out of `content`; size and hash are those of the file itself.
 */
export const fileStateSchema = z.discriminatedUnion('exists', [
  z.object({ exists: z.literal(false) }),
  z.object({
    exists: z.literal(true),
    type: z.enum(['symlink', 'directory', 'other']).optional(),
    /** Where a symlink points. */
    target: z.string().optional(),
    /** Octal, four digits, e.g. "0600". */
    mode: z.string(),
    uid: z.number(),
    gid: z.number(),
    sizeBytes: z.number(),
    sha256: z.string(),
    content: z.string().optional(),
  }),
]);
export type FileState = z.infer<typeof fileStateSchema>;

export const halfSchema = z.enum(['a', 'b']);
/** PCIe half of a ConnectX-7: `a` is the `enp1…` half, `b` the `enP2p1…` half. */
export type Half = z.infer<typeof halfSchema>;

export const cxPortSchema = z.object({
  /** RDMA device, e.g. `rocep1s0f1`; null where it could not be read. */
  rdma: z.string().nullable(),
  netdev: z.string(),
  up: z.boolean(),
  /** Physical QSFP port 0 (next to the RJ45) or 1; null for names that follow another scheme. */
  port: z.union([z.literal(0), z.literal(1)]).nullable(),
  half: halfSchema.nullable(),
  mac: z.string().nullable(),
  mtu: z.number().nullable(),
  /** Mb/s as ethtool or sysfs says; null when the port has no carrier or it is not readable. */
  speedMbps: z.number().nullable(),
  /** PCIe lanes in use, where readable (4 is healthy). */
  pcieWidth: z.number().nullable(),
});
export type CxPort = z.infer<typeof cxPortSchema>;

export const linkSchema = z.object({
  name: z.string(),
  mac: z.string().nullable(),
  mtu: z.number(),
  /** Administrative state (IFF_UP). */
  enabled: z.boolean(),
  /** Carrier and operational (operstate UP, or UNKNOWN with LOWER_UP). */
  up: z.boolean(),
});
export type NetLink = z.infer<typeof linkSchema>;

export const addressSchema = z.object({
  interface: z.string(),
  family: z.enum(['inet', 'inet6']),
  address: z.string(),
  prefix: z.number(),
  scope: z.string(),
  /** From DHCP or router advertisement rather than set by hand. */
  dynamic: z.boolean(),
});
export type NetAddress = z.infer<typeof addressSchema>;

export const routeSchema = z.object({
  /** CIDR; the default route is `0.0.0.0/0` or `::/0`. */
  destination: z.string(),
  via: z.string().nullable(),
  interface: z.string().nullable(),
});
export type NetRoute = z.infer<typeof routeSchema>;

export const sshKeySchema = z.object({
  /** Path of the private key, without `.pub`. */
  path: z.string(),
  type: z.string(),
  fingerprint: z.string(),
  /** `type base64` without the comment. */
  publicKey: z.string(),
  hasPrivate: z.boolean(),
});
export type SshKey = z.infer<typeof sshKeySchema>;

export const accountSchema = z.object({
  name: z.string(),
  uid: z.number(),
  gid: z.number(),
  home: z.string(),
  shell: z.string(),
  groups: z.array(z.string()),
});
export type Account = z.infer<typeof accountSchema>;

export const nodeFactsSchema = z.object({
  hostname: fact(z.string()),
  /** /etc/dgx-release: the last DGX_OTA_VERSION, else DGX_SWBUILD_VERSION. */
  release: fact(
    z.object({
      name: z.string(),
      version: z.string(),
      build: z.string().nullable(),
      platform: z.string().nullable(),
    }),
  ),
  os: fact(z.object({ id: z.string(), version: z.string(), name: z.string() })),
  kernel: fact(z.object({ release: z.string(), arch: z.string() })),
  uptimeSeconds: fact(z.number()),
  /** Node's clock at the probe, milliseconds since the epoch. */
  clockMs: fact(z.number()),
  /** The login user. */
  account: fact(accountSchema),
  /** Login accounts of people (uid 1000…59999). */
  accounts: fact(z.array(accountSchema)),
  /** `granted` when root commands run (by password or NOPASSWD). */
  sudo: fact(z.enum(['granted', 'denied', 'missing'])),
  memory: fact(z.object({ totalBytes: z.number(), availableBytes: z.number() })),
  disks: fact(
    z.array(
      z.object({
        mount: z.string(),
        sizeBytes: z.number(),
        availableBytes: z.number(),
        readOnly: z.boolean(),
      }),
    ),
  ),
  gpus: fact(
    z.array(
      z.object({
        name: z.string(),
        driver: z.string().nullable(),
        /** MiB; null on GB10, whose memory is unified and "Not Supported". */
        memoryMib: z.number().nullable(),
      }),
    ),
  ),
  cuda: fact(z.string()),
  ports: fact(z.array(cxPortSchema)),
  links: fact(z.array(linkSchema)),
  addresses: fact(z.array(addressSchema)),
  routes: fact(z.array(routeSchema)),
  netplan: fact(
    z.object({
      /** Renderer the node's own files name globally; null when none does. */
      renderer: z.enum(['networkd', 'NetworkManager']).nullable(),
      /** Files of /lib/netplan, /etc/netplan, /run/netplan, in netplan's reading order. */
      files: z.array(
        z.object({
          path: z.string(),
          file: fileStateSchema,
          /** A file of the same name in a folder read later takes this one's place. */
          shadowed: z.boolean().optional(),
          /** Why its text could not be understood; netplan itself will refuse it as well. */
          problem: z.string().optional(),
        }),
      ),
    }),
  ),
  firewall: fact(z.object({ active: z.boolean(), rules: z.array(z.string()) })),
  peers: fact(
    z.array(
      z.object({
        interface: z.string(),
        name: z.string(),
        host: z.string(),
        address: z.string(),
        port: z.number(),
      }),
    ),
  ),
  /** SSH files of the account that the playbook works for. */
  ssh: fact(
    z.object({
      user: z.string(),
      home: z.string(),
      directoryMode: z.string().nullable(),
      keys: z.array(sshKeySchema),
      authorizedKeys: fileStateSchema,
      knownHosts: fileStateSchema,
      config: fileStateSchema,
      /** The node's own host keys, `type base64`. */
      hostKeys: z.array(z.string()),
    }),
  ),
  /** Tools on PATH, by name. */
  tools: fact(z.record(z.string(), z.string())),
});
export type NodeFacts = z.infer<typeof nodeFactsSchema>;
