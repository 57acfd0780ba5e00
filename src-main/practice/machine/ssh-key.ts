import { Buffer } from 'node:buffer';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';

/** An ed25519 key as OpenSSH keeps it. */
export interface SshKey {
  /** `ssh-ed25519 BASE64` */
  readonly publicKey: string;
  readonly comment: string;
  /** 32 bytes each. */
  readonly seed: Buffer;
  readonly point: Buffer;
}

const TYPE = 'ssh-ed25519';
const MAGIC = 'openssh-key-v1\0';
const ARMOUR = ['-----BEGIN OPENSSH PRIVATE KEY-----', '-----END OPENSSH PRIVATE KEY-----'] as const;
/** DER before the 32 bytes of an ed25519 private key (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function makeKey(comment: string): SshKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return fromSeed(privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32), comment);
}

function fromSeed(seed: Buffer, comment: string): SshKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), type: 'pkcs8', format: 'der' });
  const point = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
  return { publicKey: `${TYPE} ${blob(point).toString('base64')}`, comment, seed, point };
}

function text(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function blob(point: Uint8Array): Buffer {
  return Buffer.concat([text(TYPE), text(point)]);
}

/** The private key file, without a passphrase (OpenSSH's PROTOCOL.key). */
export function privateKeyFile({ comment, seed, point }: SshKey): string {
  const check = randomBytes(4);
  const secret = [check, check, text(TYPE), text(point), text(Buffer.concat([seed, point])), text(comment)];
  const length = secret.reduce((sum, part) => sum + part.length, 0);
  const padding = Buffer.from(Array.from({ length: (8 - (length % 8)) % 8 }, (_, index) => index + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  const body = Buffer.concat([
    Buffer.from(MAGIC),
    text('none'),
    text('none'),
    text(''),
    count,
    text(blob(point)),
    text(Buffer.concat([...secret, padding])),
  ]);
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return [ARMOUR[0], ...lines, ARMOUR[1], ''].join('\n');
}

/** Reads what {@link privateKeyFile} writes; null for anything else, a key with a passphrase included. */
export function readPrivateKey(file: string): SshKey | null {
  const lines = file.trim().split('\n');
  if (lines[0] !== ARMOUR[0] || lines.at(-1) !== ARMOUR[1]) return null;
  const reader = new Reader(Buffer.from(lines.slice(1, -1).join(''), 'base64'));
  if (reader.raw(MAGIC.length)?.toString('latin1') !== MAGIC) return null;
  const cipher = reader.string();
  reader.string();
  reader.string();
  reader.raw(4);
  reader.string();
  const secret = new Reader(reader.string() ?? Buffer.alloc(0));
  if (cipher?.toString('latin1') !== 'none') return null;
  const [check, again] = [secret.raw(4), secret.raw(4)];
  if (!check || !again || !check.equals(again)) return null;
  const type = secret.string()?.toString('latin1');
  secret.string();
  const pair = secret.string();
  const comment = secret.string();
  if (type !== TYPE || pair?.length !== 64 || !comment) return null;
  return fromSeed(pair.subarray(0, 32), comment.toString('utf8'));
}

class Reader {
  #at = 0;
  constructor(private readonly bytes: Buffer) {}

  raw(length: number): Buffer | undefined {
    if (this.#at + length > this.bytes.length) return undefined;
    return this.bytes.subarray(this.#at, (this.#at += length));
  }

  string(): Buffer | undefined {
    const length = this.raw(4)?.readUInt32BE();
    return length === undefined ? undefined : this.raw(length);
  }
}

/** A public key line `[options] TYPE BASE64 [COMMENT]` whose inner type is the one that it says; null for anything else. */
export function readPublicKey(line: string): { publicKey: string; type: string; comment: string } | null {
  const found = /(?:^|\s)((?:ssh|ecdsa|sk)-[a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,3})(?:\s+(.*))?$/.exec(
    line.trim(),
  );
  const [, type = '', data = '', comment = ''] = found ?? [];
  const inner = new Reader(Buffer.from(data, 'base64'));
  if (found === null || inner.string()?.toString('latin1') !== type) return null;
  const whole = type !== TYPE || (inner.string()?.length === 32 && inner.raw(1) === undefined);
  return whole ? { publicKey: `${type} ${data}`, type, comment } : null;
}

/** `SHA256:…` as OpenSSH prints it. */
export function fingerprint(publicKey: string): string {
  const bytes = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`;
}
