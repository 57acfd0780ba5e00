import type { Address, Interface, Route } from '../machine/interfaces';
import { broadcastOf, networkOf, parseCidr, parseIp } from '../machine/ip-values';
import type { IpCall } from './ip-call';
import { fail } from './support';

/** Words as `name value` pairs; what stands alone is in `rest`. */
function pairs(
  args: readonly string[],
  names: readonly string[],
): { values: Map<string, string>; rest: string[] } {
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (names.includes(word)) values.set(word, args[++at] ?? '');
    else rest.push(word);
  }
  return { values, rest };
}

function device(call: IpCall, name: string | undefined): Interface {
  if (name === undefined) fail('Not enough information: "dev" argument is required.', 255);
  return call.machine.network.find(name) ?? fail(`Cannot find device "${name}"`);
}

export function changeLink(call: IpCall, verb: string): string {
  if (verb !== 'set') fail('RTNETLINK answers: Operation not supported', 2);
  const { values, rest } = pairs(call.args, ['dev', 'mtu', 'txqueuelen', 'address']);
  const isState = (word: string) => word === 'up' || word === 'down';
  const states = rest.filter(isState);
  const port = device(call, values.get('dev') ?? rest.find((word) => !isState(word)));
  const { network } = call.machine;
  const mtu = values.get('mtu');
  if (mtu !== undefined) {
    const value = Number(mtu);
    if (!/^\d+$/.test(mtu)) fail(`Error: argument "${mtu}" is wrong: Invalid "mtu" value`, 255);
    const most = port.kind === 'cx7' ? 9978 : 65_536;
    if (value > most) fail('Error: mtu greater than device maximum.', 2);
    if (value < 68) fail('Error: mtu less than device minimum.', 2);
    network.setMtu(port, value);
  }
  for (const state of states) network.setUp(port, state === 'up');
  return '';
}

export function changeAddress(call: IpCall, verb: string): string {
  const named = [
    'dev',
    'brd',
    'broadcast',
    'scope',
    'label',
    'peer',
    'metric',
    'valid_lft',
    'preferred_lft',
    'to',
  ];
  const { values, rest } = pairs(call.args, named);
  const { network } = call.machine;
  if (verb === 'flush') {
    const port = device(call, values.get('dev') ?? rest[0]);
    for (const one of network.addresses(port)) {
      const family = call.family === undefined || one.family === call.family;
      if (family && (values.get('scope') ?? one.scope) === one.scope)
        network.removeAddress(port, one.local, one.prefix);
    }
    return '';
  }
  const [text = '', ...words] = rest;
  const cidr = parseCidr(text) ?? fail(`Error: any valid prefix is expected rather than "${text}".`);
  const port = device(call, values.get('dev'));
  if (verb === 'delete' || verb === 'del') {
    if (!network.removeAddress(port, cidr.address, cidr.prefix)) fail('Error: ipv4: Address not found.', 2);
    return '';
  }
  const there = network
    .addresses(port)
    .some(({ local, prefix }) => local === cidr.address && prefix === cidr.prefix);
  if (verb === 'add' && there) fail('Error: ipv4: Address already assigned.', 2);
  const scope = values.get('scope') ?? (cidr.address.startsWith('fe80:') ? 'link' : 'global');
  if (scope !== 'global' && scope !== 'link' && scope !== 'host')
    fail(`Error: argument "${scope}" is wrong: invalid scope value.`, 255);
  const given = values.get('brd') ?? values.get('broadcast');
  const broadcast = given === '+' ? broadcastOf(cidr.address, cidr.prefix) : given;
  const four = cidr.family === 'inet';
  const address: Address = {
    family: cidr.family,
    local: cidr.address,
    prefix: cidr.prefix,
    scope,
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(four ? { label: values.get('label') ?? port.name } : {}),
    ...(words.includes('noprefixroute') ? { noprefixroute: true } : {}),
    by: 'hand',
  };
  network.addAddress(port, address);
  return '';
}

export function changeRoute(call: IpCall, verb: string): string {
  const { values, rest } = pairs(call.args, [
    'dev',
    'via',
    'proto',
    'protocol',
    'scope',
    'src',
    'metric',
    'table',
    'pref',
    'mtu',
  ]);
  const { network } = call.machine;
  if (verb === 'flush') {
    device(call, values.get('dev')).routes = [];
    return '';
  }
  const [text = 'default'] = rest;
  const cidr =
    text === 'default'
      ? undefined
      : (parseCidr(text) ?? fail(`Error: any valid prefix is expected rather than "${text}".`));
  const family = cidr?.family ?? call.family ?? 'inet';
  const dst = cidr === undefined ? 'default' : networkOf(cidr.address, cidr.prefix);
  const via = values.get('via');
  if (via !== undefined && parseIp(via) === undefined)
    fail(`Error: inet address is expected rather than "${via}".`);
  const name = values.get('dev') ?? (via === undefined ? undefined : network.portTo(via)?.name);
  if (verb === 'delete' || verb === 'del') {
    const from = network.interfaces.filter((one) => name === undefined || one.name === name);
    const found = from.find((one) =>
      one.routes.some((route) => route.dst === dst && route.family === family),
    );
    if (found === undefined) fail('RTNETLINK answers: No such process', 2);
    found.routes = found.routes.filter((route) => route.dst !== dst || route.family !== family);
    return '';
  }
  const port = device(call, name);
  const metric = values.get('metric');
  const scope = values.get('scope') ?? (family === 'inet' && via === undefined ? 'link' : undefined);
  const src = values.get('src');
  const route: Route = {
    family,
    dst,
    protocol: values.get('proto') ?? values.get('protocol') ?? 'boot',
    by: 'hand',
    ...(via === undefined ? {} : { gateway: via }),
    ...(scope === undefined ? {} : { scope }),
    ...(src === undefined ? {} : { prefsrc: src }),
    ...(metric === undefined ? {} : { metric: Number(metric) }),
  };
  const same = network
    .routes(port)
    .some((one) => one.dst === dst && one.family === family && one.metric === route.metric);
  if (verb === 'add' && same) fail('RTNETLINK answers: File exists', 2);
  // One that follows from an address is there already, in every way that counts.
  if (verb === 'replace' && same && !port.routes.some((one) => one.dst === dst)) return '';
  port.routes = [
    ...port.routes.filter((one) => one.dst !== dst || one.family !== family || one.metric !== route.metric),
    route,
  ];
  return '';
}

export function changeNeighbour(call: IpCall, verb: string): string {
  const { values, rest } = pairs(call.args, ['dev', 'lladdr', 'nud']);
  const name = values.get('dev');
  const [address] = rest.filter((word) => word !== 'all');
  if (verb !== 'flush' && verb !== 'del' && verb !== 'delete')
    fail('RTNETLINK answers: Operation not supported', 2);
  call.machine.network.forget(
    (one) => (name === undefined || one.dev === name) && (address === undefined || one.address === address),
  );
  return '';
}
