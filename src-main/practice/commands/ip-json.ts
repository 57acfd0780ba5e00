import type { Host } from '../machine/host';
import type { Address, Interface, Route } from '../machine/interfaces';
import type { Family } from '../machine/ip-values';
import { operstate } from '../machine/sysfs';

const FOREVER = 4_294_967_295;
const LEASE_SECONDS = 86_400;

export function flagsOf({ network }: Host, port: Interface): string[] {
  const carrier = network.carrier(port);
  if (port.kind === 'loopback') return ['LOOPBACK', 'UP', 'LOWER_UP'];
  const shared = ['BROADCAST', 'MULTICAST'];
  if (!port.up) return shared;
  return carrier ? [...shared, 'UP', 'LOWER_UP'] : ['NO-CARRIER', ...shared, 'UP'];
}

/** An entry of `ip -j link`. */
export function linkJson(host: Host, port: Interface): Record<string, unknown> {
  const loopback = port.kind === 'loopback';
  return {
    ifindex: port.index,
    ifname: port.name,
    flags: flagsOf(host, port),
    mtu: host.network.mtu(port),
    qdisc: loopback ? 'noqueue' : port.kind === 'bridge' ? 'noqueue' : 'mq',
    operstate: operstate(host.network, port),
    group: 'default',
    txqlen: 1000,
    link_type: loopback ? 'loopback' : 'ether',
    address: port.mac,
    broadcast: loopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff',
  };
}

export function addressJson(one: Address): Record<string, unknown> {
  const life = one.dynamic === true ? LEASE_SECONDS : FOREVER;
  return {
    family: one.family,
    local: one.local,
    prefixlen: one.prefix,
    ...(one.broadcast === undefined ? {} : { broadcast: one.broadcast }),
    scope: one.scope,
    ...(one.dynamic === true ? { dynamic: true } : {}),
    ...(one.noprefixroute === true ? { noprefixroute: true } : {}),
    ...(one.label === undefined ? {} : { label: one.label }),
    valid_life_time: life,
    preferred_life_time: life,
  };
}

/** An entry of `ip -j addr`. */
export function addrJson(host: Host, port: Interface, shown: readonly Address[]): Record<string, unknown> {
  return { ...linkJson(host, port), addr_info: shown.map(addressJson) };
}

/** An entry of `ip -j route`. */
export function routeJson(
  host: Host,
  port: Interface,
  route: Route,
  withDevice: boolean,
): Record<string, unknown> {
  return {
    dst: route.dst,
    ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
    ...(withDevice ? { dev: port.name } : {}),
    protocol: route.protocol,
    ...(route.scope === undefined ? {} : { scope: route.scope }),
    ...(route.prefsrc === undefined ? {} : { prefsrc: route.prefsrc }),
    ...(route.metric === undefined ? {} : { metric: route.metric }),
    flags: host.network.carrier(port) ? [] : ['linkdown'],
    ...(route.family === 'inet6' ? { pref: 'medium' } : {}),
  };
}

export interface Neighbour {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr: string;
  readonly state: readonly string[];
}

export function neighbourJson(
  { network }: Host,
  family: Family | undefined,
  dev: string | undefined,
): Neighbour[] {
  return network.neighbours
    .filter((one) => dev === undefined || one.dev === dev)
    .filter(({ address }) => family === undefined || address.includes(':') === (family === 'inet6'))
    .map(({ address, dev: port, mac }) => ({ dst: address, dev: port, lladdr: mac, state: ['REACHABLE'] }));
}
