import type { Address, Interface, Route } from '../machine/interfaces';
import type { Family } from '../machine/ip-values';
import type { IpCall } from './ip-call';
import { changeAddress, changeLink, changeNeighbour, changeRoute } from './ip-change';
import { addrJson, linkJson, neighbourJson, routeJson } from './ip-json';
import { addrLines, addrText, briefLine, linkText, neighbourText, routeText } from './ip-text';
import { fail, program, type Call } from './support';

const objects = ['link', 'address', 'addr', 'route', 'neighbour', 'neighbor', 'neigh'];
const verbs = [
  'show',
  'list',
  'lst',
  'add',
  'replace',
  'change',
  'append',
  'delete',
  'del',
  'set',
  'flush',
  'get',
];

/** ip(8): words may be shortened, as far as they stay clear. */
export const ip = program('ip', (call) => {
  const args = [...call.args];
  let [json, oneline, brief] = [false, false, false];
  let family: Family | undefined;
  for (let word = args[0]; word?.startsWith('-') === true; word = args[0]) {
    args.shift();
    const name = word.replace(/^--?/, '');
    if ('json'.startsWith(name)) json = true;
    else if ('oneline'.startsWith(name)) oneline = true;
    else if (name === 'br' || name === 'brief') brief = true;
    else if (name === '4') family = 'inet';
    else if (name === '6') family = 'inet6';
    else if (name === 'V' || name === 'Version') return 'ip utility, iproute2-6.1.0, libbpf 1.3.0\n';
    else if (!/^(d|details|s|stats|statistics|p|pretty|c|color.*|h|human.*|N|t|f|family)$/.test(name))
      fail(`Option "${word}" is unknown, try "ip -help".`, 255);
  }
  const object = meant(args.shift() ?? '', objects);
  const verb = args[0] === undefined ? undefined : verbs.find((one) => one.startsWith(args[0] ?? ''));
  if (verb !== undefined) args.shift();
  const ipCall: IpCall = { ...call, args, json, oneline, brief, family };
  const changes = verb !== undefined && !['show', 'list', 'lst', 'get'].includes(verb);
  if (changes && !call.caller.root) fail('RTNETLINK answers: Operation not permitted', 2);
  switch (object) {
    case 'link':
      return changes ? changeLink(ipCall, verb) : showLinks(ipCall);
    case 'addr':
    case 'address':
      return changes ? changeAddress(ipCall, verb) : showAddresses(ipCall);
    case 'route':
      if (verb === 'get') return getRoute(ipCall);
      return changes ? changeRoute(ipCall, verb) : showRoutes(ipCall);
    default:
      return changes ? changeNeighbour(ipCall, verb) : showNeighbours(ipCall);
  }
});

function meant(word: string, known: readonly string[]): string {
  const found = word === '' ? undefined : known.find((one) => one.startsWith(word));
  return (
    found ??
    fail(
      word === ''
        ? 'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }'
        : `Object "${word}" is unknown, try "ip help".`,
      255,
    )
  );
}

/** The port that is named, by `dev NAME` or by the last word. */
function port(call: Call, args: readonly string[]): Interface | undefined {
  const name = args[args.indexOf('dev') + 1];
  if (args.length === 0 || name === undefined) return undefined;
  return call.machine.network.find(name) ?? fail(`Device "${name}" does not exist.`);
}

const filters = new Set([
  'up',
  'permanent',
  'dynamic',
  'scope',
  'global',
  'link',
  'host',
  'to',
  'type',
  'primary',
]);

function selected(call: IpCall): Interface[] {
  const words = call.args.filter((word) => !filters.has(word));
  const one = words.length === 0 ? undefined : port(call, words);
  const all = one === undefined ? call.machine.network.interfaces : [one];
  return call.args.includes('up') ? all.filter(({ up }) => up) : [...all];
}

function toJson(rows: readonly unknown[]): string {
  return `${JSON.stringify(rows)}\n`;
}

function showLinks(call: IpCall): string {
  const { machine } = call;
  const shown = selected(call);
  if (call.json) return toJson(shown.map((one) => linkJson(machine, one)));
  if (call.brief) return shown.map((one) => briefLine(machine, one, null)).join('');
  const text = shown.map((one) => linkText(machine, one, true));
  return call.oneline ? text.map((one) => `${one.trimEnd().replace('\n', '\\')}\n`).join('') : text.join('');
}

function addressesOf(call: IpCall, one: Interface): Address[] {
  const scope = call.args.includes('scope') ? call.args[call.args.indexOf('scope') + 1] : undefined;
  const found = call.machine.network.addresses(one).filter((address) => {
    if (call.family !== undefined && address.family !== call.family) return false;
    if (call.args.includes('permanent') && address.dynamic === true) return false;
    if (call.args.includes('dynamic') && address.dynamic !== true) return false;
    return scope === undefined || address.scope === scope;
  });
  // The kernel lists IPv4 before IPv6.
  return [
    ...found.filter(({ family }) => family === 'inet'),
    ...found.filter(({ family }) => family === 'inet6'),
  ];
}

function showAddresses(call: IpCall): string {
  const { machine } = call;
  const rows = selected(call)
    .map((one) => ({ one, shown: addressesOf(call, one) }))
    .filter(({ shown }) => call.family === undefined || shown.length > 0);
  if (call.json) return toJson(rows.map(({ one, shown }) => addrJson(machine, one, shown)));
  if (call.brief) return rows.map(({ one, shown }) => briefLine(machine, one, shown)).join('');
  const form = call.oneline
    ? ({ one, shown }: (typeof rows)[number]) => addrLines(one, shown)
    : ({ one, shown }: (typeof rows)[number]) => addrText(machine, one, shown);
  return rows.map(form).join('');
}

function showRoutes(call: IpCall): string {
  const { machine, args } = call;
  const words = args.filter((word) => !['table', 'main', 'all', 'default'].includes(word));
  const one = words.length === 0 ? undefined : port(call, words);
  const family = call.family ?? 'inet';
  const rows = (one === undefined ? machine.network.interfaces : [one])
    .flatMap((from) => machine.network.routes(from).map((route) => ({ from, route })))
    .filter(({ route }) => route.family === family)
    .filter(({ route }) => !args.includes('default') || route.dst === 'default')
    .sort((a, b) => order(a.route) - order(b.route));
  if (call.json)
    return toJson(rows.map(({ from, route }) => routeJson(machine, from, route, one === undefined)));
  return rows.map(({ from, route }) => routeText(machine, from, route, one === undefined)).join('');
}

function order({ dst }: Route): number {
  return dst === 'default' ? 0 : 1;
}

function getRoute(call: IpCall): string {
  const [target = ''] = call.args;
  const out = call.machine.network.portTo(target);
  if (out === undefined) fail('RTNETLINK answers: Network is unreachable', 2);
  const source = call.machine.wire.source(call.machine, out, target) ?? '';
  const via = call.machine.network.routes(out).find(({ dst }) => dst === 'default')?.gateway;
  const direct = call.machine.network
    .addresses(out)
    .some(
      ({ local, family }) =>
        family === 'inet' && local.split('.').slice(0, 3).join() === target.split('.').slice(0, 3).join(),
    );
  return `${target} ${via === undefined || direct ? '' : `via ${via} `}dev ${out.name} src ${source} uid ${call.caller.uid} \n    cache \n`;
}

function showNeighbours(call: IpCall): string {
  const one = call.args.length === 0 ? undefined : port(call, call.args);
  const rows = neighbourJson(call.machine, call.family, one?.name);
  return call.json ? toJson(rows) : rows.map(neighbourText).join('');
}
