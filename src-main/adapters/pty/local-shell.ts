import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import type { IPty, IPtyForkOptions, IWindowsPtyForkOptions } from 'node-pty';
import { Failure } from '../../core/failure';
import type { Clock, LocalShell, Terminal, TerminalSize } from '../../core/ports';
import { PtyTerminal } from './pty-terminal';
import { chooseShell, type Computer } from './shell-choice';

/** The part of node-pty that is used. */
export interface PtyLibrary {
  spawn(file: string, args: string[], options: IPtyForkOptions | IWindowsPtyForkOptions): IPty;
}

export interface PtyLocalShellOptions {
  readonly clock: Clock;
  /** What is known of this computer; asked anew for each terminal. */
  readonly computer?: () => Computer;
  /** Loads node-pty: a native library that need not be there for everybody. */
  readonly load?: () => Promise<PtyLibrary>;
}

/** The person's shell on this computer, over node-pty. */
export class PtyLocalShell implements LocalShell {
  readonly #clock: Clock;
  readonly #computer: () => Computer;
  readonly #load: () => Promise<PtyLibrary>;
  #library: Promise<PtyLibrary> | undefined;

  constructor({ clock, computer = thisComputer, load = nodePty }: PtyLocalShellOptions) {
    this.#clock = clock;
    this.#computer = computer;
    this.#load = load;
  }

  async available(): Promise<boolean> {
    try {
      await this.#loaded();
      return true;
    } catch {
      return false;
    }
  }

  async open({ columns: cols, rows }: TerminalSize): Promise<Terminal> {
    try {
      const library = await this.#loaded();
      const computer = this.#computer();
      const { file, args, cwd, env } = chooseShell(computer);
      const options = { name: 'xterm-256color', cols, rows, cwd, env };
      // The other way on Windows starts a helper as plain Node, which the packaged app does not allow.
      const windows = computer.platform === 'win32' ? { useConptyDll: true } : {};
      return new PtyTerminal(library.spawn(file, [...args], { ...options, ...windows }), {
        clock: this.#clock,
        platform: computer.platform,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure('TERMINAL_UNAVAILABLE', { reason }, { cause: error });
    }
  }

  #loaded(): Promise<PtyLibrary> {
    // A failed try is not kept: the library may have been installed meanwhile.
    this.#library ??= this.#load().catch((error: unknown) => {
      this.#library = undefined;
      throw error;
    });
    return this.#library;
  }
}

function nodePty(): Promise<PtyLibrary> {
  return import('node-pty');
}

function thisComputer(): Computer {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    accountShell: accountShell(),
    exists: existsSync,
  };
}

function accountShell(): string | null {
  try {
    return userInfo().shell;
  } catch {
    // An account that the system does not know, as in a container with a foreign uid.
    return null;
  }
}
