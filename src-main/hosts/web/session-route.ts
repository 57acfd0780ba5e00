import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { plainAnswer, type Answer } from './answers';
import type { SignIn } from './sign-in';

const BODY_BYTES = 1024;
/** A window that has its cookie has no token to give. */
const bodySchema = z.strictObject({ token: z.string().max(256).optional() });

/**
 * `POST /session`: a token for a cookie. Who is signed in already stays so, whatever token is given: the printed address
 * may be opened in a second tab. Refused with 403 and `{ reason }`.
 */
export async function enter(request: IncomingMessage, signIn: SignIn): Promise<Answer> {
  // Of the types that a page of another origin may send unasked, this is none.
  if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? '')) return plainAnswer(415);
  const text = await readBody(request);
  if (text === undefined) return plainAnswer(413, { connection: 'close' });
  const body = bodySchema.safeParse(parse(text));
  if (!body.success) return plainAnswer(400);
  if (signIn.isSignedIn(request.headers.cookie)) return { status: 204 };
  const { token } = body.data;
  if (token === undefined) return plainAnswer(401);
  const entered = signIn.exchange(token);
  if ('cookie' in entered) return { status: 204, headers: { 'set-cookie': entered.cookie } };
  return {
    status: 403,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ reason: entered.refused }),
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
