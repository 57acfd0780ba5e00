import { Buffer } from 'node:buffer';
import { connect, type Socket } from 'node:net';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import type { Push } from '../../../../src-main/contract/wire';
import { startWebServer, type WebServer, type WebServerOptions } from '../../../../src-main/hosts/web/server';

/** An app that answers what the test says and notes what it was asked. */
export class DoubleApp {
  readonly asked: { method: string; params: unknown }[] = [];
  readonly sinks = new Set<(push: Push) => void>();
  answer: WebServerOptions['app']['ask'] = (method, params) =>
    Promise.resolve({ result: { method, params } });

  readonly ask: WebServerOptions['app']['ask'] = (method, params) => {
    this.asked.push({ method, params });
    return this.answer(method, params);
  };

  readonly subscribe = (sink: (push: Push) => void): (() => void) => {
    this.sinks.add(sink);
    return () => this.sinks.delete(sink);
  };

  push(push: Push): void {
    for (const sink of this.sinks) sink(push);
  }
}

export const INDEX = '<!doctype html><title>Twinspark</title>';

/** A folder as the build leaves it, with a secret beside it that nobody may get. */
export async function builtFolder(): Promise<string> {
  const base = await mkdtemp(path.join(tmpdir(), 'twinspark-web-'));
  onTestFinished(() => rm(base, { recursive: true }));
  const folder = path.join(base, 'renderer');
  await mkdir(path.join(folder, 'assets'), { recursive: true });
  await writeFile(path.join(base, 'package.json'), 'beside the folder');
  await writeFile(path.join(folder, 'index.html'), INDEX);
  await writeFile(path.join(folder, 'icon.svg'), '<svg/>');
  await writeFile(path.join(folder, 'assets', 'main-AbCd1234.js'), 'export {};');
  await writeFile(path.join(folder, 'assets', 'main-AbCd1234.js.map'), '{}');
  return folder;
}

export async function serveDouble(options: Partial<WebServerOptions> = {}) {
  const app = new DoubleApp();
  const server = await startWebServer({ app, files: await builtFolder(), ...options });
  onTestFinished(() => server.close());
  return { app, server, port: server.port, own: ownHeaders(server.port) };
}

/** What our own page's requests carry. */
export function ownHeaders(port: number): Record<string, string> {
  return { Host: `127.0.0.1:${port}`, Origin: `http://127.0.0.1:${port}` };
}

export function tokenOf(url: string): string {
  return new URL(url).hash.replace('#token=', '');
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request to the byte, as no client library would, and reads the answer until the server closes. */
export async function send(
  port: number,
  method: string,
  target: string,
  headers: Record<string, string | string[]>,
  body = '',
): Promise<RawAnswer> {
  const lines = Object.entries({ Connection: 'close', ...headers }).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\r\n`),
  );
  const length = body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  return sendBytes(port, `${method} ${target} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`);
}

export async function sendBytes(port: number, bytes: string): Promise<RawAnswer> {
  const socket: Socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    // A switch of protocols goes on without an end.
    if (text.startsWith('HTTP/1.1 101')) socket.destroy();
  });
  const closed = once(socket, 'close');
  socket.write(bytes, 'latin1');
  await closed;
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [status = '', ...fields] = head.split('\r\n');
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
  }
  return {
    status: Number(status.split(' ')[1]),
    headers,
    body: rest.join('\r\n\r\n'),
  };
}

export function postToken(port: number, token: string, headers: Record<string, string | string[]>) {
  const body = JSON.stringify({ token });
  return send(port, 'POST', '/session', { 'Content-Type': 'application/json', ...headers }, body);
}

/** What a browser that has come in holds. */
export interface Session {
  readonly cookie: string;
  readonly key: string;
  /** Where its WebSocket goes. */
  readonly api: string;
}

export async function signIn(server: Pick<WebServer, 'url' | 'port'>): Promise<Session> {
  return sessionOf(await postToken(server.port, tokenOf(server.url), ownHeaders(server.port)));
}

export function sessionOf(answer: RawAnswer): Session {
  const { key } = JSON.parse(answer.body) as { key: string };
  return { cookie: answer.headers['set-cookie']?.split(';')[0] ?? '', key, api: `/api?key=${key}` };
}

export const upgradeHeaders = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** A window with its messages in the order in which they came. */
export class TestWindow {
  readonly #messages: Record<string, unknown>[] = [];
  #wake: () => void = () => undefined;
  readonly closed: Promise<number>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.#messages.push(JSON.parse((data as Buffer).toString('utf8')) as Record<string, unknown>);
      this.#wake();
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', resolve));
  }

  static async open(
    server: Pick<WebServer, 'port'>,
    session: Session,
    options: ClientOptions = {},
  ): Promise<TestWindow> {
    const { port } = server;
    const headers = { ...ownHeaders(port), Cookie: session.cookie };
    const socket = new WebSocket(`ws://127.0.0.1:${port}${session.api}`, {
      headers,
      perMessageDeflate: false,
      ...options,
    });
    const window = new TestWindow(socket);
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    return window;
  }

  async next(): Promise<Record<string, unknown>> {
    for (;;) {
      const message = this.#messages.shift();
      if (message) return message;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  ask(id: number, method = 'app.snapshot', params: unknown = {}): void {
    this.socket.send(JSON.stringify({ id, method, params }));
  }
}
