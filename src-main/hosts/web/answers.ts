import { Buffer } from 'node:buffer';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** An answer of one line of text. */
export function plainAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
    body: `${STATUS_CODES[status] ?? status}\n`,
  };
}

/** Writes answers; every one of them, errors too, carries the same security headers. */
export class Answers {
  /** @param always headers of every answer */
  constructor(private readonly always: Readonly<Record<string, string>>) {}

  /** To HEAD, node leaves the body out and keeps its length. */
  send(response: ServerResponse, answer: Answer): void {
    response.writeHead(answer.status, this.#headers(answer)).end(answer.body);
  }

  /** For a connection that has no response object: an upgrade that is refused, or what is no HTTP. */
  refuse(socket: Duplex, status: number): void {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const answer = plainAnswer(status, { connection: 'close' });
    const head = Object.entries(this.#headers(answer)).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.once('finish', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head.join('')}\r\n${String(answer.body)}`,
    );
  }

  #headers({ headers, body }: Answer): Record<string, string> {
    return {
      ...this.always,
      'cache-control': 'no-store',
      // Not where there is nothing to have a length: a 204 must not have one.
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    };
  }
}
