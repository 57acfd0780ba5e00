import type { ExecResult } from 'just-bash';
import type { Accounts } from './accounts';
import type { Effects } from './faults';
import type { FileTree } from './file-tree';
import type { Firewall } from './firewall';
import type { Identity } from './hardware';
import type { Interface } from './interfaces';
import type { Medium, Meters } from './meters';
import type { Network } from './network';
import type { Caller, PracticeNode, ShellOptions } from './node-model';
import type { Pace } from './pace';
import type { ProcessFiles } from './process-files';
import type { RootFiles } from './root-files';
import type { Sockets } from './sockets';
import type { Systemd } from './systemd';

/** A practice machine as its own commands, the cable and the cluster see it. */
export interface Host extends PracticeNode {
  readonly tree: FileTree;
  readonly files: RootFiles;
  readonly accounts: Accounts;
  readonly network: Network;
  readonly firewall: Firewall;
  readonly systemd: Systemd;
  readonly identity: Identity;
  readonly effects: Effects;
  readonly wire: Wire;
  readonly meters: Meters;
  readonly sockets: Sockets;
  readonly programs: ProcessFiles;
  readonly pace: Pace;
  readonly powered: boolean;
  readonly bootedAt: number;
  /** Milliseconds since the epoch by this machine's own clock. */
  now(): number;
  hostname(): string;
  /** `ssh-ed25519 BASE64` of the host key that sshd shows. */
  publicHostKey(): string;
  /** Runs a command line on this machine as one of its accounts. */
  run(caller: Caller, script: string, options?: ShellOptions): Promise<ExecResult>;
  /** What `netplan apply` does. @returns warnings @throws NetplanError */
  applyNetplan(): readonly string[];
  makeHome(account: { home: string; uid: number; gid: number }): void;
}

/** Where a packet comes out. */
export interface Arrival {
  readonly machine: Host;
  /** The port that it leaves by, and the one that it arrives at; the same one for a machine that asks itself. */
  readonly out: Interface;
  readonly at: Interface;
}

export interface FarEnd {
  readonly machine: Host;
  readonly port: Interface;
}

/** Bytes on their way from one port to another. */
export interface FlowRequest {
  readonly from: FarEnd;
  readonly to: FarEnd;
  readonly medium: Medium;
  /** Gb/s that it would reach alone on a healthy path. */
  readonly wants: number;
  /** Tells its small variations apart from those of others. */
  readonly seed: string;
}

export interface Flow {
  /** Gb/s now: what everything on the same path leaves to it. */
  readonly rate: number;
  /** A second of the test is over: the rate varies a little, and is looked at anew. */
  next(): void;
  /** Nothing of it moves any more. */
  stop(): void;
}

/** What is between the two machines: the cable, and the office network that both are in. */
export interface Wire {
  readonly machines: readonly Host[];
  /** What moves between them. */
  readonly flows: { open(request: FlowRequest): Flow };
  other(machine: Host): Host | undefined;
  /** What is plugged into the other end of a fast port. */
  farEnd(machine: Host, port: Interface): FarEnd | undefined;
  /** Whether a fast port has a carrier: both ends of its cable are switched on. */
  carries(machine: Host, port: Interface): boolean;
  /** Both machines look anew at their carriers. */
  changed(): void;
  /**
   * Follows a packet to an IP address, over a named port or by the routes, and lets both ends learn of each other.
   * Undefined when nobody is there, or the answer would not come back.
   */
  deliver(from: Host, target: string, options?: { dev?: string; bytes?: number }): Arrival | undefined;
  /** The address that a packet to a target leaves with. */
  source(from: Host, out: Interface, target: string): string | undefined;
  /** Everybody on the link of a port whom a multicast reaches. */
  onLink(from: Host, out: Interface): (FarEnd & { address: string })[];
  /** The address that a name means on a machine: its own, the other's, with or without `.local`. */
  resolve(from: Host, name: string): string | undefined;
}
