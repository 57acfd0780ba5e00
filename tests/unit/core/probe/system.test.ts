import { describe, expect, it } from 'vitest';
import { parseAccount, parseAccounts } from '../../../../src-main/core/probe/account';
import { parseClock, parseUptime } from '../../../../src-main/core/probe/clock';
import { parseDisks } from '../../../../src-main/core/probe/disks';
import { parseHostname, parseKernel } from '../../../../src-main/core/probe/kernel';
import { parseMemory } from '../../../../src-main/core/probe/memory';
import { parseOsRelease } from '../../../../src-main/core/probe/os-release';
import { parseTools } from '../../../../src-main/core/probe/tools';
import { printed } from './printed';

const bad = { known: false, reason: 'malformed' };

describe('uname', () => {
  it('gives host name, release and machine', () => {
    const text = 'Linux spark-5c2d 6.14.0-1013-nvidia aarch64\n';
    expect(parseHostname(text)).toEqual({ known: true, value: 'spark-5c2d' });
    expect(parseKernel(text)).toEqual({
      known: true,
      value: { release: '6.14.0-1013-nvidia', arch: 'aarch64' },
    });
  });

  it('keeps the kernel when the host name is hostile', () => {
    for (const name of ['a b', '\u001B]0;title\u0007red', '-rf', '$(id)', 'x'.repeat(300)]) {
      const text = `Linux ${name} 6.14.0 aarch64\n`;
      expect(parseHostname(text)).toMatchObject(bad);
      expect(parseKernel(text)).toMatchObject({ known: true });
    }
  });
});

it('os-release', () => {
  const text =
    'PRETTY_NAME="Ubuntu 24.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n';
  const value = { id: 'ubuntu', version: '24.04', name: 'Ubuntu 24.04.3 LTS' };
  expect(parseOsRelease(text)).toEqual({ known: true, value });
  expect(parseOsRelease('NAME="Arch Linux"\nID=arch\n')).toMatchObject({
    value: { version: '', name: 'Arch Linux' },
  });
  expect(parseOsRelease('NAME="Ubuntu"\n')).toMatchObject(bad);
});

it('clock and uptime', () => {
  const text = '1795173239598123456 1758.42\n';
  expect(parseClock(text)).toEqual({ known: true, value: 1795173239598 });
  expect(parseUptime(text)).toEqual({ known: true, value: 1758 });
  expect(parseUptime('1795173239598123456 -\n')).toMatchObject(bad);
  expect(parseClock('1795173239598123456 1758,42\n')).toMatchObject({ known: true });
  expect(parseUptime('1795173239598123456 1758,42\n')).toMatchObject(bad);
});

it('memory is bytes', () => {
  const value = { totalBytes: 125594804 * 1024, availableBytes: 119000000 * 1024 };
  expect(parseMemory(printed['meminfo']!)).toEqual({ known: true, value });
  expect(parseMemory('MemTotal: 125.594.804 kB\nMemAvailable: 1 kB\n')).toMatchObject(bad);
});

it('disks: bytes, read-only from the mounts, a second mount of a device, names with spaces', () => {
  const disk = { sizeBytes: 3936818806784, availableBytes: 3646000000000 };
  expect(parseDisks(printed['disks']!)).toEqual({
    known: true,
    value: [
      { mount: '/', ...disk, readOnly: false },
      { mount: '/run/with space', sizeBytes: 12859826176, availableBytes: 12857171968, readOnly: false },
      { mount: '/etc', ...disk, readOnly: true },
    ],
  });
});

describe('accounts', () => {
  it('are people with a login shell, with their groups', () => {
    expect(parseAccounts(printed['getent']!)).toEqual({
      known: true,
      value: [
        {
          name: 'ann',
          uid: 1000,
          gid: 1000,
          home: '/home/ann',
          shell: '/bin/bash',
          groups: ['ann', 'sudo', 'docker'],
        },
        { name: 'bob', uid: 1001, gid: 1001, home: '/home/bob', shell: '/bin/sh', groups: ['sudo'] },
      ],
    });
  });

  it('are unknown when the list is cut off', () => {
    expect(parseAccounts('root:x:0:0:root:/root:/bin/bash\n')).toMatchObject(bad);
  });

  it('the login account may be root or from a directory', () => {
    expect(parseAccount('staff sudo\nann@lab.example:*:70001:70000:Ann:/home/lab/ann:/bin/zsh\n')).toEqual({
      known: true,
      value: {
        name: 'ann@lab.example',
        uid: 70001,
        gid: 70000,
        home: '/home/lab/ann',
        shell: '/bin/zsh',
        groups: ['staff', 'sudo'],
      },
    });
  });

  it.each([
    'sudo',
    'sudo\nann:x:1000',
    'sudo\nann:x:1000:1000::home:/bin/sh',
    'su\u0007do\nann:x:1:1::/h:/bin/sh',
  ])('does not take %j for one', (text) => expect(parseAccount(text)).toMatchObject(bad));
});

it('tools: those asked for, with an absolute path', () => {
  const text = 'ip /usr/sbin/ip\nevil /bin/evil\nufw ufw\ngit /usr/bin/git\nend\n';
  expect(parseTools(text)).toEqual({ known: true, value: { ip: '/usr/sbin/ip', git: '/usr/bin/git' } });
  expect(parseTools('ip /usr/sbin/ip\n')).toMatchObject(bad);
});
