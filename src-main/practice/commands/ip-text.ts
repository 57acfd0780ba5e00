import type { Host } from '../machine/host';
import type { Address, Interface, Route } from '../machine/interfaces';
import { operstate } from '../machine/sysfs';
import { flagsOf, type Neighbour } from './ip-json';

/** `4: enp1s0f1np1: <…> mtu 1500 …` and the line of its hardware address. */
export function linkText(host: Host, port: Interface, mode: boolean): string {
  const { network } = host;
  const loopback = port.kind === 'loopback';
  const head =
    `${port.index}: ${port.name}: <${flagsOf(host, port).join(',')}> mtu ${network.mtu(port)} ` +
    `qdisc ${loopback || port.kind === 'bridge' ? 'noqueue' : 'mq'} state ${operstate(network, port)} ` +
    `${mode ? 'mode DEFAULT ' : ''}group default qlen 1000`;
  const broadcast = loopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';
  return `${head}\n    link/${loopback ? 'loopback' : 'ether'} ${port.mac} brd ${broadcast}\n`;
}

function words(one: Address): string {
  return [
    `${one.family} ${one.local}/${one.prefix}`,
    ...(one.broadcast === undefined ? [] : [`brd ${one.broadcast}`]),
    `scope ${one.scope}`,
    ...(one.dynamic === true ? ['dynamic'] : []),
    ...(one.noprefixroute === true ? ['noprefixroute'] : []),
    ...(one.label === undefined ? [] : [one.label]),
  ].join(' ');
}

function life({ dynamic }: Address): string {
  return dynamic === true
    ? 'valid_lft 86400sec preferred_lft 86400sec'
    : 'valid_lft forever preferred_lft forever';
}

export function addrText(host: Host, port: Interface, shown: readonly Address[]): string {
  return (
    linkText(host, port, false) + shown.map((one) => `    ${words(one)}\n       ${life(one)}\n`).join('')
  );
}

/** `ip -o addr`: an address a line. */
export function addrLines(port: Interface, shown: readonly Address[]): string {
  return shown.map((one) => `${port.index}: ${port.name}    ${words(one)}\\       ${life(one)}\n`).join('');
}

/** `ip -br addr` or `ip -br link`. */
export function briefLine(host: Host, port: Interface, shown: readonly Address[] | null): string {
  const start = `${port.name.padEnd(17)}${operstate(host.network, port).padEnd(15)}`;
  const rest =
    shown === null
      ? `${port.mac} <${flagsOf(host, port).join(',')}> `
      : shown.map(({ local, prefix }) => `${local}/${prefix} `).join('');
  return `${start}${rest}\n`;
}

export function routeText(host: Host, port: Interface, route: Route, withDevice: boolean): string {
  const parts = [
    route.dst,
    ...(route.gateway === undefined ? [] : [`via ${route.gateway}`]),
    ...(withDevice ? [`dev ${port.name}`] : []),
    `proto ${route.protocol}`,
    ...(route.scope === undefined ? [] : [`scope ${route.scope}`]),
    ...(route.prefsrc === undefined ? [] : [`src ${route.prefsrc}`]),
    ...(route.metric === undefined ? [] : [`metric ${route.metric}`]),
    ...(host.network.carrier(port) ? [] : ['linkdown']),
    ...(route.family === 'inet6' ? ['pref medium'] : []),
  ];
  return `${parts.join(' ')} \n`;
}

export function neighbourText({ dst, dev, lladdr, state }: Neighbour): string {
  return `${dst} dev ${dev} lladdr ${lladdr} ${state.join(' ')} \n`;
}
