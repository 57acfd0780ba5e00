import { answerSchema, sessionSchema } from '../../src-main/contract/wire';
import { ConnectionGone } from './client';
import type { ConnectionState, RawAnswer, Transport } from './transport';

const firstWaitMs = 250;
const longestWaitMs = 5000;

interface Pending {
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

/** The one-time token in the fragment of the address that the terminal printed; gone from the address at once. */
function takeToken(): string | undefined {
  const token = /^#(?:token=)?([\w.~-]+)$/.exec(location.hash)?.[1];
  // Before anything else can go wrong: it must not end in a bookmark or the history.
  if (token !== undefined) history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}

/**
 * The other half of a session beside its cookie. Kept in storage of this port alone, while browsers send the cookie to
 * every port of this computer.
 */
const keyName = 'twinspark.key';

/**
 * Gives the token, where there is one, for a session. @returns whether this window may in: with this token or with the
 * session that it has; throws TypeError when the server does not answer
 */
async function enter(token: string | undefined): Promise<boolean> {
  const key = localStorage.getItem(keyName);
  const answer = await fetch('session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...(token === undefined ? {} : { token }), ...(key === null ? {} : { key }) }),
  });
  // 204: the session that this window has is good.
  if (answer.status === 200) {
    const session = sessionSchema.parse(await answer.json());
    localStorage.setItem(keyName, session.key);
  }
  return answer.ok;
}

/** Over the loopback server of `twinspark serve`: one WebSocket, opened again after a loss with growing waits. */
export class WebTransport implements Transport {
  readonly #pending = new Map<number, Pending>();
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #opening = false;
  #nextId = 0;
  #waitMs = firstWaitMs;
  #push: (push: unknown) => void = () => undefined;
  #state: (state: ConnectionState) => void = () => undefined;

  start(events: Parameters<Transport['start']>[0]): void {
    this.#push = events.push;
    this.#state = events.state;
    // A new address pasted into this tab changes the fragment only, and the page stays.
    window.addEventListener('hashchange', () => {
      if (this.#socket !== undefined || this.#opening) return;
      clearTimeout(this.#timer);
      void this.#open();
    });
    events.state('connecting');
    void this.#open();
  }

  ask(method: string, params: unknown): Promise<RawAnswer> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new ConnectionGone());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, method, params }));
    });
  }

  async #open(): Promise<void> {
    this.#timer = undefined;
    this.#opening = true;
    try {
      if (await enter(takeToken())) this.#dial();
      else this.#state('denied');
    } catch {
      this.#later();
    } finally {
      this.#opening = false;
    }
  }

  #dial(): void {
    const address = new URL('api', location.href);
    const key = localStorage.getItem(keyName);
    if (key !== null) address.searchParams.set('key', key);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#waitMs = firstWaitMs;
      this.#state('open');
    });
    socket.addEventListener('message', (event) => this.#receive(event.data));
    socket.addEventListener('close', () => {
      this.#socket = undefined;
      for (const { reject } of this.#pending.values()) reject(new ConnectionGone());
      this.#pending.clear();
      this.#later();
    });
  }

  #later(): void {
    this.#state('lost');
    this.#timer = setTimeout(() => void this.#open(), this.#waitMs);
    this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs);
  }

  #receive(data: unknown): void {
    let message: unknown;
    try {
      message = JSON.parse(String(data));
    } catch {
      message = null;
    }
    const isAnswer =
      typeof message === 'object' && message !== null && 'type' in message && message.type === 'answer';
    if (!isAnswer) {
      this.#push(message);
      return;
    }
    const answer = answerSchema.safeParse(message);
    if (!answer.success) {
      // Nobody can tell which question it belongs to: start afresh, so that no question waits for ever.
      this.#socket?.close();
      return;
    }
    const pending = this.#pending.get(answer.data.id);
    this.#pending.delete(answer.data.id);
    pending?.resolve(answer.data);
  }
}
