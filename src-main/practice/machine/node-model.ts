import type { CustomCommand, ExecResult, IFileSystem } from 'just-bash';
import type { FaultId } from './faults';
import type { RunningProgram } from './process-files';

/*
 * What the servers and shells of the practice pair know about its two machines.
 *
 * Who provides which command: everything that needs owners, modes or the caller's identity (ls, stat, find, chown,
 * chmod, install, mkdir, cp, mv, rm, id, whoami, groups, test of files by the file system's own rules, …) and everything
 * that reads or changes the machine comes from `commands()`. The shell part brings what a shell and coreutils lack besides: umask,
 * trap, exec, eval, kill, flock, sync, timeout, setsid, sudo.
 */

/** Whose process runs a command. `root` when it runs as root, also by sudo; `user` is then the login account. */
export interface Caller {
  readonly user: string;
  readonly uid: number;
  readonly root: boolean;
}

/**
 * A node's files as one caller sees them: owners and modes are kept, and what the modes forbid throws `EACCES`.
 * All views of a node share the same files. `umask` is the process's own and holds for what is created next.
 */
export interface NodeFs extends IFileSystem {
  umask: number;
  chown(path: string, uid: number, gid: number, options?: { followLinks?: boolean }): Promise<void>;
  /** Owner, group and file identity beside what {@link IFileSystem.lstat} tells; does not follow a last link. */
  lstatOwned(path: string): Promise<OwnedStat>;
  /** Whether the caller may read (4), write (2), execute or search (1) what the path leads to; bits may be added. */
  access(path: string, bits: number): Promise<boolean>;
}

export interface OwnedStat {
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: Date;
  readonly ino: number;
  readonly nlink: number;
}

export interface ShellOptions {
  /** The last command prints into it while it runs, where it is one that does. */
  readonly stream?: {
    readonly print: (text: string) => Promise<void>;
    readonly complain: (text: string) => Promise<void>;
  };
  readonly replaceEnv?: boolean;
  /** Bytes, a character each (latin1). */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs a command line in the caller's login shell on a node, as sshd does for `ssh NODE COMMAND`: what `ssh` between the
 * nodes and timers of systemd use.
 */
export type ShellRunner = (
  node: PracticeNode,
  caller: Caller,
  script: string,
  options: ShellOptions,
) => Promise<ExecResult>;

/** `off`: connections drop at once. `on`: the machine has booted; what lived in memory only is gone. */
export type PowerEvent = 'off' | 'on';

/** A program of a machine that prints while it runs. */
export type LiveRun = (start: LiveStart) => Promise<number>;

export interface LiveStart {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Of the process group that it runs in. */
  readonly pid: number;
  /** Aborted when it is to end. */
  readonly signal: AbortSignal;
  /** Somebody reads along: what has no effect but to be waited for is then waited for. */
  readonly watched: boolean;
  /** Prints on standard output. Resolves when it has been taken. */
  print(text: string): Promise<void>;
  complain(text: string): Promise<void>;
}

export interface PracticeNode {
  readonly name: string;
  /** Root's view. */
  readonly fs: NodeFs;
  /** A view for one process tree; each login takes its own. */
  fsFor(caller: Caller): NodeFs;
  /**
   * Puts names of commands that come from elsewhere into /usr/bin: the shell only runs, and `command -v` only finds, what
   * has a file there. Those of {@link commands} and of just-bash are there from the start. Cheap to call again.
   */
  addPrograms(names: readonly string[]): void;
  /** The machine's commands for a caller; `fs` is the view that the caller's shell works on. */
  commands(caller: Caller, fs?: NodeFs): CustomCommand[];
  /** The node's time stands still for it: reading many files takes a program of ours much longer than it does a real one. */
  atOnce<T>(work: () => Promise<T>): Promise<T>;
  /** Names of the programs that print while they run. */
  isLive(name: string): boolean;
  /** Gives a process files under /proc. @returns what takes them away */
  showProcess(program: RunningProgram): () => void;
  /** One of them. */
  live(name: string, caller: Caller): LiveRun | undefined;
  /** A caller for an account of /etc/passwd, or undefined where there is none. */
  account(user: string): Caller | undefined;
  checkPassword(user: string, password: string): boolean;
  /** `~user/.ssh/authorized_keys`; empty where sshd would not read it (absent, or writable by others). */
  authorizedKeys(user: string): string;
  sudoRule(user: string): 'nopasswd' | 'password' | 'none';
  home(user: string): string;
  shell(user: string): string;
  /** The OpenSSH private key text that sshd shows now; another one while the fault `host-key-changed` is on. */
  hostKey(): string;
  /** False while sshd refuses, the management link is down or without address, the firewall closes port 22, or power is off. */
  reachable(): boolean;
  /** Cuts the power and boots again: /run and runtime settings are gone, what is on disk is applied. Never rejects. */
  powerCycle(): Promise<void>;
  /** @returns what stops listening */
  onPower(listener: (event: PowerEvent) => void): () => void;
}

export interface PracticeCluster {
  readonly nodes: readonly [PracticeNode, PracticeNode];
  setFault(id: FaultId, on: boolean): void;
  hasFault(id: FaultId): boolean;
  readonly faults: readonly { readonly id: FaultId; readonly on: boolean }[];
  /** @returns what stops listening */
  onFault(listener: (id: FaultId, on: boolean) => void): () => void;
  /** Both machines as they came from the factory, all faults off; timers are stopped. */
  reset(): void;
  /** Stops all timers; the cluster is not used any more. */
  close(): void;
}
