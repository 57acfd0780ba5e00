import { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';

/** How long a printed address lets somebody in, ms. */
export const TOKEN_LIFE_MS = 10 * 60_000;
/** Wrong tries after which an address lets nobody in. The token cannot be guessed; this ends the trying. */
export const WRONG_TRIES = 10;

const SECRET_BYTES = 32;

/** Why a token was not taken. All but `wrong` are told only to whoever has the right one, except that trying has ended. */
export type Refusal = 'wrong' | 'used' | 'expired' | 'locked';

export interface SignInParts {
  /** The cookie's name carries it: browsers send a host's cookies to all of its ports. */
  readonly port: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
}

/**
 * Who may in: a token that is printed once and taken once, given for a session that lasts as long as the server. Kept are
 * hashes alone, and compared are hashes of one length, in constant time.
 */
export class SignIn {
  readonly cookieName: string;
  readonly #sessions = new Set<string>();
  #token: { readonly hash: Buffer; readonly until: number; wrong: number; used: boolean } | undefined;

  constructor(private readonly parts: SignInParts) {
    this.cookieName = `twinspark-${parts.port}`;
  }

  /** A new token, base64url; the one before it lets nobody in any more. */
  issue(): string {
    const token = this.#secret();
    this.#token = { hash: hash(token), until: this.parts.now() + TOKEN_LIFE_MS, wrong: 0, used: false };
    return token;
  }

  /** Gives a token for the value of a Set-Cookie header. */
  exchange(given: string): { cookie: string } | { refused: Refusal } {
    const token = this.#token;
    if (!token || token.wrong >= WRONG_TRIES) return { refused: 'locked' };
    if (!timingSafeEqual(hash(given), token.hash)) {
      token.wrong++;
      return { refused: token.wrong >= WRONG_TRIES ? 'locked' : 'wrong' };
    }
    if (token.used) return { refused: 'used' };
    if (this.parts.now() >= token.until) return { refused: 'expired' };
    token.used = true;
    const session = this.#secret();
    this.#sessions.add(hash(session).toString('hex'));
    return { cookie: `${this.cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/` };
  }

  /** Whether a Cookie header holds a session of ours. Another port's page may have set a cookie of the same name besides. */
  isSignedIn(header: string | undefined): boolean {
    return (header ?? '').split(';').some((pair) => {
      const [name, value] = [
        pair.slice(0, pair.indexOf('=')).trim(),
        pair.slice(pair.indexOf('=') + 1).trim(),
      ];
      return name === this.cookieName && this.#sessions.has(hash(value).toString('hex'));
    });
  }

  #secret(): string {
    return Buffer.from(this.parts.random(SECRET_BYTES)).toString('base64url');
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
