/** The first or the second node of the pair. */
export type Side = 1 | 2;
export const sides: readonly Side[] = [1, 2];
/** Physical QSFP port: 0 next to the RJ45, 1 beside it. */
export type Port = 0 | 1;
/** PCIe half: `a` is `enp1…`, `b` is `enP2p1…`. */
export type Half = 'a' | 'b';
export const halves: readonly Half[] = ['a', 'b'];

export type Renderer = 'networkd' | 'NetworkManager';
export type Cables = 'port1' | 'port0' | 'both' | 'mixed' | 'none';
export type Sudo = 'password' | 'nopasswd' | 'none';

/** What a lab is asked to be; every field has a default. */
export interface LabOptions {
  readonly renderer?: Renderer;
  /** `mixed`: port 0 of node 1 to port 1 of node 2. */
  readonly cables?: Cables;
  /** One name for both nodes, or one each. */
  readonly users?: string | readonly [string, string];
  readonly sudo?: Sudo;
  /** `key` also lets the laptop in with an identity of its own, named in cluster.yaml. */
  readonly login?: 'password' | 'key';
  /**
   * With NetworkManager, what the CX-7 ports are before anybody configures them: `automatic` (default) has an active
   * "Wired connection N" with an IPv6 link-local address, as on DGX OS; `idle` is managed without a profile, and so
   * without any address.
   */
  readonly nmPorts?: 'automatic' | 'idle';
  /** Working folder; a new one under /var/tmp/twinspark-lab by default. Must not be on an overlay file system. */
  readonly stateDir?: string;
  readonly cacheDir?: string;
  /** Leaves the pair running when this process ends. */
  readonly keep?: boolean;
  /** Progress for people. */
  readonly say?: (line: string) => void;
}

/** Everything that a running lab was decided to be; written to state.json, holds no secret. */
export interface LabPlan {
  /** 1…254, unique on this machine: names of interfaces, management subnet and cgroup come from it. */
  readonly instance: number;
  readonly stateDir: string;
  readonly base: string;
  readonly renderer: Renderer;
  readonly cables: Cables;
  readonly nmPorts: 'automatic' | 'idle';
  readonly users: readonly [string, string];
  readonly sudo: Sudo;
  readonly login: 'password' | 'key';
  readonly keep: boolean;
}

export const hostnames: Readonly<Record<Side, string>> = { 1: 'spark-5c2d', 2: 'spark-bd26' };

export function other(side: Side): Side {
  return side === 1 ? 2 : 1;
}

export function userOf(plan: LabPlan, side: Side): string {
  return plan.users[side - 1] ?? plan.users[0];
}

/** Name of a CX-7 port inside a node. */
export function netdev(port: Port, half: Half): string {
  return `${half === 'a' ? 'enp1' : 'enP2p1'}s0f${port}np${port}`;
}

export const managementPort = 'enP7s7';

/** Host-side names: at most 15 characters, all with the instance's own prefix. */
export const hostNames = {
  management: (instance: number) => `tsl${instance}mg`,
  managementEnd: (instance: number, side: Side) => `tsl${instance}n${side}mg`,
  cable: (instance: number, cable: number, half: Half) => `tsl${instance}c${cable}${half}`,
  portEnd: (instance: number, side: Side, port: Port, half: Half) => `tsl${instance}n${side}p${port}${half}`,
};

export function subnet(instance: number): string {
  return `10.77.${instance}.0/24`;
}
export function hostAddress(instance: number): string {
  return `10.77.${instance}.1`;
}
export function nodeAddress(instance: number, side: Side): string {
  return `10.77.${instance}.${10 + side}`;
}

/** Stable hardware addresses (locally administered), so that a power cut or a reset changes none. */
export function mac(side: Side, port: Port | 'management', half: Half = 'a'): string {
  const id = side === 1 ? '5c:2d' : 'bd:26';
  const last = port === 'management' ? '07' : `${half === 'a' ? 1 : 2}${port}`;
  return `4a:bb:47:${id}:${last}`;
}

/** The cables that are in: each joins a port of node 1 to a port of node 2, by both halves. */
export function cableEnds(cables: Cables): readonly Readonly<Record<Side, Port>>[] {
  switch (cables) {
    case 'port0':
      return [{ 1: 0, 2: 0 }];
    case 'port1':
      return [{ 1: 1, 2: 1 }];
    case 'both':
      return [
        { 1: 0, 2: 0 },
        { 1: 1, 2: 1 },
      ];
    case 'mixed':
      return [{ 1: 0, 2: 1 }];
    case 'none':
      return [];
  }
}

/** Folders of one node. */
export function nodePaths(plan: Pick<LabPlan, 'stateDir'>, side: Side) {
  const folder = `${plan.stateDir}/node${side}`;
  return {
    folder,
    /** Layer with what the node has of its own: keys, users, names. Written once per lab. */
    seed: `${folder}/seed`,
    upper: `${folder}/upper`,
    work: `${folder}/work`,
    root: `${folder}/root`,
    /** Read-only view of seed over base: the node before its first boot. */
    pristine: `${folder}/pristine`,
    console: `${folder}/console.log`,
    fresh: `${folder}/fresh.json`,
  };
}
