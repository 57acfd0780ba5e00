import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseHop, SshConfig } from '../../../../src-main/adapters/ssh2/ssh-config';
import { planRoute } from '../../../../src-main/adapters/ssh2/route';
import { folder, removeFolders } from './fixtures/laptop';

afterAll(removeFolders);

async function config(text: string, more: Record<string, string> = {}) {
  const home = await folder();
  const ssh = join(home, '.ssh');
  await mkdir(join(ssh, 'conf.d'), { recursive: true });
  await writeFile(join(ssh, 'config'), text);
  for (const [name, content] of Object.entries(more)) await writeFile(join(ssh, name), content);
  return { home, config: new SshConfig({ files: [join(ssh, 'config')], home, localUser: 'me' }) };
}

describe('the hosts to pick', () => {
  it('are those without patterns, each once, resolved', async () => {
    const it = await config(
      'Host spark-a spark-*\n  HostName 10.0.0.1\n  User nvidia\n  Port 2222\nHost spark-a !spark-b\nHost *\n  User me\nHost plain\n',
    );
    expect(await it.config.list()).toEqual([
      { alias: 'spark-a', host: '10.0.0.1', port: 2222, user: 'nvidia' },
      { alias: 'plain', host: 'plain', port: undefined, user: 'me' },
    ]);
  });

  it('are none without a file', async () => {
    const none = new SshConfig({ files: ['/nonexistent'], home: '/home/me', localUser: 'me' });
    expect(await none.list()).toEqual([]);
  });
});

describe('one host', () => {
  it('takes the first value of each setting and every identity file, with tokens filled in', async () => {
    const { home, config: it } = await config(
      [
        'Host spark-a',
        '  HostName %h.local',
        '  IdentityFile ~/.ssh/one',
        '  IdentityFile %d/.ssh/%h-%u',
        '  IdentitiesOnly yes',
        '  ProxyJump jump, me@[fe80::1]:2200',
        'Host *',
        '  HostName wrong',
        '  Port 2200',
      ].join('\n'),
    );
    expect(await it.resolve('spark-a')).toMatchObject({
      host: 'spark-a.local',
      port: 2200,
      identityFiles: [join(home, '.ssh', 'one'), `${home}/.ssh/spark-a.local-me`],
      identitiesOnly: true,
      proxyJump: ['jump', 'me@[fe80::1]:2200'],
    });
  });

  it('comes from included files too, and what follows an Include still belongs to its section', async () => {
    const { config: it } = await config(
      'Include conf.d/*.conf\nHost spark-b\n  Include extra\n  Port 2201\n',
      {
        'conf.d/a.conf': 'Host spark-a\n  User nvidia\n',
        'conf.d/ignored': 'Host spark-a\n  User wrong\n',
        extra: 'User other\n',
      },
    );
    expect(await it.resolve('spark-a')).toMatchObject({ user: 'nvidia', port: undefined });
    expect(await it.resolve('spark-b')).toMatchObject({ user: 'other', port: 2201 });
  });

  it('never runs a Match exec', async () => {
    const marker = join(await folder(), 'ran');
    const { config: it } = await config(`Match exec "touch ${marker}"\n  User wrong\nHost *\n  User right\n`);
    expect(await it.resolve('spark-a')).toMatchObject({ user: 'right' });
    await expect(stat(marker)).rejects.toThrow();
  });

  it('survives an Include of itself', async () => {
    const { config: it } = await config('Include config\nHost spark-a\n  User nvidia\n');
    expect(await it.resolve('spark-a')).toMatchObject({ user: 'nvidia' });
  });
});

describe('a jump', () => {
  it.each([
    ['jump', { user: undefined, host: 'jump', port: undefined }],
    ['me@jump:2200', { user: 'me', host: 'jump', port: 2200 }],
    ['[fe80::1]:22', { user: undefined, host: 'fe80::1', port: 22 }],
    ['ssh://me@jump:22', { user: 'me', host: 'jump', port: 22 }],
  ])('%s is read', (text, expected) => {
    expect(parseHop(text)).toEqual(expected);
  });
});

describe('a route', () => {
  const plan = async (text: string, node = {}) => {
    const { config: it } = await config(text);
    const address = { name: 'a', host: 'spark-a', port: 22, user: 'nvidia', ...node };
    return planRoute(address, { config: it, agents: ['agent'], defaultIdentities: [], localUser: 'me' });
  };

  it('goes over every hop with its own settings', async () => {
    const route = await plan(
      'Host spark-a\n HostName 10.0.0.1\n Port 2222\n ProxyJump one,two@b:2\nHost one\n HostName jump1\n User j\n IdentityAgent none\n',
    );
    expect(route).toMatchObject([
      { host: 'jump1', port: 22, user: 'j', keys: { agents: [] } },
      { host: 'b', port: 2, user: 'two' },
      { host: '10.0.0.1', port: 2222, user: 'nvidia', keys: { agents: ['agent'] } },
    ]);
  });

  it('keeps what the person gave', async () => {
    const route = await plan('Host spark-a\n User wrong\n Port 1\n IdentityFile /two\n', {
      port: 2022,
      identityFile: '/one',
    });
    expect(route).toMatchObject([{ port: 2022, user: 'nvidia', keys: { named: ['/one', '/two'] } }]);
  });

  it('in circles fails', async () => {
    await expect(plan('Host *\n ProxyJump other\n')).rejects.toMatchObject({ code: 'JUMP_FAILED' });
  });

  it('by a ProxyCommand fails, since it would run a program of the laptop', async () => {
    await expect(plan('Host *\n ProxyCommand nc %h %p\n')).rejects.toMatchObject({
      info: { code: 'JUMP_FAILED', params: { reason: 'proxy-command' } },
    });
  });
});
