import { Buffer } from 'node:buffer';

/** Bytes of strict base64, or null: Node's own decoder passes over what it does not know. */
export function decodeBase64(text: string): Buffer | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Buffer.from(text, 'base64');
}
