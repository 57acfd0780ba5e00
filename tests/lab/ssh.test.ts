import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KnownHosts } from '../../src-main/adapters/ssh2/known-hosts';
import type { Session } from '../../src-main/core/ports';
import {
  connector,
  folder,
  refuseKeys,
  removeFolders,
  ScriptedSecrets,
} from '../unit/adapters/ssh2/fixtures/laptop';
import { accessFiles } from './access';
import { Lab } from './lab';
import type { LabOptions } from './plan';
import { skipped } from './skipped';

afterAll(removeFolders);

/** A way into node 1 that trusts what the lab knows, with these secrets. */
async function way(lab: Lab, secrets: ScriptedSecrets) {
  const { host, user } = lab.node(1);
  const knownHosts = new KnownHosts({
    files: [lab.knownHostsFile],
    ownFile: join(await folder(), 'known_hosts'),
  });
  const it = await connector({ secrets, knownHosts, hostKeys: refuseKeys, limits: { keepaliveMs: 1_000 } });
  const key = lab.plan.login === 'key' ? { identityFile: accessFiles(lab.plan.stateDir).identity } : {};
  return it.connect({ name: 'spark-a', host, port: 22, user, ...key });
}

describe.skipIf(skipped())('the way to a real node', () => {
  const labs: Lab[] = [];
  const up = async (options: LabOptions) => {
    const lab = await Lab.up(options);
    labs.push(lab);
    return lab;
  };
  afterAll(async () => {
    for (const lab of labs) await lab.down();
  });

  describe('with passwords', () => {
    let lab: Lab;
    let session: Session;
    let secrets: ScriptedSecrets;

    const password = () => lab.node(1).password;
    const sudoStarts = async () =>
      Number(
        await lab.sh(
          1,
          'journalctl -q --no-pager _COMM=sudo | grep -c "session opened for user root" || true',
        ),
      );

    beforeAll(async () => {
      lab = await up({ login: 'password', sudo: 'password' });
      secrets = new ScriptedSecrets({
        'login-password': ['wrong', password()],
        'sudo-password': ['wrong', password()],
      });
      session = await way(lab, secrets);
    });
    afterAll(() => session.close());

    it('a wrong login password is asked for again', () => {
      expect(secrets.asked.map(({ kind, retry }) => [kind, retry])).toEqual([
        ['login-password', undefined],
        ['login-password', true],
      ]);
    });

    it('sudo takes the second password, and from then on nobody is asked', async () => {
      for (let round = 0; round < 3; round++) {
        expect(await session.exec({ script: 'id -u', root: true })).toMatchObject({ code: 0, stdout: '0\n' });
      }
      expect(secrets.asked.slice(2).map(({ kind, retry }) => [kind, retry])).toEqual([
        ['sudo-password', undefined],
        ['sudo-password', true],
      ]);
      expect(await sudoStarts()).toBe(1);
    });

    it('several root commands at once ask nobody either', async () => {
      const asked = secrets.asked.length;
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, index) => session.exec({ script: `echo ${index}`, root: true })),
      );
      expect(results.map(({ stdout }) => stdout)).toEqual(results.map((_, index) => `${index}\n`));
      expect(secrets.asked).toHaveLength(asked);
    });

    it('script, input and password are in nobody’s arguments', async () => {
      const script = ': hidden-script; cat > /dev/null; cat /proc/[0-9]*/cmdline';
      const { stdout } = await session.exec({ script, root: true, stdin: 'hidden-input' });
      expect(stdout).toContain('sudo');
      for (const secret of ['hidden-script', 'hidden-input', password()]) {
        expect(stdout.includes(secret)).toBe(false);
      }
    });

    it('input and output pass sudo byte by byte', async () => {
      const stdin = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256);
      const chunks: Uint8Array[] = [];
      await session.exec(
        { script: 'cat', root: true, stdin },
        { onStdout: (chunk) => void chunks.push(chunk) },
      );
      expect(Buffer.concat(chunks).equals(stdin)).toBe(true);
    });

    it('a cancelled root command is gone with what it started', async () => {
      const stop = new AbortController();
      const script = 'sleep 12345 & sleep 12345 & wait';
      const running = session.exec(
        { script: `echo up; ${script}`, root: true },
        { signal: stop.signal, onLine: () => stop.abort() },
      );
      await expect(running).rejects.toMatchObject({ info: { code: 'CANCELLED', params: { ended: 'yes' } } });
      expect((await lab.exec(1, 'pgrep -f "sleep 1234[5]"')).code).toBe(1);
      expect((await session.exec({ script: 'echo on', root: true })).stdout).toBe('on\n');
    });

    it('the way in is proved by a second login', async () => {
      const asked = secrets.asked.length;
      await session.proveReachable({ timeoutMs: 20_000 });
      expect(secrets.asked).toHaveLength(asked);
    });

    it('a killed sshd session is a lost connection; the same session works again', async () => {
      const running = session.exec({ script: 'echo up; sleep 12345', root: true });
      running.catch(() => undefined);
      const { lost } = session;
      await lab.exec(1, 'pkill -KILL -f "^sshd: nvidia"');
      if (!lost.aborted) await once(lost, 'abort');
      await expect(running).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      await session.reconnect({ timeoutMs: 30_000 });
      expect((await session.exec({ script: 'id -u', root: true })).stdout).toBe('0\n');
    });

    it('a frozen node is noticed by keepalive, and a power cut is survived', async () => {
      const { lost } = session;
      await lab.fault.freeze(1);
      try {
        if (!lost.aborted) await once(lost, 'abort');
      } finally {
        await lab.fault.unfreeze(1);
      }
      await session.reconnect({ timeoutMs: 30_000 });
      const next = session.lost;
      await lab.cutPower(1);
      if (!next.aborted) await once(next, 'abort');
      const back = session.reconnect({ timeoutMs: 60_000 });
      await lab.start(1);
      await back;
      expect((await session.exec({ script: 'id -u', root: true })).stdout).toBe('0\n');
    });

    it('a changed host key is a hard stop, for reconnecting too', async () => {
      const { lost } = session;
      await lab.fault.hostKeyChange(1);
      await expect(session.proveReachable({ timeoutMs: 20_000 })).rejects.toMatchObject({
        code: 'HOST_KEY_CHANGED',
      });
      expect(lost.aborted).toBe(false);
    });
  });

  it('with NOPASSWD nobody is asked and no password is sent', async () => {
    const lab = await up({ login: 'key', sudo: 'nopasswd' });
    const secrets = new ScriptedSecrets();
    const session = await way(lab, secrets);
    expect((await session.exec({ script: 'id -u; cat', root: true })).stdout).toBe('0\n');
    expect(secrets.asked).toEqual([]);
    await session.close();
  });

  it('without the right to use sudo it says so', async () => {
    const lab = await up({ login: 'key', sudo: 'none' });
    const secrets = new ScriptedSecrets({ 'sudo-password': [lab.node(1).password] });
    const session = await way(lab, secrets);
    await expect(session.exec({ script: 'id -u', root: true })).rejects.toMatchObject({
      code: 'SUDO_NOT_ALLOWED',
    });
    await session.close();
  });
});
