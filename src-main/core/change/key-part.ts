import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { fourDigits } from './values';

/** One file of a key pair. `key` is the public half, `type base64`; null when it could not be read. */
export const keyPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('other') }),
  z.object({
    type: z.literal('file'),
    mode: z.string(),
    uid: z.number(),
    gid: z.number(),
    owner: z.string(),
    group: z.string(),
    key: z.string().nullable(),
    comment: z.string(),
  }),
]);
export type KeyPart = z.infer<typeof keyPartSchema>;

/** Reads `absent`, `other` or `file MODE UID GID OWNER GROUP [TYPE BASE64 [COMMENT]]`. */
export function parseKeyPart(line: string): KeyPart | null {
  if (line === 'absent' || line === 'other') return { type: line };
  const match = /^file ([0-7]{1,4}) (\d+) (\d+) (\S+) (\S+) ?(.*)$/.exec(line);
  if (!match) return null;
  const [, mode = '', uid, gid, owner = '', group = '', held = ''] = match;
  const key = /^([a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3})(?: (.*))?$/.exec(held);
  return {
    type: 'file',
    mode: fourDigits(mode),
    uid: Number(uid),
    gid: Number(gid),
    owner,
    group,
    key: key?.[1] ?? null,
    comment: key?.[2] ?? '',
  };
}

/** `SHA256:…` of a public key as OpenSSH prints it. */
export function fingerprint(key: string): string {
  const blob = Buffer.from(key.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
