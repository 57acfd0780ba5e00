import { Buffer } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';

/** How long a printed address lets somebody in, ms. */
export const TOKEN_LIFE_MS = 10 * 60_000;
/** Wrong tries after which an address lets nobody in. The token cannot be guessed; this ends the trying. */
export const WRONG_TRIES = 10;

/** A browser that is closed by mistake in the middle of a run has to be let in again, s; the server's end ends it anyway. */
const COOKIE_LIFE_S = 7 * 24 * 60 * 60;
const SECRET_BYTES = 32;

/** Why a token was not taken. All but `wrong` are told only to whoever has the right one, except that trying has ended. */
export type Refusal = 'wrong' | 'used' | 'expired' | 'locked';

export interface SignInParts {
  /** The cookie's name carries it: browsers send a host's cookies to all of its ports. */
  readonly port: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  /** Too many wrong tokens were tried: from now on no token is taken. */
  readonly locked: () => void;
}

/**
 * Who may in: a token that is printed once and taken once, given for a session that lasts as long as the server. Compared
 * are hashes, which are all of one length, in constant time.
 */
export class SignIn {
  readonly cookieName: string;
  /** base64url, to be shown once. */
  readonly token: string;
  readonly #hash: Buffer;
  readonly #until: number;
  readonly #sessions = new Set<string>();
  #wrong = 0;
  #used = false;

  constructor(private readonly parts: SignInParts) {
    this.cookieName = `twinspark-${parts.port}`;
    this.token = this.#secret();
    this.#hash = hash(this.token);
    this.#until = parts.now() + TOKEN_LIFE_MS;
  }

  /** Gives a token for the value of a Set-Cookie header. */
  exchange(given: string): { cookie: string } | { refused: Refusal } {
    if (this.#wrong >= WRONG_TRIES) return { refused: 'locked' };
    if (!timingSafeEqual(hash(given), this.#hash)) {
      this.#wrong++;
      if (this.#wrong < WRONG_TRIES) return { refused: 'wrong' };
      this.parts.locked();
      return { refused: 'locked' };
    }
    if (this.#used) return { refused: 'used' };
    if (this.parts.now() >= this.#until) return { refused: 'expired' };
    this.#used = true;
    const session = this.#secret();
    this.#sessions.add(hash(session).toString('hex'));
    return {
      cookie: `${this.cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_LIFE_S}`,
    };
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
