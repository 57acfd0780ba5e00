import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { sessionSchema } from '../../contract/wire';
import { plainAnswer, type Answer } from './answers';
import type { SignIn } from './sign-in';

const BODY_BYTES = 1024;
type Session = z.infer<typeof sessionSchema>;

const secret = z.string().max(256);
/** The token of the address, where it had one; the key of an earlier sign-in, where there was one. */
const bodySchema = z.strictObject({ token: secret.optional(), key: secret.optional() });

/**
 * `POST /session`: a token for a cookie and, with 200, `{ key }`. Who is signed in already stays so with 204, whatever token is given: the
 * printed address may be opened in a second tab. Refused with 403 and `{ reason }`.
 */
export async function enter(request: IncomingMessage, signIn: SignIn): Promise<Answer> {
  // Of the types that a page of another origin may send unasked, this is none.
  if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? '')) return plainAnswer(415);
  const text = await readBody(request);
  if (text === undefined) return plainAnswer(413, { connection: 'close' });
  const body = bodySchema.safeParse(parse(text));
  if (!body.success) return plainAnswer(400);
  const { token, key = '' } = body.data;
  if (signIn.isSignedIn(request.headers.cookie, key)) return { status: 204 };
  if (token === undefined) return plainAnswer(401);
  const entered = signIn.exchange(token);
  if ('refused' in entered) return json(403, { reason: entered.refused });
  return json(200, { key: entered.key } satisfies Session, { 'set-cookie': entered.cookie });
}

function json(status: number, value: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** @returns undefined for a body that is too long */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop must not break the connection: an answer is still to go over it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
