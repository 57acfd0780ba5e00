import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import ssh2 from 'ssh2';
import { describe, expect, test, vi } from 'vitest';
import { probeNode } from '../../../src-main/core/probe/probe-node';
import { connector, folder, refuseKeys, ScriptedSecrets } from '../adapters/ssh2/fixtures/laptop';
import { newKey, publicBlob } from '../adapters/ssh2/fixtures/node-server';
import { closeLater, logIn, practice } from './pair';

/** An upper bound against a hang. */
vi.setConfig({ testTimeout: 60_000 });

describe('a login', () => {
  test('with the password of the pair, to a host key that is known beforehand', async () => {
    const pair = await practice();
    const session = await logIn(pair);
    expect(session.hostKey).toBe(pair.nodes[0].hostKey);
    expect(pair.nodes[0].hostKey).not.toBe(pair.nodes[1].hostKey);
    await session.proveReachable({ timeoutMs: 5000 });
  });

  test('is refused with another password', async () => {
    const pair = await practice();
    const laptop = await connector({
      secrets: new ScriptedSecrets({ 'login-password': ['wrong', 'wronger', 'no'] }),
    });
    await expect(laptop.connect(pair.nodes[0])).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  test('with a key that the account lets in, and only while it does', async () => {
    const pair = await practice();
    const [node] = pair.nodes;
    const privateKey = newKey();
    const home = await folder();
    const identityFile = path.join(home, 'id_practice');
    await writeFile(identityFile, privateKey, { mode: 0o600 });
    const byKey = async () => {
      const laptop = await connector({ home, hostKeys: refuseKeys });
      const session = await laptop.connect({ ...node, identityFile });
      closeLater(session);
      return session;
    };
    await expect(byKey()).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });

    const session = await logIn(pair);
    const line = `ssh-ed25519 ${publicBlob(privateKey).toString('base64')} laptop`;
    const script =
      'mkdir -p -m 0700 ~/.ssh && cat >>~/.ssh/authorized_keys && chmod 0600 ~/.ssh/authorized_keys';
    await session.exec({ script, root: false, stdin: `# mine\n${line}\n` });
    expect(await (await byKey()).exec({ script: 'id -un', root: false })).toMatchObject({
      stdout: 'nvidia\n',
    });
    // sshd's StrictModes.
    await session.exec({ script: 'chmod 0666 ~/.ssh/authorized_keys', root: false });
    await expect(byKey()).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
  });

  test('is not answered while sshd is down', async () => {
    const pair = await practice();
    pair.setFault('sshd-down', true);
    await expect(logIn(pair, 1)).rejects.toMatchObject({
      code: 'NODE_UNREACHABLE',
      info: { params: { reason: 'refused' } },
    });
    pair.setFault('sshd-down', false);
    await logIn(pair, 1);
  });

  test('stops at a host key that has changed', async () => {
    const pair = await practice();
    pair.setFault('host-key-changed', true);
    await expect(logIn(pair, 1)).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
  });
});

describe('commands', () => {
  test('as the user and as root, with status, both streams and input', async () => {
    const session = await logIn(await practice());
    const script = 'echo out; echo err >&2; cat; exit 5';
    const wanted = { code: 5, stdout: 'out\nin', stderr: 'err\n' };
    expect(await session.exec({ script, root: false, stdin: 'in' })).toMatchObject(wanted);
    expect(await session.exec({ script, root: true, stdin: 'in' })).toMatchObject(wanted);
    expect(await session.exec({ script: 'id -un', root: false })).toMatchObject({ stdout: 'nvidia\n' });
    expect(await session.exec({ script: 'id -un', root: true })).toMatchObject({ stdout: 'root\n' });
  });

  test('many at once keep apart', async () => {
    const session = await logIn(await practice());
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    const results = await Promise.all(
      numbers.map((number) => session.exec({ script: `sleep 0.01; echo ${number}`, root: number % 2 === 0 })),
    );
    expect(results.map(({ stdout }) => stdout.trim())).toEqual(numbers.map(String));
  });

  test('end when they take too long or are cancelled, and the session goes on', async () => {
    const session = await logIn(await practice());
    for (const root of [false, true]) {
      const late = session.exec({ script: 'sleep 60', root }, { timeoutMs: 300 });
      await expect(late).rejects.toMatchObject({
        code: 'COMMAND_TIMEOUT',
        info: { params: { ended: 'yes' } },
      });
      expect(await session.exec({ script: 'echo still', root })).toMatchObject({ stdout: 'still\n' });
    }
  });
});

test('any SSH client may run a command', async () => {
  const pair = await practice();
  const [{ host, port, user: username }] = pair.nodes;
  const client = new ssh2.Client();
  closeLater({ close: () => Promise.resolve(void client.end()) });
  const answer = await new Promise((resolve, reject) => {
    let text = '';
    client.on('error', reject);
    client.on('ready', () =>
      client.exec('echo "$USER in $PWD"; exit 7', (error, channel) => {
        if (error !== undefined) {
          reject(error);
          return;
        }
        channel.on('data', (chunk: Buffer) => (text += chunk.toString()));
        channel.on('close', (code: number) => resolve([code, text]));
      }),
    );
    client.connect({ host, port, username, password: pair.loginPassword });
  });
  expect(answer).toEqual([7, 'nvidia in /home/nvidia\n']);
});

test('a probe gives the facts of a DGX Spark', async () => {
  const pair = await practice();
  const facts = await probeNode(await logIn(pair));
  const unread = Object.entries(facts)
    .filter(([, fact]) => 'known' in fact && !fact.known)
    .map(([name]) => name);
  expect(unread).toEqual(['peers']);
  expect(facts.sudo).toMatchObject({ known: true, value: 'granted' });
});
