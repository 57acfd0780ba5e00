import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AuthContext } from 'ssh2';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { NodeAddress } from '../../../../src-main/core/ports';
import { connector, folder, removeFolders, ScriptedSecrets } from './fixtures/laptop';
import { newKey, NodeServer, type NodeServerOptions, publicBlob } from './fixtures/node-server';

const servers: NodeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(removeFolders);

async function serve(options: NodeServerOptions): Promise<NodeServer> {
  const server = await NodeServer.start(options);
  servers.push(server);
  return server;
}

async function login(
  server: NodeServer,
  secrets = new ScriptedSecrets(),
  more: Partial<NodeAddress> = {},
  home?: string,
) {
  const it = await connector({ secrets, ...(home === undefined ? {} : { home }) });
  const session = await it.connect({ ...server.address, ...more });
  await session.close();
}

async function keyFile(text: string, home?: string, name = 'id_ed25519'): Promise<string> {
  const path = join(home ?? (await folder()), '.ssh', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

/** Accepts one public key; other methods are refused. */
const takesKey =
  (blob: Buffer, seen: string[] = []) =>
  (context: AuthContext): void => {
    seen.push(context.method);
    if (context.method === 'publickey' && context.key.data.equals(blob)) context.accept();
    else context.reject(['publickey']);
  };

const takesPassword =
  (password: string, seen: string[] = []) =>
  (context: AuthContext): void => {
    if (context.method === 'password') seen.push(context.password);
    if (context.method === 'password' && context.password === password) context.accept();
    else context.reject(['password']);
  };

describe('a key', () => {
  it('without passphrase logs in, and nothing is asked', async () => {
    const key = newKey();
    const secrets = new ScriptedSecrets();
    const identityFile = await keyFile(key);
    await login(await serve({ auth: takesKey(publicBlob(key)) }), secrets, { identityFile });
    expect(secrets.asked).toEqual([]);
  });

  it('of the home folder is found without being named', async () => {
    const home = await folder();
    const key = newKey('rsa');
    await keyFile(key, home, 'id_rsa');
    await login(await serve({ auth: takesKey(publicBlob(key)) }), undefined, {}, home);
  });

  it('with a passphrase asks only when the server would take the key', async () => {
    const wanted = newKey('ed25519', 'right');
    const home = await folder();
    await keyFile(newKey('ecdsa', 'never asked'), home, 'id_ecdsa');
    const path = await keyFile(wanted, home);
    const secrets = new ScriptedSecrets({ 'key-passphrase': ['wrong', 'right'] });
    await login(await serve({ auth: takesKey(publicBlob(wanted, 'right')) }), secrets, {}, home);
    expect(secrets.asked).toMatchObject([
      { kind: 'key-passphrase', detail: path },
      { kind: 'key-passphrase', detail: path, retry: true },
    ]);
  });

  it('that is named and cannot be read is told when nothing else works', async () => {
    const server = await serve({ auth: (context) => context.reject(['publickey']) });
    await expect(login(server, undefined, { identityFile: '/nonexistent/key' })).rejects.toMatchObject({
      info: { code: 'KEY_UNREADABLE', params: { file: '/nonexistent/key', reason: 'ENOENT' } },
    });
  });

  it('followed by a password is a login in two steps', async () => {
    const key = newKey();
    let half = false;
    const server = await serve({
      auth: (context) => {
        if (context.method === 'publickey' && context.signature !== undefined) {
          half = true;
          context.reject(['password'], true);
        } else if (context.method === 'publickey') context.accept();
        else if (half && context.method === 'password' && context.password === 'right') context.accept();
        else context.reject(half ? ['password'] : ['publickey']);
      },
    });
    const secrets = new ScriptedSecrets({ 'login-password': ['right'] });
    await login(server, secrets, { identityFile: await keyFile(key) });
    expect(secrets.asked).toHaveLength(1);
  });
});

describe('a password', () => {
  it('that is wrong is asked for again, three times in all, and every method tried is told', async () => {
    const seen: string[] = [];
    const secrets = new ScriptedSecrets({ 'login-password': ['a', 'b', 'c', 'right'] });
    const error: unknown = await login(await serve({ auth: takesPassword('right', seen) }), secrets).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({
      info: { code: 'LOGIN_REFUSED', node: 'spark-a', params: { methods: 'password' } },
    });
    expect(JSON.stringify(error)).not.toContain('"c"');
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(secrets.asked.map(({ retry }) => retry)).toEqual([undefined, true, true]);
  });

  it('is never sent twice when it was refused', async () => {
    const seen: string[] = [];
    const secrets = new ScriptedSecrets({ 'login-password': ['a', 'a', 'right'] });
    const refused = login(await serve({ auth: takesPassword('right', seen) }), secrets);
    await expect(refused).rejects.toMatchObject({ code: 'LOGIN_REFUSED' });
    expect(seen).toEqual(['a']);
  });

  it('that nobody gives refuses the login', async () => {
    const refused = login(await serve({ auth: takesPassword('right') }));
    await expect(refused).rejects.toMatchObject({
      info: { code: 'LOGIN_REFUSED', params: { methods: 'none' } },
    });
  });
});

describe('keyboard-interactive', () => {
  const interactive =
    (rounds: { prompt: string; echo: boolean }[][], accepts: (answers: string[]) => boolean) =>
    (context: AuthContext): void => {
      if (context.method !== 'keyboard-interactive') {
        context.reject(['keyboard-interactive']);
        return;
      }
      const all: string[] = [];
      const next = (index: number): void => {
        const prompts = rounds[index];
        if (prompts === undefined) {
          if (accepts(all)) context.accept();
          else context.reject(['keyboard-interactive']);
          return;
        }
        context.prompt(prompts, 'a title', 'some words', (answers) => {
          all.push(...answers);
          next(index + 1);
        });
      };
      next(0);
    };

  it('answers a single password question with the login password', async () => {
    const secrets = new ScriptedSecrets({ 'login-password': ['right'] });
    const auth = interactive(
      [[{ prompt: '(nvidia@spark) Password: ', echo: false }]],
      ([a]) => a === 'right',
    );
    await login(await serve({ auth }), secrets);
    expect(secrets.asked).toEqual([{ kind: 'login-password', node: 'spark-a', user: 'nvidia' }]);
  });

  it('hands other questions on with the words of the server', async () => {
    const secrets = new ScriptedSecrets({ 'login-password': ['right'], 'keyboard-interactive': ['123456'] });
    const rounds = [[{ prompt: 'Password: ', echo: false }], [{ prompt: 'Code: \u001b[2J', echo: true }]];
    await login(await serve({ auth: interactive(rounds, (all) => all.join() === 'right,123456') }), secrets);
    expect(secrets.asked[1]).toMatchObject({
      kind: 'keyboard-interactive',
      detail: 'a title\nsome words\nCode: \u001b[2J',
      echo: true,
    });
  });

  it('asks again after a wrong answer and then gives up', async () => {
    const secrets = new ScriptedSecrets({ 'login-password': ['a', 'b', 'c', 'd'] });
    const auth = interactive([[{ prompt: 'Password: ', echo: false }]], () => false);
    await expect(login(await serve({ auth }), secrets)).rejects.toMatchObject({
      info: { code: 'LOGIN_REFUSED', params: { methods: 'keyboard-interactive' } },
    });
    expect(secrets.asked.map(({ retry }) => retry)).toEqual([undefined, true, true]);
  });
});
