import type { Login } from './factory';
import { combineFaults, faultIds, foreignPath, foreignText, type Effects, type FaultId } from './faults';
import { identities } from './hardware';
import { Machine } from './machine';
import type { PracticeCluster, ShellRunner } from './node-model';
import { Pace } from './pace';
import { plainShell } from './plain-shell';
import type { Schedule } from './systemd';
import { Cabling } from './wire';

export interface ClusterOptions {
  /** Names of the nodes, as their owner calls them. */
  readonly names?: readonly [string, string];
  readonly login?: Login;
  /** Runs what `ssh` between the nodes and timers run; without it, a shell without job control and traps. */
  readonly shell?: ShellRunner;
  /** Timers of the nodes; the real ones when left out. */
  readonly schedule?: Schedule;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** How much quicker than usual tests are over, for tests of our own. */
  readonly pace?: number;
}

export const practiceLogin: Login = { user: 'nvidia', password: 'practice', sudo: 'password' };

/** Two practice machines with a cable between their ports 1. */
export function makeCluster(
  options: ClusterOptions = {},
): PracticeCluster & { machines: readonly [Machine, Machine] } {
  return new Cluster(options);
}

class Cluster implements PracticeCluster {
  readonly #on = new Set<FaultId>();
  readonly #listeners = new Set<(id: FaultId, on: boolean) => void>();
  #effects: readonly [Effects, Effects] = effectsOf(this.#on);
  #machines: readonly [Machine, Machine];

  constructor(private readonly options: ClusterOptions) {
    this.#machines = this.#build();
  }

  get machines(): readonly [Machine, Machine] {
    return this.#machines;
  }

  get nodes(): readonly [Machine, Machine] {
    return this.#machines;
  }

  get faults(): { id: FaultId; on: boolean }[] {
    return faultIds.map((id) => ({ id, on: this.#on.has(id) }));
  }

  hasFault(id: FaultId): boolean {
    return this.#on.has(id);
  }

  setFault(id: FaultId, on: boolean): void {
    if (this.#on.has(id) === on) return;
    if (on) this.#on.add(id);
    else this.#on.delete(id);
    const before = this.#effects;
    this.#effects = effectsOf(this.#on);
    this.#machines.forEach((machine, index) => {
      const position = index as 0 | 1;
      changeFiles(machine, position, before[position], this.#effects[position]);
    });
    this.#machines[0].wire.changed();
    for (const listener of [...this.#listeners]) listener(id, on);
  }

  onFault(listener: (id: FaultId, on: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reset(): void {
    for (const id of [...this.#on]) this.setFault(id, false);
    for (const machine of this.#machines) machine.restore();
    this.#machines[0].wire.changed();
  }

  close(): void {
    for (const machine of this.#machines) machine.systemd.reset();
  }

  #build(): [Machine, Machine] {
    const wire = new Cabling(() => this.#effects[0]);
    const names = this.options.names ?? [identities[0].hostname, identities[1].hostname];
    const make = (index: 0 | 1) =>
      new Machine({
        name: names[index],
        identity: identities[index],
        login: this.options.login ?? practiceLogin,
        effects: () => this.#effects[index],
        wire,
        shell: this.options.shell ?? plainShell,
        schedule: this.options.schedule ?? realTime,
        now: this.options.now ?? Date.now,
        pace: new Pace(this.options.pace),
      });
    const machines: [Machine, Machine] = [make(0), make(1)];
    wire.connect(machines);
    return machines;
  }
}

const realTime: Schedule = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** What each node sees of the faults: the cable is both nodes', the rest the second's. */
function effectsOf(on: ReadonlySet<FaultId>): readonly [Effects, Effects] {
  const all = combineFaults(on);
  const { cable, deadHalf, slow, detour, rdmaUnusable, lossy, foreignNetplan } = all;
  const shared = { cable, deadHalf, slow, detour, rdmaUnusable, lossy, foreignNetplan };
  return [{ ...combineFaults(new Set()), ...shared }, all];
}

/** Faults that are files: written when they come, taken away when they go and nobody has edited them. */
function changeFiles(machine: Machine, position: 0 | 1, before: Effects, now: Effects): void {
  const { files } = machine;
  if (before.foreignNetplan !== now.foreignNetplan) {
    const text = foreignText(position);
    if (now.foreignNetplan) files.write(foreignPath, text, { mode: 0o600 });
    else if (files.read(foreignPath) === text) files.remove(foreignPath);
    machine.applyNetplan();
  }
  if (before.release !== now.release) {
    const text = files.read('/etc/dgx-release') ?? '';
    const version = now.release ?? '7.5.0';
    files.write('/etc/dgx-release', text.replace(/^DGX_OTA_VERSION=.*$/m, `DGX_OTA_VERSION="${version}"`));
  }
}
