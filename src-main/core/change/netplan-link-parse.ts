import { z } from 'zod';
import type { LinkState } from './netplan-link';
import { settingNames, settings } from './netplan-link';
import {
  addrSchema,
  addressWords,
  ownLinkLocal,
  routeSchema,
  routeWords,
  type Address,
} from './netplan-link-words';
import { malformed } from './values';

/** What {@link readLinks} printed, by its first word. */
export interface LinkOutput {
  readonly services: ReadonlyMap<string, boolean>;
  readonly links: LinkState[];
  /** Interfaces with carrier now. Not part of a state: the other node raises it. */
  readonly carriers: ReadonlySet<string>;
  /** Lines that are not about interfaces. */
  readonly rest: string[];
}

interface Lines {
  readonly kind: string;
  readonly output: string;
  readonly by: Map<string, string>;
  readonly services: ReadonlyMap<string, boolean>;
  readonly managers: ReadonlyMap<string, 'networkd' | 'NetworkManager'>;
}

const INTERFACE_LINE = /^(link|addr|route4|route6) ([^\s/]{1,15}) (.*)$/;
const SETTING_LINE = /^setting ([^\s/]{1,15}) ([a-z0-9_]+) (-|-?\d{1,9})$/;
const SERVICE_LINE = /^service (\S+) (active|inactive)$/;

/** @throws Failure CHANGE_FAILED */
export function parseLinks(kind: string, names: readonly string[], output: string): LinkOutput {
  const by = new Map<string, string>();
  const services = new Map<string, boolean>();
  const managers = new Map<string, 'networkd' | 'NetworkManager'>();
  const rest: string[] = [];
  const once = (key: string, value: string) => {
    if (by.has(key)) throw malformed(kind, key, output);
    by.set(key, value);
  };
  for (const line of output.split('\n')) {
    const about = INTERFACE_LINE.exec(line);
    const setting = SETTING_LINE.exec(line);
    const service = SERVICE_LINE.exec(line);
    if (about) once(`${about[1] ?? ''} ${about[2] ?? ''}`, about[3] ?? '');
    else if (setting) once(`${setting[2] ?? ''} ${setting[1] ?? ''}`, setting[3] ?? '');
    else if (service) services.set(service[1] ?? '', service[2] === 'active');
    else if (line.startsWith('nm ')) manage(managers, line.slice(3));
    else if (line.startsWith('networkd ')) manageNetworkd(managers, line);
    else if (line !== '') rest.push(line);
  }
  for (const unit of ['NetworkManager.service', 'systemd-networkd.service', 'systemd-networkd.socket']) {
    if (!services.has(unit)) throw malformed(kind, unit, output);
  }
  const given: Lines = { kind, output, by, services, managers };
  return {
    services,
    links: names.map((name) => link(name, given)),
    carriers: new Set(names.filter((name) => by.get(`link ${name}`) === 'present 1')),
    rest,
  };
}

function manage(managers: Map<string, 'networkd' | 'NetworkManager'>, line: string): void {
  const at = line.lastIndexOf(':');
  const state = line.slice(at + 1);
  // `connected (externally)` counts: what a port becomes when somebody gives it an address by hand.
  if (at > 0 && state !== 'unmanaged') {
    managers.set(line.slice(0, at).replaceAll('\\:', ':'), 'NetworkManager');
  }
}

function manageNetworkd(managers: Map<string, 'networkd' | 'NetworkManager'>, line: string): void {
  const [, , name = '', , , setup = ''] = line.split(/\s+/);
  if (/^(configuring|configured|failed)$/.test(setup)) managers.set(name, 'networkd');
}

function link(name: string, given: Lines): LinkState {
  const bad = () => malformed(given.kind, name, given.output);
  const presence = given.by.get(`link ${name}`);
  if (presence === 'absent') return { name, present: false };
  if (presence !== 'present 0' && presence !== 'present 1') throw bad();
  const [device] = json(addrSchema, given.by.get(`addr ${name}`), bad);
  if (device?.ifname !== name) throw bad();
  const manager = given.managers.get(name) ?? null;
  const found = Object.fromEntries(
    settingNames.map((setting) => [setting, given.by.get(`${lastName(settings[setting])} ${name}`)]),
  );
  const values = z
    .object({
      disableIpv6: z.string(),
      addrGenMode: z.string(),
      acceptRa: z.string(),
      promoteSecondaries: z.string(),
    })
    .safeParse(found);
  if (!values.success) throw bad();
  const up = device.flags.includes('UP');
  const own = manager === 'NetworkManager' ? null : ownLinkLocal(values.data, device.address);
  const isOwn = (address: Address) =>
    address.scope === 'link' &&
    address.family === 'inet6' &&
    (manager === 'NetworkManager' || own === 'any' || own === `${address.local}/${address.prefixlen}`);
  const missing = up && presence === 'present 1' && !device.addr_info.some(isOwn);
  const routes = (['4', '6'] as const).flatMap((family) =>
    json(routeSchema, orEmpty(given.by.get(`route${family} ${name}`)), bad).flatMap((route) =>
      routeWords(family, route, manager),
    ),
  );
  return {
    name,
    present: true,
    up,
    mtu: device.mtu,
    manager,
    addresses: device.addr_info
      .filter((address) => address.dynamic !== true && address.temporary !== true && !isOwn(address))
      .map(addressWords)
      .sort(),
    linkLocal: missing ? null : own,
    routes: routes.sort(),
    settings: manager === 'NetworkManager' ? null : values.data,
  };
}

function json<T>(schema: z.ZodType<T>, text: string | undefined, bad: () => Error): T {
  try {
    const parsed = schema.safeParse(JSON.parse(text ?? ''));
    if (parsed.success) return parsed.data;
  } catch {
    // Told below: text that is no JSON and JSON of another form are the same to us.
  }
  throw bad();
}

/** Some versions of ip print nothing at all for an empty list. */
function orEmpty(text: string | undefined): string | undefined {
  return text === '' ? '[]' : text;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
