import { Buffer } from 'node:buffer';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { AppService } from '../../app/service';
import type { FailureInfo } from '../../contract/failure';
import { limits } from '../../contract/limits';
import { requestSchema, type Answer, type Push } from '../../contract/wire';
import { Failure, toFailure } from '../../core/failure';

/** Close codes of RFC 6455 and its registry. */
export const closeCode = { goingAway: 1001, notText: 1003, notUnderstood: 1008, tooBig: 1009, tooSlow: 1013 };

export interface WindowBounds {
  /** Questions of one window that may be under way; more wait in the socket. */
  readonly questions: number;
  /** Bytes waiting for a window from which on it is behind: it gets the newest state instead of every state. */
  readonly behindBytes: number;
  /** Bytes waiting for a window at which it is given up: it may come back for a snapshot. */
  readonly mostBytes: number;
}

export const windowBounds: WindowBounds = {
  questions: 64,
  behindBytes: 8 * 1024 * 1024,
  mostBytes: 64 * 1024 * 1024,
};

/** Bytes of the largest message that is read at all: no character of UTF-16 needs more than three bytes in UTF-8. */
export const largestMessageBytes = limits.requestCharacters * 3;

/** What has to be right for an answer to find its question. */
const namedSchema = z.object({ id: requestSchema.shape.id });

/**
 * One window: JSON texts over a WebSocket. What cannot be understood is answered where it names itself by an id, and ends
 * the connection where not.
 */
export class WindowSocket {
  readonly #unsubscribe: () => void;
  readonly #waiting: string[] = [];
  /** What a window that is behind has yet to be told, the newest of each kind, oldest first. */
  readonly #held = new Map<string, Push>();
  #questions = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly app: Pick<AppService, 'ask' | 'subscribe'>,
    private readonly bounds: WindowBounds = windowBounds,
  ) {
    // At once: what arrives before somebody listens is lost.
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    // A breach of the protocol or of the size limit; the socket is being closed, and `close` follows.
    socket.on('error', () => undefined);
    this.#unsubscribe = app.subscribe((push) => this.#tell(push));
    socket.on('close', () => {
      this.#unsubscribe();
      this.#waiting.length = 0;
      this.#held.clear();
    });
  }

  #receive(data: RawData, isBinary: boolean): void {
    // A window that is being sent away has nothing more to ask.
    if (this.socket.readyState !== this.socket.OPEN) return;
    // A text comes as one Buffer, since the socket's binaryType is the default.
    if (isBinary || !Buffer.isBuffer(data)) {
      this.#dismiss(closeCode.notText);
      return;
    }
    const text = data.toString('utf8');
    if (text.length > limits.requestCharacters) {
      this.#dismiss(closeCode.tooBig);
      return;
    }
    this.#waiting.push(text);
    this.#work();
  }

  /** Takes what waits, as far as the bounds allow; meanwhile the window's own socket holds it back. */
  #work(): void {
    while (!this.#isFull()) {
      const text = this.#waiting.shift();
      if (text === undefined) break;
      this.#take(text);
    }
    const isOpen = this.socket.readyState === this.socket.OPEN;
    if (isOpen && (this.#isFull() || this.#waiting.length > 0)) this.socket.pause();
    else this.socket.resume();
  }

  #isFull(): boolean {
    return this.#questions >= this.bounds.questions || this.#isBehind();
  }

  #isBehind(): boolean {
    return this.socket.bufferedAmount > this.bounds.behindBytes;
  }

  #take(text: string): void {
    const message = parse(text);
    const request = requestSchema.safeParse(message);
    if (request.success) {
      void this.#answer(request.data.id, request.data.method, request.data.params);
      return;
    }
    const named = namedSchema.safeParse(message);
    if (named.success) this.#fail(named.data.id, new Failure('BAD_REQUEST', { reason: 'message' }).info);
    else this.#dismiss(closeCode.notUnderstood);
  }

  async #answer(id: number, method: string, params: unknown): Promise<void> {
    this.#questions++;
    try {
      const answer = await this.app.ask(method, params);
      this.#send({ type: 'answer', id, ...answer });
    } catch (error) {
      this.#fail(id, toFailure(error).info);
    } finally {
      this.#questions--;
      this.#work();
    }
  }

  #fail(id: number, failure: FailureInfo): void {
    this.#send({ type: 'answer', id, failure });
  }

  /**
   * A window that is behind is told the newest of each slice once it has caught up. It sees by the numbers that
   * something is missing and asks for a snapshot. Terminals wait for the window by themselves and are never left out.
   */
  #tell(push: Push): void {
    if (push.type === 'terminal' || (!this.#isBehind() && this.#held.size === 0)) {
      this.#send(push);
      return;
    }
    const kind = push.type === 'slice' ? `slice ${push.slice}` : 'log';
    // Behind all others: they go out by their numbers.
    this.#held.delete(kind);
    this.#held.set(kind, push);
  }

  #send(message: Answer | Push): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    const text = JSON.stringify(message);
    if (socket.bufferedAmount + text.length > this.bounds.mostBytes) {
      // A window that still reads gets to the reason, behind all that waits; another one is cut off by a time limit.
      this.#dismiss(closeCode.tooSlow);
      return;
    }
    socket.send(text, () => this.#sent());
  }

  #sent(): void {
    if (this.#isBehind()) return;
    for (const [kind, push] of this.#held) {
      if (this.#isBehind()) break;
      this.#held.delete(kind);
      this.#send(push);
    }
    this.#work();
  }

  #dismiss(code: number): void {
    this.#waiting.length = 0;
    this.socket.close(code);
    // Its goodbye has to be read.
    this.socket.resume();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
