import { Buffer } from 'node:buffer';
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/*
 * SHA512-crypt, the `$6$` of /etc/shadow (Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6), with the
 * fewest rounds that it allows: these passwords guard nothing.
 */
const ROUNDS = 1000;
const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function sha512(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** `bytes` over and over, `length` bytes of it. */
function repeat(bytes: Buffer, length: number): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(length / bytes.length) }, () => bytes)).subarray(
    0,
    length,
  );
}

/** A password as /etc/shadow keeps it. */
export function cryptPassword(password: string, salt = randomBytes(8).toString('hex')): string {
  const key = Buffer.from(password, 'utf8');
  const salted = Buffer.from(salt, 'latin1');
  const alternate = sha512(key, salted, key);
  const bits: Uint8Array[] = [];
  for (let n = key.length; n > 0; n >>= 1) bits.push(n & 1 ? alternate : key);
  let digest = sha512(key, salted, repeat(alternate, key.length), ...bits);
  const p = repeat(sha512(...Array.from({ length: key.length }, () => key)), key.length);
  const s = repeat(sha512(...Array.from({ length: 16 + (digest[0] ?? 0) }, () => salted)), salted.length);
  for (let round = 0; round < ROUNDS; round++) {
    const odd = (round & 1) === 1;
    const parts = [odd ? p : digest];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(odd ? digest : p);
    digest = sha512(...parts);
  }
  return `$6$rounds=${ROUNDS}$${salt}$${encode(digest)}`;
}

/** The algorithm's own base64: groups of three bytes in its own order, six bits at a time from the low end. */
function encode(digest: Buffer): string {
  let text = '';
  const take = (a: number, b: number, c: number, count: number) => {
    let value = (a << 16) | (b << 8) | c;
    for (let n = 0; n < count; n++, value >>= 6) text += ALPHABET[value & 63] ?? '';
  };
  const at = (index: number) => digest[index] ?? 0;
  for (let n = 0; n < 21; n++) {
    const order = [n, n + 21, n + 42];
    const [a = 0, b = 0, c = 0] = [order[n % 3], order[(n + 1) % 3], order[(n + 2) % 3]];
    take(at(a), at(b), at(c), 4);
  }
  take(0, 0, at(63), 2);
  return text;
}

/** Whether a password is the one of a shadow field; a locked or foreign field fits none. */
export function fitsPassword(password: string, field: string): boolean {
  const salt = /^\$6\$rounds=1000\$([^$]{1,16})\$/.exec(field)?.[1];
  if (salt === undefined) return false;
  const [given, kept] = [Buffer.from(cryptPassword(password, salt)), Buffer.from(field)];
  return given.length === kept.length && timingSafeEqual(given, kept);
}
