import { cxFunctions, gateway, macPlus, managementPort, type CxFunction, type Identity } from './hardware';
import type { Family } from './ip-values';

export interface Address {
  readonly family: Family;
  readonly local: string;
  readonly prefix: number;
  readonly scope: 'global' | 'link' | 'host';
  readonly broadcast?: string;
  readonly label?: string;
  /** From a lease. */
  readonly dynamic?: boolean;
  readonly noprefixroute?: boolean;
  /** Who gave it: the network manager, or somebody with `ip`. */
  readonly by: 'manager' | 'hand';
}

export interface Route {
  readonly family: Family;
  /** `default` or a network. */
  readonly dst: string;
  readonly gateway?: string;
  readonly protocol: string;
  readonly scope?: string;
  readonly prefsrc?: string;
  readonly metric?: number;
  readonly by: 'manager' | 'hand' | 'kernel';
}

/** How a network manager configures an interface: from netplan, or its own default. */
export interface Profile {
  readonly renderer: 'NetworkManager' | 'networkd';
  /** From netplan; false for NetworkManager's own wired connection. */
  readonly netplan: boolean;
  readonly addresses: readonly string[];
  readonly dhcp4: boolean;
  readonly linkLocal: readonly string[];
  readonly mtu: number | undefined;
  readonly gateway: string | undefined;
}

export interface KernelSettings {
  disable_ipv6: string;
  addr_gen_mode: string;
  accept_ra: string;
  promote_secondaries: string;
}

export interface Interface {
  readonly index: number;
  readonly name: string;
  readonly kind: 'loopback' | 'rj45' | 'cx7' | 'bridge';
  readonly mac: string;
  readonly cx: CxFunction | undefined;
  up: boolean;
  mtu: number;
  addresses: Address[];
  routes: Route[];
  profile: Profile | undefined;
  /** Whether the manager has brought the profile up. */
  active: boolean;
  /** Whether the kernel's own link-local address was taken away, or is not wanted. */
  withoutLinkLocal: boolean;
  settings: KernelSettings;
}

/** NetworkManager's default for a wired port that no file names: ask for an address by DHCP. */
export const automatic: Profile = {
  renderer: 'NetworkManager',
  netplan: false,
  addresses: [],
  dhcp4: true,
  linkLocal: ['ipv6'],
  mtu: undefined,
  gateway: undefined,
};

function make(index: number, name: string, kind: Interface['kind'], mac: string, cx?: CxFunction): Interface {
  const loopback = kind === 'loopback';
  return {
    index,
    name,
    kind,
    mac,
    cx,
    up: true,
    mtu: loopback ? 65_536 : 1500,
    addresses: loopback
      ? [
          { family: 'inet', local: '127.0.0.1', prefix: 8, scope: 'host', label: 'lo', by: 'hand' },
          { family: 'inet6', local: '::1', prefix: 128, scope: 'host', noprefixroute: true, by: 'hand' },
        ]
      : [],
    routes: [],
    profile: kind === 'rj45' || kind === 'cx7' ? automatic : undefined,
    active: false,
    withoutLinkLocal: false,
    settings: { disable_ipv6: '0', addr_gen_mode: '0', accept_ra: '1', promote_secondaries: '1' },
  };
}

/** The interfaces of a Spark after boot, before a manager has configured them. */
export function factoryInterfaces(identity: Identity): Interface[] {
  const docker = make(7, 'docker0', 'bridge', identity.dockerMac);
  docker.addresses.push({
    family: 'inet',
    local: '172.17.0.1',
    prefix: 16,
    broadcast: '172.17.255.255',
    scope: 'global',
    label: 'docker0',
    by: 'hand',
  });
  return [
    make(1, 'lo', 'loopback', '00:00:00:00:00:00'),
    make(2, managementPort, 'rj45', identity.managementMac),
    ...cxFunctions.map((cx, index) =>
      make(3 + index, cx.netdev, 'cx7', macPlus(identity.cxMac, cx.offset), cx),
    ),
    docker,
  ];
}

/** The lease that the office's router gives the management port. */
export function lease({ address }: Identity, label: string): { address: Address; route: Route } {
  return {
    address: {
      family: 'inet',
      local: address,
      prefix: 24,
      broadcast: '192.0.2.255',
      scope: 'global',
      label,
      dynamic: true,
      noprefixroute: true,
      by: 'manager',
    },
    route: {
      family: 'inet',
      dst: 'default',
      gateway,
      protocol: 'dhcp',
      prefsrc: address,
      metric: 100,
      by: 'manager',
    },
  };
}
