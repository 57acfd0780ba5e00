import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import ssh2, { type Connection, type ServerChannel, type Session } from 'ssh2';
import { Failure } from '../../core/failure';
import type { NodeAddress } from '../../core/ports';
import type { Caller } from '../machine/node-model';
import type { Machine } from '../shell/run-context';
import { serveExec } from './exec-channel';
import { judgeLogin } from './login';
import { serveTerminal, type TerminalSize } from './terminal';

/** sshd's MaxSessions. */
const maxSessions = 10;

/** The sshd of one practice node: on 127.0.0.1 only, on a port that is free. */
export class PracticeServer {
  readonly #sockets = new Set<Socket>();
  #forget: () => void = () => undefined;

  #listener: Server;
  #closed = false;

  private constructor(
    private readonly machine: Machine,
    listener: Server,
    /** Where the node is reached, with the host key that it has at first. */
    readonly address: NodeAddress,
  ) {
    this.#listener = listener;
  }

  /** @throws Failure INTERNAL when there is no port to listen on */
  static async start(machine: Machine, user: string): Promise<PracticeServer> {
    const { node } = machine;
    const listener = listen(0);
    await once(listener, 'listening');
    const bound = listener.address();
    if (bound === null || typeof bound === 'string') throw new Failure('INTERNAL');
    const hostKey = fingerprint(node.hostKey());
    const address = { name: node.name, host: '127.0.0.1', port: bound.port, user, hostKey };
    const server = new PracticeServer(machine, listener, address);
    listener.on('connection', (socket) => server.#connected(socket));
    server.#forget = node.onPower((event) => {
      if (event === 'off') {
        machine.processes.killAll();
        server.cut();
      }
      server.refresh();
    });
    return server;
  }

  /** Drops every connection, as when the power fails. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Opens or closes the port, as the node's sshd is there or not: who finds it closed is refused at once. */
  refresh(): void {
    const answers = this.machine.node.reachable() && !this.#closed;
    if (answers === this.#listener.listening) return;
    if (!answers) {
      this.#listener.close();
      return;
    }
    this.#listener = listen(this.address.port);
    this.#listener.on('connection', (socket) => this.#connected(socket));
    // Somebody else has taken the port meanwhile: the node stays out of reach, as behind another sshd.
    this.#listener.on('error', () => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#forget();
    this.machine.processes.killAll();
    const closed = this.#listener.listening ? once(this.#listener, 'close') : Promise.resolve();
    this.#listener.close();
    this.cut();
    await closed;
  }

  #connected(socket: Socket): void {
    const { node } = this.machine;
    socket.on('error', () => undefined);
    // The network of the node may have gone without a word to us.
    if (!node.reachable()) {
      socket.resetAndDestroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    // One for each connection: the host key is the one of now.
    const server = new ssh2.Server({ hostKeys: [node.hostKey()] }, (client) => this.#serve(client));
    server.injectSocket(socket);
  }

  #serve(client: Connection): void {
    const { node } = this.machine;
    let caller: Caller | undefined;
    let sessions = 0;
    client.on('error', () => undefined);
    client.on('authentication', (attempt) => judgeLogin(node, attempt, (account) => (caller = account)));
    client.on('session', (accept, reject) => {
      if (caller === undefined || sessions >= maxSessions) {
        reject();
        return;
      }
      sessions++;
      const session = accept();
      session.once('close', () => sessions--);
      this.#session(session, caller);
    });
  }

  #session(session: Session, caller: Caller): void {
    const { machine } = this;
    const size: TerminalSize = { columns: 80, rows: 24 };
    let terminal = false;
    session.on('pty', (accept, _reject, { cols, rows }) => {
      terminal = true;
      resize(size, cols, rows);
      accept();
    });
    session.on('window-change', (accept: (() => void) | undefined, _reject, { cols, rows }) => {
      resize(size, cols, rows);
      accept?.();
    });
    session.on('shell', (accept) => {
      const channel = accept();
      closeOnFailure(channel, serveTerminal({ machine, caller, channel, size, terminal }));
    });
    session.on('exec', (accept, _reject, { command }) => {
      const channel = accept();
      closeOnFailure(channel, serveExec(machine, caller, command, channel));
    });
  }
}

/** A fault of ours ends the channel that it happened on, and nothing else. */
function closeOnFailure(channel: ServerChannel, serving: Promise<void>): void {
  serving.catch(() => channel.close());
}

function listen(port: number): Server {
  return createServer().listen(port, '127.0.0.1');
}

function resize(size: TerminalSize, columns: number, rows: number): void {
  if (columns > 0) size.columns = Math.min(columns, 1000);
  if (rows > 0) size.rows = Math.min(rows, 1000);
}

/** `SHA256:…` of a private key's public half, as OpenSSH prints it. */
function fingerprint(privateKey: string): string {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw new Failure('INTERNAL', {}, { cause: key });
  const hash = createHash('sha256').update(key.getPublicSSH()).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}
