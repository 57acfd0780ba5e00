import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { AppService } from '../../app/service';
import { SystemClock } from '../../adapters/laptop/system-clock';
import { Failure } from '../../core/failure';
import type { Clock } from '../../core/ports';
import { securityHeaders } from '../content-security-policy';
import { Answers, plainAnswer, type Answer } from './answers';
import { readBuiltFiles, type BuiltFile } from '../built-files';
import { isFromOwnPage, mayRead, ownHost, ownHosts } from './request-checks';
import { enter } from './session-route';
import { SignIn } from './sign-in';
import {
  closeCode,
  largestMessageBytes,
  windowBounds,
  WindowSocket,
  type WindowBounds,
} from './window-socket';

/** Windows that may be open at once. */
const WINDOWS = 32;
/** How long a window has to say goodbye, ms. */
const GOODBYE_MS = 500;

export interface WebServerOptions {
  readonly app: Pick<AppService, 'ask' | 'subscribe'>;
  /** Folder of the built window. */
  readonly files: string;
  /** A free one when absent. */
  readonly port?: number;
  /** Told what happens at the door: somebody came in, or too many wrong tokens have shut it. */
  readonly told?: (event: 'entered' | 'locked') => void;
  readonly clock?: Clock;
  readonly random?: (bytes: number) => Uint8Array;
  readonly bounds?: WindowBounds;
}

export interface WebServer {
  readonly port: number;
  /** Lets in one browser, for a few minutes: the token is in the fragment, which browsers send to nobody. */
  readonly url: string;
  /** Sends the windows away and frees the port. The app goes on. */
  close(): Promise<void>;
}

/**
 * The window over a server for this computer alone.
 * @throws Failure SERVER_PORT_BUSY (params: port), INTERNAL when the window has not been built
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const files = await readBuiltFiles(options.files);
  // Some of what node would answer by itself is left to us, so that every answer has our headers.
  const server = createServer({ requireHostHeader: false, headersTimeout: 10_000, requestTimeout: 10_000 });
  const port = await listen(server, options.port ?? 0);
  return new LoopbackServer(server, port, files, options);
}

class LoopbackServer implements WebServer {
  readonly url: string;
  readonly #sockets: WebSocketServer;
  readonly #signIn: SignIn;
  readonly #answers: Answers;

  constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly files: ReadonlyMap<string, BuiltFile>,
    private readonly options: WebServerOptions,
  ) {
    const clock = this.#clock;
    this.#signIn = new SignIn({
      port,
      now: () => clock.now(),
      random: options.random ?? randomBytes,
      locked: () => options.told?.('locked'),
    });
    this.url = `http://127.0.0.1:${port}/#token=${this.#signIn.token}`;
    this.#answers = new Answers(securityHeaders(ownHosts(port).map((host) => `ws://${host}`)));
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: largestMessageBytes,
      // On loopback it costs time, and a shared compressor mixes secrets with what others can choose.
      perMessageDeflate: false,
    });
    this.#sockets.on('wsClientError', (_error, socket) => this.#answers.refuse(socket, 400));
    server.on('request', (request, response) => void this.#serve(request, response));
    server.on('checkExpectation', (_request, response) => this.#answers.send(response, plainAnswer(417)));
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    server.on('clientError', (_error, socket) => this.#answers.refuse(socket, 400));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const { clients } = this.#sockets;
    const gone = [...clients].map((client) => new Promise((resolve) => client.once('close', resolve)));
    for (const client of clients) client.close(closeCode.goingAway);
    const waiting = new AbortController();
    await Promise.race([
      Promise.all(gone),
      this.#clock.sleep(GOODBYE_MS, waiting.signal).catch(() => undefined),
    ]);
    waiting.abort();
    for (const client of clients) client.terminate();
    this.server.closeAllConnections();
    await closed;
  }

  get #clock(): Clock {
    return this.options.clock ?? new SystemClock();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A request that breaks off in the middle of its body has nobody left to answer.
    const answer = await this.#answer(request).catch(() => plainAnswer(400));
    this.#answers.send(response, answer);
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const host = ownHost(request, this.port);
    if (host === undefined) return plainAnswer(421);
    const path = pathOf(request);
    if (path === '/session') {
      if (request.method !== 'POST') return plainAnswer(405, { allow: 'POST' });
      if (!isFromOwnPage(request, host)) return plainAnswer(403);
      const answer = await enter(request, this.#signIn);
      if (answer.headers?.['set-cookie'] !== undefined) this.options.told?.('entered');
      return answer;
    }
    if (path === '/api') return this.#isSignedIn(request) ? plainAnswer(426, upgrade) : plainAnswer(401);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead) return plainAnswer(405, { allow: 'GET, HEAD' });
    if (!mayRead(request)) return plainAnswer(403);
    const file = this.files.get(path);
    if (!file) return plainAnswer(404);
    return {
      status: 200,
      headers: { 'content-type': file.type, 'cache-control': file.cacheControl },
      body: file.body,
    };
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Uint8Array): void {
    const refusal = this.#upgradeRefusal(request);
    if (refusal !== undefined) {
      this.#answers.refuse(socket, refusal);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, Buffer.from(head), (client) => {
      new WindowSocket(client, this.options.app, this.options.bounds ?? windowBounds);
    });
  }

  /** The status with which a WebSocket is refused. */
  #upgradeRefusal(request: IncomingMessage): number | undefined {
    const host = ownHost(request, this.port);
    if (host === undefined) return 421;
    if (pathOf(request) !== '/api') return 404;
    if (!isFromOwnPage(request, host)) return 403;
    if (!this.#isSignedIn(request)) return 401;
    return this.#sockets.clients.size >= WINDOWS ? 503 : undefined;
  }

  #isSignedIn(request: IncomingMessage): boolean {
    return this.#signIn.isSignedIn(request.headers.cookie, keyOf(request));
  }
}

const upgrade = { connection: 'Upgrade, close', upgrade: 'websocket' };

/** The path as it was sent, without the query: nothing is decoded or made shorter. */
function pathOf(request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '';
}

/** The key that our page gives with `/api?key=…`: an address of a WebSocket is in no history and in no Referer. */
function keyOf(request: IncomingMessage): string {
  return new URLSearchParams(request.url?.split('?', 2)[1]).get('key') ?? '';
}

/** @returns the port */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE' ? new Failure('SERVER_PORT_BUSY', { port }, { cause: error }) : error,
      );
    });
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  return (server.address() as AddressInfo).port;
}
