import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { accessFiles, environment, readSecrets, writeAccess } from './access';
import { baseRoot } from './base';
import { onExit } from './cleanup';
import { compare } from './diff';
import type { NodeDiff } from './diff';
import { LabError } from './error';
import { Faults } from './faults';
import {
  execInside,
  mountNode,
  mounts,
  networkSettled,
  powerCut,
  powerOn,
  settled,
  unmountNode,
} from './machine';
import type { ExecOptions, Machine } from './machine';
import { raiseBridges, removeNetwork, takeInstance } from './network';
import { hostnames, nodeAddress, nodePaths, sides, userOf } from './plan';
import type { LabOptions, LabPlan, Side } from './plan';
import { alive, identify, must } from './process';
import type { RunResult } from './process';
import { newSecrets, writeSeed } from './seed';
import type { Secrets } from './seed';
import { loadFresh, saveFresh, takeSnapshot } from './snapshot';
import { defaultCache, defaultParent, knownLabs, loadState, saveState } from './state';
import type { LabState } from './state';
import { labUnavailable } from './unavailable';

/** A running pair of nodes. Everything in it ends with `down`, and with this process unless it was asked to stay. */
export class Lab {
  /** Things that go wrong for real, and their ends. Power is `cutPower` and `start`. */
  readonly fault: Faults;

  private constructor(
    private readonly state: LabState,
    private readonly secrets: Secrets,
    private readonly unregister: () => void,
  ) {
    this.fault = new Faults({
      plan: state.plan,
      sh: (side, script) => this.sh(side, script),
      powered: (side) => this.powered(side),
      unplugged: () => state.unplugged,
      setUnplugged: (ends) => {
        state.unplugged = [...ends];
        saveState(state);
      },
    });
  }

  /**
   * Boots a fresh pair. Builds the root file system on the first call on a machine (about half a minute).
   * @throws LabError `unavailable` with the reason when this machine cannot run it
   */
  static async up(options: LabOptions = {}): Promise<Lab> {
    const why = labUnavailable();
    if (why !== null) throw new LabError('unavailable', why);
    const say = options.say ?? (() => undefined);
    await Lab.sweep();
    const stateDir = claimFolder(options.stateDir);
    const base = await baseRoot(options.cacheDir ?? defaultCache, say);
    const users = typeof options.users === 'object' ? options.users : null;
    const user = typeof options.users === 'string' ? options.users : 'nvidia';
    const plan: LabPlan = {
      instance: await takeInstance(),
      stateDir,
      base,
      renderer: options.renderer ?? 'networkd',
      cables: options.cables ?? 'port1',
      users: users === null ? [user, user] : [users[0], users[1]],
      nmPorts: options.nmPorts ?? 'automatic',
      sudo: options.sudo ?? 'password',
      login: options.login ?? 'password',
      keep: options.keep ?? false,
    };
    const owner = identify(process.pid);
    if (owner === undefined) throw new LabError('unavailable', '/proc is not mounted');
    const state: LabState = { plan, owner, machines: {}, unplugged: [] };
    saveState(state);
    const unregister = plan.keep ? () => undefined : onExit(stateDir, () => downCommand(stateDir));
    const secrets = newSecrets();
    const lab = new Lab(state, secrets, unregister);
    try {
      await raiseBridges(plan.instance, plan.cables);
      if (plan.login === 'key') {
        const file = accessFiles(stateDir).identity;
        await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab laptop', '-f', file]);
      }
      await Promise.all(sides.map((side) => lab.prepare(side)));
      writeAccess(plan, secrets);
      await Promise.all(sides.map((side) => lab.start(side, true)));
    } catch (cause) {
      await lab.down();
      throw cause;
    }
    return lab;
  }

  /** A lab that another process left running (`npm run lab -- up`). @throws LabError `no-lab` */
  static open(stateDir: string): Lab {
    const state = loadState(resolve(stateDir));
    return new Lab(state, readSecrets(state.plan), () => undefined);
  }

  /** Ends labs whose owner is gone and that were not asked to stay; `all` ends every lab of this machine. */
  static async sweep(all = false): Promise<string[]> {
    const ended: string[] = [];
    for (const folder of knownLabs()) {
      try {
        const lab = Lab.open(folder);
        if (!all && (lab.state.plan.keep || alive(lab.state.owner))) continue;
        await lab.down();
        ended.push(folder);
      } catch (cause) {
        // Another process may be ending the same leftover; what is still there after this did fail.
        if (existsSync(`${folder}/state.json`)) throw cause;
      }
    }
    return ended;
  }

  get plan(): LabPlan {
    return this.state.plan;
  }
  /** Path of the cluster.yaml that names both nodes. */
  get clusterFile(): string {
    return accessFiles(this.plan.stateDir).cluster;
  }
  /** Path of an OpenSSH known_hosts with the nodes' real keys. */
  get knownHostsFile(): string {
    return accessFiles(this.plan.stateDir).knownHosts;
  }
  /** Path of the 0600 file with the `export` lines that cluster.yaml needs. */
  get envFile(): string {
    return accessFiles(this.plan.stateDir).env;
  }
  /** The variables that cluster.yaml refers to, to be merged into the environment of the program under test. */
  get env(): Record<string, string> {
    return environment(this.plan, this.secrets);
  }

  /** How to reach a node from this machine. */
  node(side: Side) {
    return {
      name: hostnames[side],
      host: nodeAddress(this.plan.instance, side),
      user: userOf(this.plan, side),
      password: this.secrets[side],
      /** Process id of the node's init on this machine; undefined without power. */
      pid: this.state.machines[side]?.init.pid,
    };
  }

  /** Whether a node has power. */
  powered(side: Side): boolean {
    return alive(this.state.machines[side]?.init);
  }

  /** Runs a script as root inside a node, past its network and sshd. A non-zero exit resolves. */
  exec(side: Side, script: string, options: ExecOptions = {}): Promise<RunResult> {
    return execInside(this.machine(side), script, options);
  }

  /** Like `exec`, and throws LabError `command-failed` unless the script exits 0. Gives stdout. */
  async sh(side: Side, script: string, options: ExecOptions = {}): Promise<string> {
    const result = await this.exec(side, script, options);
    if (result.code === 0) return result.stdout;
    throw new LabError(
      'command-failed',
      `${hostnames[side]}: ${script}: exit ${result.code ?? 'by signal'}: ${result.stderr.trim() || result.stdout.trim()}`,
    );
  }

  /** Both nodes back to fresh: everything they wrote is dropped, cables are in, and they have booted again. */
  async reset(): Promise<void> {
    this.state.unplugged = [];
    await Promise.all(
      sides.map(async (side) => {
        await this.cutPower(side);
        await unmountNode(this.plan, side);
        const { upper, work } = nodePaths(this.plan, side);
        for (const folder of [upper, work]) rmSync(folder, { recursive: true, force: true });
        await this.start(side, true);
      }),
    );
  }

  /** Ends both nodes and removes everything the lab made, also leftovers of a failed start. */
  async down(): Promise<void> {
    const { plan } = this.state;
    for (const side of sides) {
      await this.cutPower(side);
      await unmountNode(plan, side);
    }
    await removeNetwork(plan.instance);
    const left = mounts().filter((path) => path.startsWith(`${plan.stateDir}/`));
    for (const path of left.reverse()) await must('umount', ['--lazy', path]);
    rmSync(plan.stateDir, { recursive: true, force: true });
    this.unregister();
  }

  /** Pulls the plug of a node: SIGKILL to everything in it. */
  async cutPower(side: Side): Promise<void> {
    await powerCut(this.plan, side, this.state.machines[side]);
    this.state.machines = { ...this.state.machines, [side]: undefined };
    saveState(this.state);
  }

  /** Boots a node from the same disk as it was left, and waits until it has finished booting. */
  async start(side: Side, fresh = false): Promise<void> {
    if (!mounts().includes(nodePaths(this.plan, side).root)) await mountNode(this.plan, side);
    const machine = await powerOn(this.plan, side, this.state.unplugged);
    this.state.machines = { ...this.state.machines, [side]: machine };
    saveState(this.state);
    await settled(machine, side, nodeAddress(this.plan.instance, side));
    if (fresh) saveFresh(this.plan, side, await takeSnapshot(this.plan, side, machine));
  }

  /** Waits until the network of a node does nothing by itself any more, as after `netplan apply`. */
  async settled(side: Side, limitMs = 30_000): Promise<void> {
    await networkSettled(this.machine(side), side, limitMs);
  }

  /** Exactly what is different between a running node and its fresh state. Prints "no difference" when nothing is. */
  async diff(side: Side): Promise<NodeDiff> {
    const now = await takeSnapshot(this.plan, side, this.machine(side));
    return compare(loadFresh(this.plan, side), now, nodePaths(this.plan, side).pristine);
  }

  private machine(side: Side): Machine {
    const machine = this.state.machines[side];
    if (machine === undefined) throw new LabError('bad-argument', `${hostnames[side]} has no power`);
    return machine;
  }

  /** Writes the node's own files into its seed layer, through an overlay so that only differences land there. */
  private async prepare(side: Side): Promise<void> {
    const { plan } = this.state;
    const { seed, work, root, pristine } = nodePaths(plan, side);
    for (const folder of [seed, work, root, pristine]) mkdirSync(folder, { recursive: true });
    const layers = `lowerdir=${plan.base},upperdir=${seed},workdir=${work}`;
    await must('mount', ['-t', 'overlay', '-o', layers, `tsl${plan.instance}s${side}`, root]);
    try {
      await writeSeed(root, plan, side, this.secrets[side]);
    } finally {
      await must('umount', [root]);
    }
    rmSync(work, { recursive: true, force: true });
    const readOnly = `ro,lowerdir=${seed}:${plan.base}`;
    await must('mount', ['-t', 'overlay', '-o', readOnly, `tsl${plan.instance}f${side}`, pristine]);
  }
}

function claimFolder(wanted: string | undefined): string {
  if (wanted === undefined) {
    mkdirSync(defaultParent, { recursive: true, mode: 0o700 });
    return mkdtempSync(`${defaultParent}/pair-`);
  }
  const folder = resolve(wanted);
  if (existsSync(`${folder}/state.json`))
    throw new LabError('busy', `there is a lab in ${folder}; end it first`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** The command that ends a lab from an exit handler. */
function downCommand(stateDir: string): readonly [string, readonly string[]] {
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
  return [process.execPath, ['--import', tsx, cli, 'down', '--state', stateDir]];
}
