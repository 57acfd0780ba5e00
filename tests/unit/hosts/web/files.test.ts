import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '../../../../src-main/hosts/content-security-policy';
import { readBuiltFiles } from '../../../../src-main/hosts/built-files';
import { rendererFolder } from '../../../../src-main/hosts/web/renderer-folder';
import { builtFolder, INDEX, postToken, send, serveDouble, upgradeHeaders } from './support';

describe('files', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'no-store', INDEX],
    ['/index.html', 'text/html; charset=utf-8', 'no-store', INDEX],
    ['/?lang=ko', 'text/html; charset=utf-8', 'no-store', INDEX],
    ['/icon.svg', 'image/svg+xml; charset=utf-8', 'no-cache', '<svg/>'],
    [
      '/assets/main-AbCd1234.js',
      'text/javascript; charset=utf-8',
      'public, max-age=31536000, immutable',
      'export {};',
    ],
  ])('%s is given as what it is', async (target, type, cache, body) => {
    const { port, own } = await serveDouble();
    const answer = await send(port, 'GET', target, own);
    expect(answer).toMatchObject({ status: 200, body });
    expect(answer.headers).toMatchObject({ 'content-type': type, 'cache-control': cache });
    const head = await send(port, 'HEAD', target, own);
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe(String(body.length));
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/assets/../icon.svg',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/%2e%2e%2fpackage.json',
    '/%252e%252e%252fpackage.json',
    '/..%5cpackage.json',
    '/..\\package.json',
    '\\..\\package.json',
    '/..;/package.json',
    '//package.json',
    '//icon.svg',
    '///etc/passwd',
    '/etc/passwd',
    '/./icon.svg',
    '/icon.svg/',
    '/icon.svg/.',
    '/icon.svg%00',
    '/icon.svg%00.html',
    '/ICON.SVG',
    '/icon%2esvg',
    '/assets',
    '/assets/',
    '/assets/main-AbCd1234.js.map',
    '/__proto__',
    '/constructor',
    'icon.svg',
    '*',
    'http://127.0.0.1/icon.svg',
    'file:///etc/passwd',
  ])('%s is no name of the build', async (target) => {
    const { port, own } = await serveDouble();
    const answer = await send(port, 'GET', target, own);
    // 400: node does not take it for a target at all.
    expect([404, 400]).toContain(answer.status);
    expect(answer.body).not.toMatch(/beside|svg|root:/);
    expect((await send(port, 'GET', '/icon.svg', own)).status).toBe(200);
  });

  it('a NUL or a line end in the target is no request', async () => {
    const { port, own } = await serveDouble();
    for (const target of ['/icon.svg\u0000', '/icon\u0000.svg', '/icon.svg\n']) {
      expect((await send(port, 'GET', target, own)).status).toBe(400);
    }
  });

  it('are only read', async () => {
    const { port, own } = await serveDouble();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      const answer = await send(port, method, '/icon.svg', own);
      expect(answer, method).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    }
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const answer = await send(port, method, '/session', own);
      expect(answer, method).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    }
  });

  it('that the build did not make are not followed to', async () => {
    const folder = await builtFolder();
    await symlink(path.join(folder, '..', 'package.json'), path.join(folder, 'link.txt'));
    const files = await readBuiltFiles(folder);
    expect([...files.keys()].sort()).toEqual(['/', '/assets/main-AbCd1234.js', '/icon.svg', '/index.html']);
  });

  it('are found from the built command line and from the source', async () => {
    const folder = await builtFolder();
    expect(rendererFolder(path.join(folder, '..', 'cli', 'assets'))).toBe(folder);
    expect(() => rendererFolder(path.join(folder, '..', 'a', 'b', 'c', 'd'))).toThrow('INTERNAL');
    await expect(readBuiltFiles(path.join(folder, 'assets'))).rejects.toThrow('INTERNAL');
  });
});

describe('every answer', () => {
  it('carries the same security headers', async () => {
    const { port, own } = await serveDouble();
    const host = { Host: own['Host']! };
    const answers = {
      page: await send(port, 'GET', '/', host),
      script: await send(port, 'GET', '/assets/main-AbCd1234.js', host),
      missing: await send(port, 'GET', '/nothing', host),
      method: await send(port, 'DELETE', '/', host),
      host: await send(port, 'GET', '/', { Host: 'evil' }),
      origin: await postToken(port, 'x', host),
      token: await postToken(port, 'x', own),
      api: await send(port, 'GET', '/api', host),
      upgrade: await send(port, 'GET', '/api', { ...upgradeHeaders, ...own }),
    };
    expect(Object.values(answers).map(({ status }) => status)).toEqual([
      200, 200, 404, 405, 421, 403, 403, 401, 401,
    ]);
    for (const [how, { headers }] of Object.entries(answers)) {
      expect(headers, how).toMatchObject({
        'content-security-policy': contentSecurityPolicy([
          `ws://127.0.0.1:${port}`,
          `ws://localhost:${port}`,
        ]),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers, how).not.toHaveProperty('access-control-allow-origin');
      if (how !== 'script') expect(headers, how).toMatchObject({ 'cache-control': 'no-store' });
    }
  });

  it('lets scripts come from the build alone', () => {
    const policy = new Map(
      contentSecurityPolicy(['ws://127.0.0.1:1'])
        .split('; ')
        .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
    );
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    expect(policy.get('connect-src')).toBe("'self' ws://127.0.0.1:1");
    for (const none of ['base-uri', 'form-action', 'frame-ancestors'])
      expect(policy.get(none)).toBe("'none'");
    expect(policy.get('require-trusted-types-for')).toBe("'script'");
    expect([...policy.values()].join(' ')).not.toMatch(/unsafe-eval|\*|https?:/);
  });
});
