import { describe, expect, it } from 'vitest';
import { chooseShell, type Computer } from '../../../../src-main/adapters/pty/shell-choice';

function computer(parts: Partial<Computer> & { has?: string[] } = {}): Computer {
  const { has = ['/home/me', '/bin/bash', '/bin/zsh', '/usr/bin/fish'], ...rest } = parts;
  return {
    platform: 'linux',
    env: {},
    home: '/home/me',
    accountShell: null,
    exists: (path) => has.includes(path),
    ...rest,
  };
}

const shellOf = (parts: Parameters<typeof computer>[0]) => {
  const { file, args } = chooseShell(computer(parts));
  return [file, ...args].join(' ');
};

describe('the shell of this computer', () => {
  it.each([
    ['SHELL first', { env: { SHELL: '/usr/bin/fish' }, accountShell: '/bin/zsh' }, '/usr/bin/fish'],
    ['the account’s, when SHELL is gone', { env: { SHELL: '/gone' }, accountShell: '/bin/zsh' }, '/bin/zsh'],
    ['the usual one', {}, '/bin/bash'],
    ['what every Unix has', { has: [] }, '/bin/sh'],
    ['no relative path', { env: { SHELL: 'evil' }, has: ['evil', '/bin/bash'] }, '/bin/bash'],
    ['a login shell on macOS', { platform: 'darwin' }, '/bin/zsh -l'],
    [
      'PowerShell on Windows, whatever Git says in SHELL',
      {
        platform: 'win32',
        env: { SHELL: '/usr/bin/bash', SystemRoot: 'D:\\W' },
        has: ['/usr/bin/bash', 'D:\\W\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'],
      },
      'D:\\W\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    ],
    [
      'the command prompt where PowerShell is gone',
      { platform: 'win32', env: { ComSpec: 'C:\\cmd.exe' } },
      'C:\\cmd.exe',
    ],
  ] as const)('%s', (_why, parts, shell) => {
    expect(shellOf(parts as Parameters<typeof computer>[0])).toBe(shell);
  });

  it('starts at home, or at the root when home is gone', () => {
    expect(chooseShell(computer()).cwd).toBe('/home/me');
    expect(chooseShell(computer({ has: [] })).cwd).toBe('/');
  });

  it('gets the environment of the person, without what is ours', () => {
    const env = {
      PATH: '/bin',
      LANG: 'ko_KR.UTF-8',
      TWINSPARK_DATA_DIR: '/data',
      TWINSPARK_SUDO: 'secret',
      ELECTRON_RUN_AS_NODE: '1',
      npm_config_prefix: '/x',
      INIT_CWD: '/x',
      NPM_CONFIG_REGISTRY: 'mine',
      TMUX: '/tmp/tmux',
      COLUMNS: '80',
      TERM: 'dumb',
      EMPTY: '',
    };
    expect(chooseShell(computer({ env })).env).toEqual({
      PATH: '/bin',
      LANG: 'ko_KR.UTF-8',
      NPM_CONFIG_REGISTRY: 'mine',
      EMPTY: '',
    });
  });
});
