import type { CustomScheme, Protocol } from 'electron';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { securityHeaders } from '../../../../src-main/hosts/content-security-policy';
import { registerScheme, serveBuild } from '../../../../src-main/hosts/electron/scheme';
import { readBuiltFiles } from '../../../../src-main/hosts/built-files';

let folder: string;
let load: (url: string, method?: string) => Promise<Response>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'twinspark-scheme-'));
  const built = path.join(folder, 'renderer');
  await mkdir(path.join(built, 'assets'), { recursive: true });
  await writeFile(path.join(built, 'index.html'), '<p>page</p>');
  await writeFile(path.join(built, 'assets', 'main.js'), 'run()');
  await writeFile(path.join(built, 'assets', 'main.js.map'), '{}');
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await symlink(path.join(folder, 'secret.txt'), path.join(built, 'link.txt'));
  let handle: Parameters<Protocol['handle']>[1] | undefined;
  serveBuild(
    { handle: (_scheme, handler) => void (handle = handler) },
    await readBuiltFiles(built),
    securityHeaders([]),
  );
  load = async (url, method = 'GET') => {
    const answer = await handle?.({ url, method } as Request);
    if (!answer) throw new Error('nobody answers');
    return answer;
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('our scheme', () => {
  it.each([
    ['twinspark://app/', 'text/html; charset=utf-8', '<p>page</p>'],
    ['twinspark://app/index.html', 'text/html; charset=utf-8', '<p>page</p>'],
    ['twinspark://app/assets/main.js', 'text/javascript; charset=utf-8', 'run()'],
    ['twinspark://app/assets/main.js?v=1#top', 'text/javascript; charset=utf-8', 'run()'],
  ])('serves what was built: %s', async (url, type, body) => {
    const answer = await load(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(await answer.text()).toBe(body);
  });

  it.each([
    'twinspark://app/missing.js',
    'twinspark://app/assets',
    'twinspark://app/assets/',
    'twinspark://app/assets/main.js/',
    'twinspark://app/assets/main.js.map',
    'twinspark://app/../secret.txt',
    'twinspark://app/assets/../../secret.txt',
    'twinspark://app/%2e%2e/secret.txt',
    'twinspark://app/..%2fsecret.txt',
    'twinspark://app/..%5csecret.txt',
    'twinspark://app/%252e%252e%252fsecret.txt',
    'twinspark://app/..\\secret.txt',
    'twinspark://app//etc/passwd',
    'twinspark://app/etc/passwd',
    'twinspark://app/index.html%00.js',
    'twinspark://app/link.txt',
    'twinspark://evil/index.html',
    'twinspark://app.evil/index.html',
    'twinspark://app@evil/index.html',
    'twinspark:///index.html',
    'https://app/index.html',
    'file:///etc/passwd',
  ])('knows nothing of %s', async (url) => {
    const answer = await load(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('');
  });

  it.each(['POST', 'PUT', 'DELETE', 'HEAD'])('takes no %s', async (method) => {
    expect((await load('twinspark://app/', method)).status).toBe(405);
  });

  it('sends the policy and its companions with every answer, errors too', async () => {
    for (const answer of [await load('twinspark://app/'), await load('twinspark://app/missing')]) {
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/script-src 'self'(;|$)/);
      expect(policy).toMatch(/connect-src 'self'(;|$)/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    }
  });

  it('has an origin, counts as secure, and has no further privilege', () => {
    let registered: CustomScheme[] = [];
    registerScheme({ registerSchemesAsPrivileged: (schemes) => (registered = schemes) });
    expect(registered.map(({ scheme }) => scheme)).toEqual(['twinspark']);
    const granted = Object.entries(registered[0]?.privileges ?? {}).filter(([, on]) => on === true);
    expect(granted.map(([name]) => name)).toEqual(['standard', 'secure']);
  });
});
