import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import { readString } from './wire';

/** A private key file as far as it can be read without a passphrase. */
export interface IdentityFile {
  readonly path: string;
  readonly encrypted: boolean;
  /** The public key blob; undefined for an encrypted key of the old format without its `.pub` file. */
  readonly publicKey: Buffer | undefined;
  readonly text: Buffer;
}

/** The file at `path`, or why it cannot be used. The reason never holds any of the file's content. */
export async function readIdentityFile(path: string): Promise<IdentityFile | { readonly unusable: string }> {
  let text: Buffer;
  try {
    text = await readFile(path);
  } catch (error) {
    return { unusable: (error as NodeJS.ErrnoException).code ?? 'unreadable' };
  }
  const open = unlock(text);
  if (open !== undefined) return { path, encrypted: false, publicKey: open.getPublicSSH(), text };
  if (!looksEncrypted(text)) return { unusable: 'format' };
  return { path, encrypted: true, publicKey: publicPart(text) ?? (await readPublicFile(path)), text };
}

/** The private key, or undefined when the passphrase is missing or wrong. */
export function unlock(text: Buffer, passphrase?: string): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return key === undefined || key instanceof Error || !key.isPrivateKey() ? undefined : key;
}

function looksEncrypted(text: Buffer): boolean {
  const head = text.toString('latin1');
  return (
    publicPart(text) !== undefined ||
    /^Proc-Type: 4,ENCRYPTED/m.test(head) ||
    head.includes('BEGIN ENCRYPTED PRIVATE KEY') ||
    /^Encryption: (?!none)/m.test(head)
  );
}

/** OpenSSH's own format keeps the public key in the clear (PROTOCOL.key): no passphrase is needed to offer it. */
function publicPart(text: Buffer): Buffer | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END OPENSSH PRIVATE KEY-----/.exec(
    text.toString('latin1'),
  )?.[1];
  if (body === undefined) return undefined;
  const data = Buffer.from(body, 'base64');
  const magic = 'openssh-key-v1\0';
  if (data.toString('latin1', 0, magic.length) !== magic) return undefined;
  let at = magic.length;
  for (let field = 0; field < 3; field++) {
    const next = readString(data, at)?.next;
    if (next === undefined) return undefined;
    at = next;
  }
  return readString(data, at + 4)?.bytes;
}

async function readPublicFile(path: string): Promise<Buffer | undefined> {
  try {
    const base64 = (await readFile(`${path}.pub`, 'utf8')).trim().split(/\s+/)[1];
    return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  } catch {
    return undefined;
  }
}
