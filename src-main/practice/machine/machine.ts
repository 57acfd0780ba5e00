import type { CustomCommand, ExecResult } from 'just-bash';
import { livePrograms, machineCommands, programNames } from '../commands/all';
import { runLive } from '../commands/live';
import { Accounts } from './accounts';
import { addPrograms, furnish, makeHome, writeHostKey, type Login } from './factory';
import type { Effects } from './faults';
import { FileTree, rootCredentials, type Credentials } from './file-tree';
import { Firewall } from './firewall';
import { managementPort, type Identity } from './hardware';
import { authorizedKeys, sudoRule, type SudoRule } from './login-rules';
import { Meters } from './meters';
import { generateNetplan } from './netplan-generate';
import { Network } from './network';
import { CallerFs } from './node-fs';
import type { Caller, LiveRun, NodeFs, PowerEvent, ShellOptions, ShellRunner } from './node-model';
import type { Pace } from './pace';
import { mountProc } from './proc';
import { ProcessFiles, type RunningProgram } from './process-files';
import { RootFiles } from './root-files';
import { makeKey, privateKeyFile, readPrivateKey, type SshKey } from './ssh-key';
import { Sockets } from './sockets';
import { mountSysfs } from './sysfs';

import { Systemd, type Schedule } from './systemd';
import type { Host, Wire } from './host';
import type { Interface } from './interfaces';

export interface MachineParts {
  readonly name: string;
  readonly identity: Identity;
  readonly login: Login;
  readonly effects: () => Effects;
  readonly wire: Wire;
  readonly shell: ShellRunner;
  readonly schedule: Schedule;
  readonly now: () => number;
  readonly pace: Pace;
}

/** One make-believe DGX Spark. */
export class Machine implements Host {
  readonly tree: FileTree;
  readonly files: RootFiles;
  readonly accounts: Accounts;
  readonly network: Network;
  readonly firewall: Firewall;
  readonly systemd: Systemd;
  readonly fs: NodeFs;
  readonly meters: Meters;
  readonly sockets = new Sockets();
  readonly programs: ProcessFiles;
  powered = true;
  bootedAt: number;
  /** Time stands still while somebody reads. */
  #instant: { readonly at: number; holders: number } | undefined;
  readonly #otherKey: SshKey;
  readonly #listeners = new Set<(event: PowerEvent) => void>();

  constructor(private readonly parts: MachineParts) {
    const { identity, wire, effects } = parts;
    this.tree = new FileTree(() => new Date(this.now()));
    this.files = new RootFiles(this.tree);
    this.meters = new Meters(() => this.#clock());
    this.programs = new ProcessFiles(this.files);
    this.accounts = new Accounts(this.files);
    this.firewall = new Firewall(this.files);
    this.bootedAt = this.now() - 4 * 3_600_000;
    this.#otherKey = makeKey(`root@${identity.hostname}`);
    furnish(this.files, identity, parts.login, programNames);
    this.network = new Network({
      identity,
      carries: (port) => wire.carries(this, port),
      oddMtu: (port) => (port.kind === 'cx7' && port.mtu === 1500 ? (effects().mtu ?? undefined) : undefined),
      detour: (port) => detourOf(effects().detour, port),
      changed: () => wire.changed(),
    });
    this.systemd = new Systemd(this.files, () => this.now(), parts.schedule);
    this.tree.full = (path) => effects().diskFull && !/^\/(run|dev|proc|sys)(\/|$)/.test(path);
    this.fs = this.fsFor({ user: 'root', uid: 0, root: true });
    this.#mount();
  }

  get name(): string {
    return this.parts.name;
  }

  get identity(): Identity {
    return this.parts.identity;
  }

  get effects(): Effects {
    return this.parts.effects();
  }

  get pace(): Pace {
    return this.parts.pace;
  }

  get wire(): Wire {
    return this.parts.wire;
  }

  /** Milliseconds since the epoch by this machine's own clock. */
  now(): number {
    return this.#clock() + this.parts.effects().clockAheadMs;
  }

  async atOnce<T>(work: () => Promise<T>): Promise<T> {
    this.#instant ??= { at: this.parts.now(), holders: 0 };
    this.#instant.holders++;
    try {
      return await work();
    } finally {
      this.#instant.holders--;
      if (this.#instant.holders === 0) this.#instant = undefined;
    }
  }

  #clock(): number {
    return this.#instant?.at ?? this.parts.now();
  }

  hostname(): string {
    return (this.files.read('/etc/hostname') ?? '').trim();
  }

  fsFor(caller: Caller): NodeFs {
    const { who, gid } = this.credentials(caller);
    return new CallerFs(this.tree, who, gid);
  }

  credentials(caller: Caller): { who: Credentials; gid: number } {
    if (caller.root) return { who: rootCredentials, gid: 0 };
    const account = this.accounts.find(caller.user);
    const groups = account ? this.accounts.groupsOf(account) : [];
    const who = { uid: caller.uid, gids: new Set(groups.map(({ gid }) => gid)), root: false };
    return { who, gid: account?.gid ?? caller.uid };
  }

  commands(caller: Caller, fs: NodeFs = this.fsFor(caller)): CustomCommand[] {
    return machineCommands({ machine: this, caller, fs });
  }

  isLive(name: string): boolean {
    return livePrograms.has(name);
  }

  live(name: string, caller: Caller): LiveRun | undefined {
    const program = livePrograms.get(name);
    if (program === undefined) return undefined;
    return (start) => runLive(program, { ...start, machine: this, caller, fs: this.fsFor(caller) });
  }

  showProcess(program: RunningProgram): () => void {
    return this.programs.add(program);
  }

  addPrograms(names: readonly string[]): void {
    addPrograms(this.files, names);
  }

  account(user: string): Caller | undefined {
    const found = this.accounts.find(user);
    return found && { user: found.name, uid: found.uid, root: found.uid === 0 };
  }

  checkPassword(user: string, password: string): boolean {
    return !this.effects.refusesPasswords && this.accounts.checkPassword(user, password);
  }

  authorizedKeys(user: string): string {
    return authorizedKeys(this.files, this.accounts, user);
  }

  sudoRule(user: string): SudoRule {
    return sudoRule(this.files, this.accounts, user, this.effects.refusesSudo);
  }

  home(user: string): string {
    return this.accounts.find(user)?.home ?? '/';
  }

  shell(user: string): string {
    const shell = this.accounts.find(user)?.shell ?? '';
    return shell === '' ? '/bin/sh' : shell;
  }

  hostKey(): string {
    const own = this.files.read('/etc/ssh/ssh_host_ed25519_key') ?? '';
    const kept = readPrivateKey(own);
    return this.effects.otherHostKey || kept === null ? privateKeyFile(this.#otherKey) : own;
  }

  /** `ssh-ed25519 BASE64` of {@link hostKey}. */
  publicHostKey(): string {
    return readPrivateKey(this.hostKey())?.publicKey ?? '';
  }

  reachable(): boolean {
    if (!this.powered || this.effects.refusesConnections) return false;
    const port = this.network.find(managementPort);
    if (port === undefined || !this.network.carrier(port)) return false;
    const addressed = this.network
      .addresses(port)
      .some(({ family, scope }) => family === 'inet' && scope === 'global');
    return addressed && this.firewall.admits({ port: 22, dev: port.name, from: '192.0.2.100' });
  }

  /** Runs a command line on this machine as one of its accounts. */
  run(caller: Caller, script: string, options: ShellOptions = {}): Promise<ExecResult> {
    return this.parts.shell(this, caller, script, options);
  }

  /** What `netplan apply` does. @throws NetplanError */
  applyNetplan(): readonly string[] {
    const { profiles, warnings } = generateNetplan(this.files, this.network.interfaces);
    if ([...profiles.values()].some(({ renderer }) => renderer === 'networkd')) {
      this.systemd.start('systemd-networkd.socket');
      this.systemd.start('systemd-networkd.service');
    }
    this.network.apply(profiles);
    return warnings;
  }

  powerCycle(): Promise<void> {
    this.powered = false;
    this.#tell('off');
    this.systemd.reset();
    for (const name of this.files.list('/run')) this.files.remove(`/run/${name}`);
    for (const name of this.files.list('/tmp')) this.files.remove(`/tmp/${name}`);
    this.network.boot();
    this.meters.clear();
    this.bootedAt = this.now();
    this.#mount();
    this.powered = true;
    // The other end of the cable sees its carrier come back.
    this.parts.wire.changed();
    this.#tell('on');
    return Promise.resolve();
  }

  onPower(listener: (event: PowerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The machine as it came from the factory, with the host key that everybody knows it by. */
  restore(): void {
    const key = readPrivateKey(this.files.read('/etc/ssh/ssh_host_ed25519_key') ?? '');
    this.#tell('off');
    this.systemd.reset();
    this.tree.root.entries.clear();
    furnish(this.files, this.identity, this.parts.login, programNames);
    if (key) writeHostKey(this.files, key);
    this.network.boot();
    this.meters.clear();
    this.#mount();
    this.#tell('on');
  }

  makeHome(account: { home: string; uid: number; gid: number }): void {
    makeHome(this.files, account);
  }

  /** What the kernel and the boot make. */
  #mount(): void {
    for (const path of [
      '/run/lock',
      '/run/sshd',
      '/run/systemd/system',
      '/run/systemd/transient',
      '/run/NetworkManager/system-connections',
    ])
      this.files.folder(path);
    this.files.write('/run/utmp', '', { mode: 0o664 });
    mountProc(this.files, {
      sockets: this.sockets,
      now: () => this.now(),
      bootedAt: () => this.bootedAt,
      bootId: () => this.identity.bootId,
    });
    mountSysfs(this);
    try {
      this.applyNetplan();
    } catch {
      // A broken file keeps netplan's generator from writing anything; the machine boots without it.
      this.network.apply(new Map());
    }
  }

  #tell(event: PowerEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** The port that takes half b's packets away from it. */
function detourOf(detour: Effects['detour'], { cx }: Interface): boolean {
  return detour !== null && cx?.half === 'a' && cx.port === (detour === 'same-port' ? 1 : 0);
}
