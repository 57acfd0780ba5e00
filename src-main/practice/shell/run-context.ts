import type { Caller, NodeFs, PracticeNode } from '../machine/node-model';
import type { Descriptors } from './descriptors';
import type { FileLocks } from './file-locks';
import type { Process, Processes } from './processes';
import type { Traps } from './traps';

/** A practice node with what its running shells share. */
export interface Machine {
  readonly node: PracticeNode;
  readonly processes: Processes;
  readonly locks: FileLocks;
}

/** The terminal that a command runs on, as far as commands need it. */
export interface Tty {
  /** Reads a line without showing it; undefined when it was interrupted or the terminal is gone. */
  askSecret(prompt: string): Promise<string | undefined>;
  /** Shows text at once. */
  write(text: string): Promise<void>;
  /** sudo has been given the password on this terminal. */
  sudoProven: boolean;
}

/** Takes what a program prints while it runs. */
export interface Stream {
  readonly print: (text: string) => Promise<void>;
  readonly complain: (text: string) => Promise<void>;
}

/** What a script is run with. */
export interface RunRequest {
  readonly caller: Caller;
  readonly script: string;
  /** Standard input, all of it. */
  readonly stdin?: Uint8Array;
  /** Added to the account's environment, or in its place with `replaceEnv`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly replaceEnv?: boolean;
  /** The account's home folder when left out. */
  readonly cwd?: string;
  readonly process?: Process;
  /** Ends the script as a signal would. */
  readonly signal?: AbortSignal;
  readonly tty?: Tty;
  /** The last command of the script prints into it while it runs, where it is one that does. */
  readonly stream?: Stream;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Variables and folder that the script ended with. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What the shell's own commands see of the shell that they run in. */
export interface RunContext {
  readonly machine: Machine;
  readonly caller: Caller;
  readonly fs: NodeFs;
  readonly process: Process;
  readonly traps: Traps;
  readonly descriptors: Descriptors;
  readonly umasks: number[];
  readonly tty: Tty | undefined;
  readonly stream: Stream | undefined;
  /** Names of the machine's own commands, whether their programs are installed or not. */
  readonly programs: ReadonlySet<string>;
  /** Runs a script in a shell of its own, for another caller. */
  readonly run: (request: RunRequest) => Promise<RunResult>;
}
