import { z } from 'zod';
import type { LinkState, PresentLink } from './netplan-link';
import { settingNames, settings } from './netplan-link';
import { malformed } from './values';

const addrSchema = z
  .array(
    z.object({
      ifname: z.string(),
      flags: z.array(z.string()),
      mtu: z.number().int().positive(),
      address: z.string().optional(),
      addr_info: z
        .array(
          z.object({
            family: z.enum(['inet', 'inet6']),
            local: z.string().regex(/^[0-9A-Fa-f.:]+$/),
            prefixlen: z.number().int().min(0).max(128),
            address: z
              .string()
              .regex(/^[0-9A-Fa-f.:]+$/)
              .optional(),
            broadcast: z
              .string()
              .regex(/^[0-9.]+$/)
              .optional(),
            scope: z.string().regex(/^[a-z0-9]+$/),
            label: z
              .string()
              .regex(/^[A-Za-z0-9_.:-]+$/)
              .optional(),
            dynamic: z.boolean().optional(),
            temporary: z.boolean().optional(),
            noprefixroute: z.boolean().optional(),
            nodad: z.boolean().optional(),
          }),
        )
        .default([]),
    }),
  )
  .length(1);
type Address = z.infer<typeof addrSchema>[number]['addr_info'][number];

const word = z.string().regex(/^[A-Za-z0-9_.:/-]+$/);
const routeSchema = z.array(
  z.object({
    dst: word.optional(),
    gateway: word.optional(),
    protocol: word.optional(),
    scope: word.optional(),
    prefsrc: word.optional(),
    metric: z.number().int().optional(),
    expires: z.number().optional(),
    nexthops: z.unknown().optional(),
  }),
);

/** Routes that come and go with addresses, leases and advertisements. */
const derived = new Set(['kernel', 'dhcp', 'ra', 'redirect']);

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

/** fe80:: and the interface's EUI-64 (RFC 4291, appendix A), which is the kernel's addr_gen_mode 0; 2 and 3 are random. */
function ownLinkLocal(values: NonNullable<PresentLink['settings']>, mac: string | undefined): string | null {
  if (values.disableIpv6 !== '0' || values.addrGenMode === '1') return null;
  if (values.addrGenMode !== '0') return 'any';
  const bytes = (mac ?? '').split(':').map((byte) => Number.parseInt(byte, 16));
  if (bytes.length !== 6 || bytes.some((byte) => !Number.isInteger(byte))) return 'any';
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f].map((group) =>
    group.toString(16),
  );
  return `${new URL(`http://[fe80::${groups.join(':')}]`).hostname.slice(1, -1)}/64`;
}

function addressWords(address: Address): string {
  const own = `${address.local}${address.address === undefined ? '' : ` peer ${address.address}`}/${address.prefixlen}`;
  return [
    own,
    ...(address.broadcast === undefined ? [] : ['brd', address.broadcast]),
    'scope',
    address.scope,
    ...(address.noprefixroute === true ? ['noprefixroute'] : []),
    ...(address.nodad === true ? ['nodad'] : []),
    ...(address.label === undefined ? [] : ['label', address.label]),
  ].join(' ');
}

function routeWords(
  family: '4' | '6',
  route: z.infer<typeof routeSchema>[number],
  manager: PresentLink['manager'],
): string[] {
  const { dst, protocol = 'boot' } = route;
  if (
    dst === undefined ||
    derived.has(protocol) ||
    route.expires !== undefined ||
    route.nexthops !== undefined
  ) {
    return [];
  }
  const words = [`-${family}`, dst, ...(route.gateway === undefined ? [] : ['via', route.gateway])];
  words.push('proto', protocol);
  if (route.scope !== undefined) words.push('scope', route.scope);
  if (route.prefsrc !== undefined) words.push('src', route.prefsrc);
  // NetworkManager numbers its metrics anew at each start.
  if (route.metric !== undefined && manager !== 'NetworkManager') words.push('metric', String(route.metric));
  return [words.join(' ')];
}
