import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { KnownHosts } from '../../../../src-main/adapters/ssh2/known-hosts';
import { SshConfig } from '../../../../src-main/adapters/ssh2/ssh-config';
import { fingerprint, keyType } from '../../../../src-main/adapters/ssh2/wire';
import type { UnknownHostKey } from '../../../../src-main/core/ports';
import { connector, FakeClock, folder, refuseKeys, removeFolders, ScriptedSecrets } from './fixtures/laptop';
import { newKey, NodeServer, type NodeServerOptions, publicBlob } from './fixtures/node-server';

const servers: NodeServer[] = [];
const plain: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  for (const server of plain.splice(0)) server.close();
});
afterAll(removeFolders);

async function serve(options: NodeServerOptions = {}): Promise<NodeServer> {
  const server = await NodeServer.start(options);
  servers.push(server);
  return server;
}

/** A server that takes connections and does what `serve` says. */
async function listen(serve: (socket: Socket) => void) {
  const server = createServer(serve).listen(0, '127.0.0.1');
  plain.push(server);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { name: 'spark-a', host: '127.0.0.1', port: address.port, user: 'nvidia' };
}

const line = (server: NodeServer, key: Buffer, marker = '') =>
  `${marker}[127.0.0.1]:${server.address.port} ${keyType(key)} ${key.toString('base64')}\n`;

async function knowing(text: string): Promise<KnownHosts> {
  const dir = await folder();
  await writeFile(join(dir, 'known_hosts'), text);
  return new KnownHosts({ files: [join(dir, 'known_hosts')], ownFile: join(dir, 'own') });
}

describe('a host key', () => {
  const key = newKey();
  const blob = publicBlob(key);

  it('that is unknown is asked about, then written down and known', async () => {
    const server = await serve({ hostKeys: [key] });
    const home = await folder();
    const asked: UnknownHostKey[] = [];
    const hostKeys = { accept: (it: UnknownHostKey) => Promise.resolve(asked.push(it) > 0) };
    for (let round = 0; round < 2; round++) {
      const session = await (await connector({ home, hostKeys })).connect(server.address);
      expect(session.hostKey).toBe(fingerprint(blob));
      await session.close();
    }
    const { host, port } = server.address;
    expect(asked).toEqual([
      { node: 'spark-a', host, port, keyType: 'ssh-ed25519', fingerprint: fingerprint(blob) },
    ]);
    expect(await readFile(join(home, 'twinspark', 'known_hosts'), 'utf8')).toBe(line(server, blob));
  });

  it('that is unknown and not accepted ends the connection before any login', async () => {
    const server = await serve({ hostKeys: [key] });
    await expect((await connector({ hostKeys: refuseKeys })).connect(server.address)).rejects.toMatchObject({
      info: { code: 'HOST_KEY_UNKNOWN', node: 'spark-a', params: { fingerprint: fingerprint(blob) } },
    });
    expect(server.logins).toBe(0);
  });

  it('that has changed is a hard stop which says what was expected and where', async () => {
    const server = await serve({ hostKeys: [key] });
    const old = publicBlob(newKey());
    const knownHosts = await knowing(line(server, old));
    await expect((await connector({ knownHosts })).connect(server.address)).rejects.toMatchObject({
      info: {
        code: 'HOST_KEY_CHANGED',
        params: {
          expected: fingerprint(old),
          fingerprint: fingerprint(blob),
          keyType: 'ssh-ed25519',
          name: `[${server.address.host}]:${server.address.port}`,
          file: expect.stringMatching(/known_hosts$/) as string,
        },
      },
    });
  });

  it('that is revoked is a hard stop', async () => {
    const server = await serve({ hostKeys: [key] });
    const knownHosts = await knowing(line(server, blob) + line(server, blob, '@revoked '));
    await expect((await connector({ knownHosts })).connect(server.address)).rejects.toMatchObject({
      code: 'HOST_KEY_REVOKED',
    });
  });

  it('of a known type is asked for first, so that a host with several can be compared', async () => {
    const ecdsa = newKey('ecdsa');
    const server = await serve({ hostKeys: [key, ecdsa] });
    const knownHosts = await knowing(line(server, publicBlob(ecdsa)));
    const session = await (await connector({ knownHosts, hostKeys: refuseKeys })).connect(server.address);
    expect(session.hostKey).toBe(fingerprint(publicBlob(ecdsa)));
    await session.close();
  });

  it('can be pinned, also to a type that the host does not show first', async () => {
    const rsa = newKey('rsa');
    const server = await serve({ hostKeys: [key, rsa] });
    const hostKey = fingerprint(publicBlob(rsa));
    const it = await connector({ hostKeys: refuseKeys });
    const session = await it.connect({ ...server.address, hostKey });
    expect(session.hostKey).toBe(hostKey);
    await session.close();
    const wrong = { ...server.address, hostKey: fingerprint(publicBlob(newKey())) };
    await expect(it.connect(wrong)).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
  });
});

describe('what cannot be reached', () => {
  it('is a name that does not resolve', async () => {
    const node = { name: 'a', host: 'no-such-host.invalid', port: 22, user: 'me' };
    await expect((await connector()).connect(node)).rejects.toMatchObject({
      info: { code: 'NAME_NOT_RESOLVED', params: { host: 'no-such-host.invalid' } },
    });
  });

  it('is a port that refuses', async () => {
    const node = await listen(() => undefined);
    await new Promise((resolve) => plain.pop()?.close(resolve));
    await expect((await connector()).connect(node)).rejects.toMatchObject({
      info: { code: 'NODE_UNREACHABLE', params: { reason: 'refused', port: node.port } },
    });
  });

  it('is something that does not speak SSH', async () => {
    const node = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect((await connector()).connect(node)).rejects.toMatchObject({ code: 'SSH_PROTOCOL' });
  });

  it('is a server without a common algorithm', async () => {
    const server = await serve({ algorithms: { kex: ['diffie-hellman-group1-sha1'] } });
    await expect((await connector()).connect(server.address)).rejects.toMatchObject({ code: 'SSH_PROTOCOL' });
  });
});

describe('a limit', () => {
  it('ends a key exchange that stalls, and the connection with it', async () => {
    const clock = new FakeClock();
    const closed: Promise<unknown>[] = [];
    const node = await listen((socket) => void closed.push(once(socket.resume(), 'close')));
    const it = await connector({ clock, limits: { keyExchangeMs: 10_001 } });
    const outcome = expect(it.connect(node)).rejects.toMatchObject({
      info: { code: 'CONNECTION_TIMEOUT', params: { phase: 'key-exchange' } },
    });
    await clock.sleeping(10_001);
    clock.advance(10_001);
    await outcome;
    await Promise.all(closed);
  });

  it('ends a login that stalls', async () => {
    const clock = new FakeClock();
    const server = await serve({ auth: () => undefined });
    const outcome = expect((await connector({ clock })).connect(server.address)).rejects.toMatchObject({
      info: { code: 'CONNECTION_TIMEOUT', params: { phase: 'login' } },
    });
    await clock.sleeping(15_000);
    clock.advance(15_000);
    await outcome;
  });

  it('does not run while a person is asked', async () => {
    const clock = new FakeClock();
    const server = await serve({
      auth: (context) => (context.method === 'password' ? context.accept() : context.reject(['password'])),
    });
    const questions: ((yes: boolean) => void)[] = [];
    let hear: () => void = () => undefined;
    const ask = () =>
      new Promise<boolean>((resolve) => {
        questions.push(resolve);
        hear();
      });
    const heard = () => new Promise<void>((resolve) => (hear = resolve));
    const secrets = { get: () => ask().then(() => 'right') };
    const asking = heard();
    const connecting = (await connector({ clock, secrets, hostKeys: { accept: ask } })).connect(
      server.address,
    );
    await asking;
    for (const next of [heard(), Promise.resolve()]) {
      expect(clock.limits).toEqual([]);
      clock.advance(3_600_000);
      questions.pop()?.(true);
      await next;
    }
    await (await connecting).close();
  });
});

describe('a cancel', () => {
  it('ends the key exchange', async () => {
    const stop = new AbortController();
    const node = await listen((socket) => {
      socket.resume();
      stop.abort();
    });
    const connecting = (await connector()).connect(node, { signal: stop.signal });
    await expect(connecting).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('ends a question to the person', async () => {
    const stop = new AbortController();
    const server = await serve({ auth: (context) => context.reject(['password']) });
    const secrets = {
      get: (_request: unknown, signal?: AbortSignal) =>
        new Promise<string | undefined>((resolve) => {
          signal?.addEventListener('abort', () => resolve(undefined));
          stop.abort();
        }),
    };
    const connecting = (await connector({ secrets })).connect(server.address, { signal: stop.signal });
    await expect(connecting).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('that came before does nothing at all', async () => {
    const server = await serve();
    const connecting = (await connector()).connect(server.address, { signal: AbortSignal.abort() });
    await expect(connecting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(server.sockets.size).toBe(0);
  });
});

describe('a jump host', () => {
  async function jumping(jump: NodeServer, target: { host: string; port: number }) {
    const home = await folder();
    await mkdir(join(home, '.ssh'));
    const text = `Host spark\n HostName ${target.host}\n Port ${target.port}\n ProxyJump j@127.0.0.1:${jump.address.port}\n`;
    await writeFile(join(home, '.ssh', 'config'), text);
    const config = new SshConfig({ files: [join(home, '.ssh', 'config')], home, localUser: 'me' });
    return { home, config, node: { name: 'spark-a', host: 'spark', port: 22, user: 'nvidia' } };
  }

  it('is passed through, with the host key of each hop checked, and closed with the session', async () => {
    const [jump, target] = [await serve(), await serve()];
    const { node, ...options } = await jumping(jump, target.address);
    const asked: number[] = [];
    const hostKeys = { accept: (key: UnknownHostKey) => Promise.resolve(asked.push(key.port) > 0) };
    const session = await (await connector({ ...options, hostKeys })).connect(node);
    expect(asked).toEqual([jump.address.port, target.address.port]);
    expect((await session.exec({ script: 'echo through', root: false })).stdout).toBe('through\n');
    const closed = [...jump.sockets].map((socket) => once(socket, 'close'));
    await session.close();
    await Promise.all(closed);
  });

  it('that cannot reach the node says so', async () => {
    const jump = await serve();
    const nowhere = await listen(() => undefined);
    await new Promise((resolve) => plain.pop()?.close(resolve));
    const { node, ...options } = await jumping(jump, nowhere);
    await expect((await connector(options)).connect(node)).rejects.toMatchObject({
      info: { code: 'JUMP_FAILED', params: { port: nowhere.port, reason: 'refused' } },
    });
  });

  it('that is not there says so', async () => {
    const jump = await NodeServer.start();
    await jump.stop();
    const { node, ...options } = await jumping(jump, { host: '127.0.0.1', port: 9 });
    await expect((await connector(options)).connect(node)).rejects.toMatchObject({
      info: { code: 'JUMP_FAILED', params: { reason: 'NODE_UNREACHABLE' } },
    });
  });

  it('that refuses the login is a refused login', async () => {
    const jump = await serve({ auth: (context) => context.reject(['password']) });
    const { node, ...options } = await jumping(jump, { host: '127.0.0.1', port: 9 });
    await expect(
      (await connector({ ...options, secrets: new ScriptedSecrets() })).connect(node),
    ).rejects.toMatchObject({
      info: { code: 'LOGIN_REFUSED', params: { user: 'j' } },
    });
  });
});

it('a banner is kept as data', async () => {
  const server = await serve({
    banner: '\u001b]0;evil\u0007 go away',
    auth: (context) => context.reject(['password']),
  });
  await expect((await connector()).connect(server.address)).rejects.toMatchObject({
    info: {
      code: 'LOGIN_REFUSED',
      evidence: expect.stringContaining('\u001b]0;evil\u0007 go away') as string,
    },
  });
});
