import { createHash } from 'node:crypto';
import { Buffer } from 'node:buffer';

/** `SHA256:…` of a public key blob, as OpenSSH prints it (base64 without padding). */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The key type that a public key blob starts with (RFC 4253, 6.6), or '' for something that is no key. */
export function keyType(blob: Uint8Array): string {
  return readString(Buffer.from(blob), 0)?.bytes.toString('latin1') ?? '';
}

/** One `string` of the SSH wire format (RFC 4251, 5): its bytes and where the next field starts. */
export function readString(data: Buffer, at: number): { bytes: Buffer; next: number } | undefined {
  if (at + 4 > data.length) return undefined;
  const next = at + 4 + data.readUInt32BE(at);
  return next > data.length ? undefined : { bytes: data.subarray(at + 4, next), next };
}

/** Untrusted text for a failure: nothing is changed but its length. */
export function capped(text: string, limit = 4096): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
