import { once } from 'node:events';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Ssh2Session } from '../../../../src-main/adapters/ssh2/session';
import { defaultLimits } from '../../../../src-main/adapters/ssh2/limits';
import type { Link } from '../../../../src-main/adapters/ssh2/link';
import { Failure } from '../../../../src-main/core/failure';
import { connector, FakeClock, realClock, removeFolders, ScriptedSecrets } from './fixtures/laptop';
import { NodeServer } from './fixtures/node-server';

const servers: NodeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(removeFolders);

async function withPassword(password = { right: 'right' }) {
  const server = await NodeServer.start({
    auth: (context) =>
      context.method === 'password' && context.password === password.right
        ? context.accept()
        : context.reject(['password']),
  });
  servers.push(server);
  const secrets = new ScriptedSecrets({ 'login-password': ['right'] });
  const session = await (await connector({ secrets })).connect(server.address);
  return { server, secrets, session, password };
}

describe('proving reachability', () => {
  it('logs in a second time with what is known, asks nothing, and closes it again', async () => {
    const { server, secrets, session } = await withPassword();
    await session.proveReachable({ timeoutMs: 5_000 });
    expect(server.logins).toBe(2);
    expect(secrets.asked).toHaveLength(1);
    await Promise.all([...server.sockets].slice(1).map((socket) => once(socket, 'close')));
    expect(session.lost.aborted).toBe(false);
    await session.close();
  });

  it('fails when the login would no longer work, without asking', async () => {
    const { secrets, session, password } = await withPassword();
    password.right = 'changed';
    await expect(session.proveReachable({ timeoutMs: 5_000 })).rejects.toMatchObject({
      info: { code: 'LOGIN_REFUSED', node: 'spark-a' },
    });
    expect(secrets.asked).toHaveLength(1);
    await session.close();
  });

  it('can be cancelled', async () => {
    const { session } = await withPassword();
    const proving = session.proveReachable({ timeoutMs: 5_000, signal: AbortSignal.abort() });
    await expect(proving).rejects.toMatchObject({ code: 'CANCELLED' });
    await session.close();
  });
});

describe('reconnecting', () => {
  it('after the connection was lost makes the same session work again, without asking', async () => {
    const { server, secrets, session } = await withPassword();
    const { lost } = session;
    server.cut();
    if (!lost.aborted) await once(lost, 'abort');
    await session.reconnect({ timeoutMs: 5_000 });
    expect(session.lost.aborted).toBe(false);
    expect((await session.exec({ script: 'echo back', root: false })).stdout).toBe('back\n');
    expect(secrets.asked).toHaveLength(1);
    await session.close();
  });

  it('is refused at once when the login is', async () => {
    const { server, session, password } = await withPassword();
    password.right = 'changed';
    const { lost } = session;
    server.cut();
    if (!lost.aborted) await once(lost, 'abort');
    await expect(session.reconnect({ timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  it('does nothing while the connection stands, and never opens a closed session', async () => {
    const { server, session } = await withPassword();
    await session.reconnect({ timeoutMs: 5_000 });
    expect(server.logins).toBe(1);
    await session.close();
    await expect(session.reconnect({ timeoutMs: 5_000 })).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  const unreachable = () => Promise.reject(new Failure('NODE_UNREACHABLE', { reason: 'refused' }));
  const lostLink = () => {
    const lost = AbortSignal.abort(new Failure('CONNECTION_LOST'));
    return { hostKey: '', lost, close: () => undefined } as unknown as Link;
  };

  it('waits longer each time, with jitter, until its limit', async () => {
    const clock = new FakeClock();
    const session = new Ssh2Session({
      node: 'spark-a',
      user: 'me',
      link: lostLink(),
      clock,
      limits: defaultLimits,
      connectAgain: unreachable,
      prove: () => Promise.resolve(),
      random: () => 0.5,
    });
    const outcome = expect(session.reconnect({ timeoutMs: 60_000 })).rejects.toMatchObject({
      info: { code: 'CONNECTION_TIMEOUT', params: { phase: 'reconnect' } },
    });
    for (const pause of [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
      await clock.sleeping(pause * 0.75);
      clock.advance(pause * 0.75);
    }
    clock.advance(60_000);
    await outcome;
  });

  it('can be cancelled during a pause', async () => {
    const stop = new AbortController();
    const session = new Ssh2Session({
      node: 'spark-a',
      user: 'me',
      link: lostLink(),
      clock: { now: () => 0, sleep: (ms, signal) => (stop.abort(), realClock.sleep(ms, signal)) },
      limits: defaultLimits,
      connectAgain: unreachable,
      prove: () => Promise.resolve(),
    });
    const outcome = session.reconnect({ timeoutMs: 60_000, signal: stop.signal });
    await expect(outcome).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
