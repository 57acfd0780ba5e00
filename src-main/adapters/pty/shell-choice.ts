import path from 'node:path';

/** What decides which shell a person gets on this computer. */
export interface Computer {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The person's home folder. */
  readonly home: string;
  /** Login shell of the account, where the system knows one. */
  readonly accountShell: string | null;
  readonly exists: (path: string) => boolean;
}

export interface ShellChoice {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** The shell that the person's own terminal program would start, with the environment it would give. */
export function chooseShell(computer: Computer): ShellChoice {
  const { platform, home, exists } = computer;
  return {
    file: platform === 'win32' ? windowsShell(computer) : unixShell(computer),
    // macOS sets PATH and the like in the files of a login shell, and its own Terminal starts one.
    args: platform === 'darwin' ? ['-l'] : [],
    cwd: exists(home) ? home : path.parse(process.cwd()).root,
    env: shellEnvironment(computer.env),
  };
}

function unixShell({ platform, env, accountShell, exists }: Computer): string {
  const usual = platform === 'darwin' ? '/bin/zsh' : '/bin/bash';
  const wanted = [env['SHELL'], accountShell, usual];
  return wanted.find((shell) => shell?.startsWith('/') === true && exists(shell)) ?? '/bin/sh';
}

/** SHELL is no hint on Windows: Git and MSYS set it to a path of their own world. */
function windowsShell({ env, exists }: Computer): string {
  const root = env['SystemRoot'] ?? 'C:\\Windows';
  const powershell = path.win32.join(root, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  return exists(powershell) ? powershell : (env['ComSpec'] ?? 'cmd.exe');
}

/**
 * Ours, Electron's and npm's variables are none of the shell's business: they would change what an Electron app, npm or
 * nvm started from it does. Those of a surrounding tmux, screen or terminal are wrong in this one.
 */
const ours = /^(TWINSPARK_|ELECTRON_)/i;
const npms = /^(npm_|INIT_CWD$)/;
const others =
  /^(TMUX|TMUX_PANE|STY|WINDOW|WINDOWID|TERMCAP|COLUMNS|LINES|TERM|TERM_PROGRAM|TERM_PROGRAM_VERSION)$/;

function shellEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || ours.test(name) || npms.test(name) || others.test(name)) continue;
    kept[name] = value;
  }
  return kept;
}
