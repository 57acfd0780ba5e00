/** Faults that can be put into the practice pair. Their words are `practice.fault.ID.title` and `.text` of the catalogue. */
export const faultIds = [
  'cable-out',
  'half-out',
  'slow-link',
  'two-lanes',
  'same-half',
  'wrong-way',
  'no-rdma',
  'lossy-cable',
  'swapped-ports',
  'wrong-password',
  'no-sudo',
  'foreign-netplan',
  'full-disk',
  'sshd-down',
  'host-key-changed',
  'release-differs',
  'clock-off',
  'mtu-mismatch',
] as const;
export type FaultId = (typeof faultIds)[number];

/** What faults do to the model; those of one node are the second's. What is not named is as it should be. */
export interface Effects {
  /** `out`: no cable. `crossed`: in port 0 of the second node. */
  readonly cable: 'straight' | 'crossed' | 'out';
  /** The half of every port that is dead. */
  readonly deadHalf: 'b' | null;
  readonly slow: boolean;
  /** PCIe lanes of each half. */
  readonly lanes: 4 | 2;
  /**
   * Where packets go that half b's subnet is for: over half a, through the same port, or through port 0 by a cable that
   * is there besides.
   */
  readonly detour: 'same-port' | 'second-cable' | null;
  /** Programs find no RDMA device that they could open. */
  readonly rdmaUnusable: boolean;
  /** The cable drops frames. */
  readonly lossy: boolean;
  /** No password is right any more, for login and sudo. */
  readonly refusesPasswords: boolean;
  readonly refusesSudo: boolean;
  readonly diskFull: boolean;
  readonly refusesConnections: boolean;
  readonly otherHostKey: boolean;
  readonly clockAheadMs: number;
  /** MTU of the fast ports. */
  readonly mtu: number | null;
  readonly release: string | null;
  /** Another tool's netplan file, on both nodes. */
  readonly foreignNetplan: boolean;
}

const healthy: Effects = {
  cable: 'straight',
  deadHalf: null,
  slow: false,
  lanes: 4,
  detour: null,
  rdmaUnusable: false,
  lossy: false,
  refusesPasswords: false,
  refusesSudo: false,
  diskFull: false,
  refusesConnections: false,
  otherHostKey: false,
  clockAheadMs: 0,
  mtu: null,
  release: null,
  foreignNetplan: false,
};

/** A fault's effects, the weaker ones first: where two touch the same thing, the later one counts. */
const effectsOf: Readonly<Record<FaultId, Partial<Effects>>> = {
  'swapped-ports': { cable: 'crossed' },
  'cable-out': { cable: 'out' },
  'half-out': { deadHalf: 'b' },
  'slow-link': { slow: true },
  'two-lanes': { lanes: 2 },
  'same-half': { detour: 'second-cable' },
  'wrong-way': { detour: 'same-port' },
  'no-rdma': { rdmaUnusable: true },
  'lossy-cable': { lossy: true },
  'wrong-password': { refusesPasswords: true },
  'no-sudo': { refusesSudo: true },
  'foreign-netplan': { foreignNetplan: true },
  'full-disk': { diskFull: true },
  'sshd-down': { refusesConnections: true },
  'host-key-changed': { otherHostKey: true },
  'release-differs': { release: '7.3.1' },
  'clock-off': { clockAheadMs: 7 * 60_000 },
  'mtu-mismatch': { mtu: 9000 },
};

/** All that the faults which are on do together. */
export function combineFaults(on: ReadonlySet<FaultId>): Effects {
  const found = Object.entries(effectsOf).filter(([id]) => faultIds.some((one) => one === id && on.has(one)));
  return found.reduce<Effects>((sum, [, effects]) => ({ ...sum, ...effects }), healthy);
}

/** The file that NVIDIA Sync's Cluster Assistant leaves, for one half only. */
export const foreignPath = '/etc/netplan/99-nvidia-sync-cluster.yaml';

export function foreignText(node: 0 | 1): string {
  return [
    'network:',
    '  version: 2',
    '  ethernets:',
    '    enp1s0f1np1:',
    '      dhcp4: false',
    '      optional: true',
    `      addresses: [192.168.177.${node + 1}/24]`,
    '',
  ].join('\n');
}
