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
 *
 * A session is a cookie and a key, and only both together let in. Browsers send the cookie to every port of this computer, so
 * whoever serves a page on another one may read it; but scripts never can. The key is with our page's script, in storage that is of
 * this port alone; but it is never sent unasked.
 */
export class SignIn {
  readonly cookieName: string;
  /** base64url, to be shown once. */
  readonly token: string;
  readonly #hash: Buffer;
  readonly #until: number;
  /** Hash of a session's key by the hash of its cookie's value. */
  readonly #sessions = new Map<string, Buffer>();
  #wrong = 0;
  #used = false;

  constructor(private readonly parts: SignInParts) {
    this.cookieName = `twinspark-${parts.port}`;
    this.token = this.#secret();
    this.#hash = hash(this.token);
    this.#until = parts.now() + TOKEN_LIFE_MS;
  }

  /** Gives a token for the value of a Set-Cookie header, and a key. */
  exchange(given: string): { cookie: string; key: string } | { refused: Refusal } {
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
    const [session, key] = [this.#secret(), this.#secret()];
    this.#sessions.set(hash(session).toString('hex'), hash(key));
    return {
      key,
      cookie: `${this.cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_LIFE_S}`,
    };
  }

  /**
   * Whether a Cookie header and a key are one session of ours. Another port's page may have set a cookie of the same name
   * besides.
   */
  isSignedIn(header: string | undefined, key: string): boolean {
    return (header ?? '').split(';').some((pair) => {
      const equals = pair.indexOf('=');
      if (pair.slice(0, equals).trim() !== this.cookieName) return false;
      const expected = this.#sessions.get(hash(pair.slice(equals + 1).trim()).toString('hex'));
      return expected !== undefined && timingSafeEqual(hash(key), expected);
    });
  }

  #secret(): string {
    return Buffer.from(this.parts.random(SECRET_BYTES)).toString('base64url');
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
