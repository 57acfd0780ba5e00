import { createHash } from 'node:crypto';
import { decodeBase64 } from './base64';

export interface PublicKey {
  readonly type: string;
  /** `type base64` without the comment. */
  readonly publicKey: string;
  /** `SHA256:…` as `ssh-keygen -lf` prints it. */
  readonly fingerprint: string;
}

/**
 * A public key line `type base64 [comment]`, with the fingerprint computed here: one process less per key on the node,
 * and a key is only taken whose inner type is the one that it says. Null for anything else.
 */
export function publicKeyLine(line: string): PublicKey | null {
  const [type = '', blob = ''] = line.trim().split(/[ \t]+/, 2);
  if (!/^[a-z0-9@.-]{4,64}$/.test(type) || blob.length > 16_384) return null;
  const bytes = decodeBase64(blob);
  // RFC 4253, 6.6: the blob starts with its type, as a string with its length before it.
  if (bytes === null || bytes.length < 4 + type.length || bytes.readUInt32BE(0) !== type.length) return null;
  if (bytes.toString('latin1', 4, 4 + type.length) !== type) return null;
  const hash = createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '');
  return { type, publicKey: `${type} ${blob}`, fingerprint: `SHA256:${hash}` };
}

/** `256 SHA256:… comment (ED25519)`, the line of `ssh-keygen -lf`. */
export function fingerprintLine(line: string): { fingerprint: string; type: string } | null {
  const found = /^\d{2,5} (SHA256:[A-Za-z0-9+/]{43}) .{0,1024}\(([A-Z0-9-]{2,32})\)$/.exec(line.trim());
  const [, fingerprint, type = ''] = found ?? [];
  return fingerprint === undefined ? null : { fingerprint, type: type.toLowerCase() };
}
