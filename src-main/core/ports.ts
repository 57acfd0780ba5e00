import type { BenchListed, BenchRecord } from '../contract/bench-record';
import type { Script } from './shell/quote';

/** Where a node is and how to log in; what `cluster.yaml` says. Holds no secret. */
export interface NodeAddress {
  /** The name the person gave; unique in the pair. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile?: string;
  /** Host key to expect, `SHA256:…` as OpenSSH prints it; replaces known_hosts for this node. */
  readonly hostKey?: string;
}

/** What a command reads from its standard input. */
export type Input =
  | { readonly kind: 'text'; readonly text: string }
  /** A secret by name, asked for or found when the command runs; never journaled or shown. */
  | { readonly kind: 'secret'; readonly secret: SecretRequest }
  /** Standard output of a command on a node, passed on without being kept (`sensitive`: never logged). */
  | {
      readonly kind: 'output';
      readonly node: string;
      readonly command: Command;
      readonly sensitive: boolean;
    };

/** One command for a node: exactly what is shown in a plan and what runs. */
export interface Command {
  readonly script: Script;
  /** Runs as root by sudo. */
  readonly root: boolean;
  readonly input?: Input;
  /** Upper bound in ms; 120,000 when absent. */
  readonly limitMs?: number;
  /** May be ended in the middle when the person cancels (a download, a build); others run to their end. */
  readonly interruptible?: boolean;
}

/** A command whose input is resolved: what an adapter runs. */
export interface ExecRequest {
  /** POSIX sh text. Runs in `/bin/sh`, not in the login shell, with LC_ALL=C. */
  readonly script: string;
  readonly root: boolean;
  readonly stdin?: string | Uint8Array;
}

export interface ExecOptions {
  readonly signal?: AbortSignal;
  /** Upper bound in ms; COMMAND_TIMEOUT after it. Default 60,000. */
  readonly timeoutMs?: number;
  /** Bytes kept of stdout and of stderr, each; more is OUTPUT_LIMIT and the command is ended. Default 4 MiB. */
  readonly maxOutputBytes?: number;
  /** Called for each complete line as it arrives, decoded as UTF-8, without its line end; long lines are cut at 16 KiB. */
  readonly onLine?: (stream: 'stdout' | 'stderr', line: string) => void;
  /**
   * Receives raw stdout instead of collecting it (`stdout` is then empty and no limit applies).
   * Nothing more is read from the node while a returned promise is pending.
   */
  readonly onStdout?: (chunk: Uint8Array) => void | Promise<void>;
}

export interface ExecResult {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** In characters, at least 1 by 1. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** How a terminal ended: its shell did, or the way to it was lost. */
export type TerminalEnd =
  | {
      readonly kind: 'exit';
      /** Exit status; null when a signal ended the shell, or nobody said. */
      readonly code: number | null;
      /** Its name, e.g. `SIGHUP`. */
      readonly signal?: string;
    }
  | { readonly kind: 'lost' };

/** A login shell on a terminal, for a person. What it prints is untrusted. */
export interface Terminal {
  /** Chunks of output, decoded as UTF-8 over the borders of chunks. One listener; output waits until there is one. */
  onData(listener: (text: string) => void): void;
  /** Back-pressure: what is printed from now on stays with the shell, which blocks. A little may still be told. */
  pause(): void;
  resume(): void;
  /** Types; goes through while output is paused. Does nothing when the terminal has ended. */
  write(data: string): void;
  resize(size: TerminalSize): void;
  /** Resolves once, when all output has been told, the way is lost, or after {@link close}; never rejects. */
  readonly closed: Promise<TerminalEnd>;
  /** Hangs up: the shell and what it runs get SIGHUP. */
  close(): void;
}

/** A terminal of this computer. */
export interface LocalShell {
  /** Whether one can be had here. */
  available(): Promise<boolean>;
  /** @throws Failure TERMINAL_UNAVAILABLE (params: reason) */
  open(size: TerminalSize): Promise<Terminal>;
}

/**
 * A logged-in connection to one node.
 * Commands that exit non-zero resolve; what keeps a command from running or finishing throws a Failure
 * (CONNECTION_LOST, CANCELLED, COMMAND_TIMEOUT, OUTPUT_LIMIT, SUDO_…).
 */
export interface Session {
  readonly node: string;
  readonly user: string;
  /** `SHA256:…` of the host key that this connection was verified with. */
  readonly hostKey: string;
  /** Aborted when the transport is lost or closed. */
  readonly lost: AbortSignal;
  exec(request: ExecRequest, options?: ExecOptions): Promise<ExecResult>;
  /**
   * The user's own login shell on a terminal, on this connection. Commands keep the channels they need.
   * @throws Failure TERMINAL_LIMIT (params: limit), TERMINAL_UNAVAILABLE (params: reason), COMMAND_TIMEOUT, CONNECTION_LOST, CANCELLED
   */
  openTerminal(size: TerminalSize, options?: { signal?: AbortSignal }): Promise<Terminal>;
  /** Makes a second connection (TCP, key exchange, login) and closes it: proof that the way in still works. */
  proveReachable(options: { signal?: AbortSignal; timeoutMs: number }): Promise<void>;
  /** After transport loss: connects again with back-off until `timeoutMs`; never after a refused login. */
  reconnect(options: { signal?: AbortSignal; timeoutMs: number }): Promise<void>;
  close(): Promise<void>;
}

export interface Connector {
  /** @throws Failure NAME_NOT_RESOLVED, NODE_UNREACHABLE, CONNECTION_TIMEOUT, LOGIN_REFUSED, HOST_KEY_…, JUMP_FAILED */
  connect(node: NodeAddress, options?: { signal?: AbortSignal }): Promise<Session>;
}

/** A secret that may be needed. `kind` and `node` identify it; the rest is for the prompt. */
export interface SecretRequest {
  readonly kind:
    'login-password' | 'sudo-password' | 'key-passphrase' | 'keyboard-interactive' | 'new-user-password';
  readonly node: string;
  readonly user: string;
  /** Key file path, or the server's own question (untrusted text). */
  readonly detail?: string;
  /** True when the last answer to the same request was wrong: ask again, do not repeat it. */
  readonly retry?: boolean;
  /** Keyboard-interactive: whether the answer may be shown while typed. */
  readonly echo?: boolean;
}

export interface SecretStore {
  /** The secret, or undefined when the person has none to give (or nobody is there to ask). */
  get(request: SecretRequest, signal?: AbortSignal): Promise<string | undefined>;
}

export interface UnknownHostKey {
  readonly node: string;
  readonly host: string;
  readonly port: number;
  readonly keyType: string;
  /** `SHA256:…` as OpenSSH prints it. */
  readonly fingerprint: string;
}

/** Decides on a host key that known_hosts does not know. `false` refuses the connection. */
export interface HostKeyDecider {
  accept(key: UnknownHostKey, signal?: AbortSignal): Promise<boolean>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** @throws Failure CANCELLED when the signal aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Append-only journals, one per run, made durable before `append` resolves. */
export interface RunStore {
  /** Creates the journal of a new run. */
  create(run: string): Promise<void>;
  /** Appends one line of JSON and fsyncs it. @throws Failure JOURNAL_WRITE */
  append(run: string, record: unknown): Promise<void>;
  /** All records in order; a torn last line is left out and told. @throws Failure UNKNOWN_RUN, JOURNAL_DAMAGED */
  read(run: string): Promise<{ records: unknown[]; torn: boolean }>;
  /** Ids of all runs, oldest first. */
  list(): Promise<string[]>;
  /** A random id of this data folder, the same for ever: tells apart two laptops that drive the same nodes. */
  installation(): Promise<string>;
  /** Takes the one lock of a driver, or throws RUN_LOCKED (params: pid). Released by the operating system when the process dies. */
  lock(): Promise<{ release(): Promise<void> }>;
}

/** A measurement as the history's index holds it. */
export interface BenchEntry extends Omit<BenchListed, 'standing'> {
  /** Equal for measurements whose figures can be held against each other. */
  readonly kind: string;
}

/** What is kept of all measurements; what has been appended survives a power cut. */
export interface BenchStore {
  /** @throws Failure HISTORY_WRITE (params: file, reason) */
  append(record: BenchRecord): Promise<void>;
  /**
   * Everything that can be read, newest first, and the ids of what cannot: damaged, or written by a later version. That
   * stays as it is. @throws Failure HISTORY_WRITE when the folder itself cannot be read
   */
  list(): Promise<{ entries: BenchEntry[]; damaged: string[]; later: string[] }>;
  /** @throws Failure NOT_FOUND, also for what is damaged or of a later version */
  read(id: string): Promise<BenchRecord>;
  /** For good; ids that are not there are none to remove. @throws Failure HISTORY_WRITE */
  remove(ids: readonly string[]): Promise<void>;
}

/** What the laptop itself uses, so that no node address clashes with it. */
export interface LaptopNetwork {
  /** Networks of this computer in CIDR form, e.g. `192.168.1.0/24`. */
  networks(): string[];
}

/** Progress of the engine, told to whoever watches. */
export type Listener<E> = (event: E) => void;
