import { describe, expect, it } from 'vitest';
import { TOKEN_LIFE_MS, WRONG_TRIES } from '../../../../src-main/hosts/web/sign-in';
import {
  INDEX,
  postToken,
  send,
  sendBytes,
  serveDouble,
  sessionOf,
  signIn,
  tokenOf,
  upgradeHeaders,
} from './support';

/** Each of these sends the same request twice: once as our own page does, once with the one thing wrong. */
describe('Host', () => {
  const wrong = (port: number): [string, Record<string, string | string[]>][] => [
    ['of a page whose name leads here', { Host: `twinspark.example:${port}` }],
    ['that begins like ours', { Host: `localhost.evil:${port}` }],
    ['that ends like ours', { Host: `evil.localhost:${port}` }],
    ['with another port', { Host: `127.0.0.1:${port + 1}` }],
    ['without the port', { Host: '127.0.0.1' }],
    ['of every address', { Host: `0.0.0.0:${port}` }],
    ['of IPv6', { Host: `[::1]:${port}` }],
    ['with a user', { Host: `me@127.0.0.1:${port}` }],
    ['given twice', { Host: [`127.0.0.1:${port}`, `evil:${port}`] }],
    ['left out', {}],
    ['empty', { Host: '' }],
  ];

  it('is ours to the character, or nothing is given', async () => {
    const { port } = await serveDouble();
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      expect(await send(port, 'GET', '/', { Host: host })).toMatchObject({ status: 200, body: INDEX });
    }
    for (const [how, headers] of wrong(port)) {
      const answer = await send(port, 'GET', '/', headers);
      expect(answer.status, how).toBe(421);
      expect(answer.body, how).not.toContain('<title>');
    }
  });

  it('is looked at for the token and for the WebSocket, whose Origin may fit it', async () => {
    const { server, port, own } = await serveDouble();
    for (const [how, headers] of wrong(port)) {
      const host = [headers['Host'] ?? ''].flat()[0] ?? '';
      const theirs = { ...headers, Origin: `http://${host}` };
      expect((await postToken(port, tokenOf(server.url), theirs)).status, how).toBe(421);
      const cookie = { ...upgradeHeaders, ...theirs, Cookie: 'x=y' };
      expect((await send(port, 'GET', '/api', cookie)).status, how).toBe(421);
    }
    expect((await postToken(port, tokenOf(server.url), own)).status).toBe(200);
  });
});

describe('Origin', () => {
  const wrong = (port: number): [string, Record<string, string | string[]>][] => [
    ['left out', {}],
    ['null', { Origin: 'null' }],
    ['of another page', { Origin: 'https://evil.example' }],
    ['of another port', { Origin: `http://127.0.0.1:${port + 1}` }],
    ['that begins like ours', { Origin: `http://127.0.0.1:${port}.evil.example` }],
    ['of the other of our names', { Origin: `http://localhost:${port}` }],
    ['with TLS', { Origin: `https://127.0.0.1:${port}` }],
    ['given twice', { Origin: [`http://127.0.0.1:${port}`, 'https://evil.example'] }],
    ['ours, but the browser says cross-site', site(port, 'cross-site')],
    ['ours, but the browser says same-site', site(port, 'same-site')],
  ];

  it('is needed for the token, which a refused try does not use up', async () => {
    const { server, port, own } = await serveDouble();
    for (const [how, headers] of wrong(port)) {
      const answer = await postToken(port, tokenOf(server.url), { Host: own['Host']!, ...headers });
      expect(answer.status, how).toBe(403);
      expect(answer.headers, how).not.toHaveProperty('set-cookie');
    }
    expect((await postToken(port, tokenOf(server.url), site(port, 'same-origin'))).status).toBe(200);
  });

  it('is needed for the WebSocket, with a good cookie too', async () => {
    const { app, server, port, own } = await serveDouble();
    const { cookie, api } = await signIn(server);
    const signedIn = { ...upgradeHeaders, Host: own['Host']!, Cookie: cookie };
    for (const [how, headers] of wrong(port)) {
      expect((await send(port, 'GET', api, { ...signedIn, ...headers })).status, how).toBe(403);
    }
    expect(app.sinks.size).toBe(0);
    expect((await send(port, 'GET', api, { ...signedIn, ...own })).status).toBe(101);
  });

  function site(port: number, value: string) {
    return { Host: `127.0.0.1:${port}`, Origin: `http://127.0.0.1:${port}`, 'Sec-Fetch-Site': value };
  }
});

describe('Sec-Fetch-Site', () => {
  it('keeps files out of other pages, and lets links open a tab', async () => {
    const { port, own } = await serveDouble();
    const get = async (fetched: Record<string, string>) =>
      (await send(port, 'GET', '/icon.svg', { Host: own['Host']!, ...fetched })).status;
    expect(await get({ 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' })).toBe(200);
    expect(await get({ 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate' })).toBe(200);
    for (const theirs of ['cross-site', 'same-site']) {
      const tab = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
      const frame = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' };
      expect(await get({ 'Sec-Fetch-Site': theirs, ...tab })).toBe(200);
      expect(await get({ 'Sec-Fetch-Site': theirs, ...frame })).toBe(403);
      expect(await get({ 'Sec-Fetch-Site': theirs, 'Sec-Fetch-Mode': 'no-cors' })).toBe(403);
    }
  });
});

describe('the token', () => {
  it('is long, random, and only in the fragment', async () => {
    const { server, port } = await serveDouble();
    expect(server.url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/#token=[\\w-]{43}$`));
    expect((await serveDouble()).server.url).not.toContain(tokenOf(server.url));
  });

  it('gives a cookie that scripts and other sites never get, and a key that is not in it', async () => {
    const { server, port, own } = await serveDouble();
    const answer = await postToken(port, tokenOf(server.url), own);
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toMatch(
      new RegExp(`^twinspark-${port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/; Max-Age=604800$`),
    );
    const { cookie, key } = sessionOf(answer);
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(new Set([cookie.split('=')[1], key, tokenOf(server.url)]).size).toBe(3);
  });

  it('is taken once; who has the cookie stays in', async () => {
    const { server, port, own } = await serveDouble();
    const token = tokenOf(server.url);
    const { cookie, key } = await signIn(server);
    const again = await postToken(port, token, own);
    expect(again).toMatchObject({ status: 403, body: '{"reason":"used"}' });
    expect(again.headers).not.toHaveProperty('set-cookie');
    const json = { ...own, 'Content-Type': 'application/json' };
    const enter = async (body: object, headers: Record<string, string>) =>
      (await send(port, 'POST', '/session', { ...json, ...headers }, JSON.stringify(body))).status;
    expect(await enter({ token, key }, { Cookie: cookie })).toBe(204);
    expect(await enter({ key }, { Cookie: cookie })).toBe(204);
    expect(await enter({}, { Cookie: cookie })).toBe(401);
    expect(await enter({ key }, {})).toBe(401);
    expect(await enter({}, {})).toBe(401);
  });

  it('ends after a while', async () => {
    let now = 0;
    const clock = { now: () => now, sleep: () => Promise.resolve() };
    const [late, early] = [await serveDouble({ clock }), await serveDouble({ clock })];
    now = TOKEN_LIFE_MS - 1;
    expect((await postToken(early.port, tokenOf(early.server.url), early.own)).status).toBe(200);
    now = TOKEN_LIFE_MS;
    const answer = await postToken(late.port, tokenOf(late.server.url), late.own);
    expect(answer).toMatchObject({ status: 403, body: '{"reason":"expired"}' });
  });

  it.each([
    [WRONG_TRIES - 1, 200, ['entered']],
    [WRONG_TRIES, 403, ['locked']],
    [WRONG_TRIES + 3, 403, ['locked']],
  ])(
    'after %i wrong tries is answered with %i, and the terminal is told',
    async (tries, status, expected) => {
      const told: string[] = [];
      const { server, port, own } = await serveDouble({ told: (event) => told.push(event) });
      for (let count = 1; count <= tries; count++) {
        const reason = count < WRONG_TRIES ? 'wrong' : 'locked';
        expect(await postToken(port, 'wrong', own)).toMatchObject({
          status: 403,
          body: JSON.stringify({ reason }),
        });
      }
      expect((await postToken(port, tokenOf(server.url), own)).status).toBe(status);
      expect(told).toEqual(expected);
    },
  );

  it.each([
    ['text/plain', '{"token":"TOKEN"}', 415],
    ['application/x-www-form-urlencoded', 'token=TOKEN', 415],
    ['application/json', 'token=TOKEN', 400],
    ['application/json', '{"token":["TOKEN"]}', 400],
    ['application/json', '{"token":"TOKEN","more":1}', 400],
    ['application/json', `{"token":"TOKEN"}${' '.repeat(2000)}`, 413],
    ['application/json', '{"token":"TOKEN"}', 200],
  ])('comes as JSON of its one shape (%#)', async (type, body, status) => {
    const { server, port, own } = await serveDouble();
    const given = body.replace('TOKEN', tokenOf(server.url));
    expect((await send(port, 'POST', '/session', { ...own, 'Content-Type': type }, given)).status).toBe(
      status,
    );
  });
});

describe('the session', () => {
  it('is cookie and key together, of this port', async () => {
    const [first, second] = [await serveDouble(), await serveDouble()];
    const [ours, other] = [await signIn(first.server), await signIn(second.server)];
    const upgrade = async (api: string, header: Record<string, string>) =>
      (await send(first.port, 'GET', api, { ...upgradeHeaders, ...first.own, ...header })).status;
    const [name = '', value = ''] = ours.cookie.split('=');
    const [otherName = '', otherValue = ''] = other.cookie.split('=');
    expect(await upgrade(ours.api, {})).toBe(401);
    expect(await upgrade(other.api, { Cookie: other.cookie })).toBe(401);
    // The other server's session under our name, and ours under its name.
    expect(await upgrade(other.api, { Cookie: `${name}=${otherValue}` })).toBe(401);
    expect(await upgrade(ours.api, { Cookie: `${otherName}=${value}` })).toBe(401);
    expect(await upgrade(ours.api, { Cookie: `${name}=` })).toBe(401);
    // The cookie alone: whoever serves another port of this computer gets it.
    expect(await upgrade('/api', { Cookie: ours.cookie })).toBe(401);
    expect(await upgrade('/api?key=', { Cookie: ours.cookie })).toBe(401);
    expect(await upgrade(other.api, { Cookie: ours.cookie })).toBe(401);
    expect(await upgrade(`/api?key=${value}`, { Cookie: ours.cookie })).toBe(401);
    expect(await upgrade(ours.api, { Cookie: `${name}=planted; ${other.cookie}; ${ours.cookie}` })).toBe(101);
  });

  it('is needed to learn anything at /api', async () => {
    const { server, port, own } = await serveDouble();
    const { api, cookie } = await signIn(server);
    expect((await send(port, 'GET', api, own)).status).toBe(401);
    expect((await send(port, 'GET', api, { ...own, Cookie: cookie })).status).toBe(426);
  });
});

describe('what is no request of a browser', () => {
  it('is refused with the same headers', async () => {
    const { server, port, own } = await serveDouble();
    const { api, cookie } = await signIn(server);
    const answers = {
      notHttp: await sendBytes(port, 'hello\r\n\r\n'),
      noKey: await send(port, 'GET', api, {
        ...own,
        Cookie: cookie,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
      }),
      expectation: await send(port, 'GET', '/', { ...own, Expect: 'the impossible' }),
      hugeHeader: await send(port, 'GET', '/', { ...own, 'X-Long': 'x'.repeat(64 * 1024) }),
      upgradeElsewhere: await send(port, 'GET', '/', { ...own, Cookie: cookie, ...upgradeHeaders }),
    };
    expect(Object.values(answers).map(({ status }) => status)).toEqual([400, 400, 417, 400, 404]);
    for (const [how, { headers }] of Object.entries(answers)) {
      expect(headers, how).toHaveProperty('content-security-policy');
    }
  });
});
