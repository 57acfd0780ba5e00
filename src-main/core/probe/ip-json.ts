import { z } from 'zod';
import type { NetAddress, NetLink, NetRoute } from '../../contract/facts';
import { raw } from '../shell/quote';
import { ipAddress, isPrefix, network } from './ip-address';
import { isInterfaceName, known, malformed, parser, type Parsed } from './parsed';
import { section } from './section';
import { isMac } from './sysfs';

export const ipAddrSection = section('ip-addr', 'network', 'ip -j addr', raw('ip -j addr'));
export const ipRouteSection = section('ip-route', 'network', 'ip -j route', raw('ip -j -4 route'));
export const ipRoute6Section = section('ip-route6', 'network', 'ip -j -6 route', raw('ip -j -6 route'));

const name = z.string().refine(isInterfaceName);
const linkEntry = z.object({
  ifname: name,
  flags: z.array(z.string()),
  mtu: z.number().int().nonnegative(),
  operstate: z.string().optional(),
  address: z.string().optional(),
});
const addressEntry = z.object({
  ifname: name,
  addr_info: z.array(
    z.object({
      local: z.string().optional(),
      prefixlen: z.number().optional(),
      scope: z.string().max(32).optional(),
      dynamic: z.boolean().optional(),
    }),
  ),
});
const hop = { gateway: z.string().optional(), via: z.object({ host: z.string() }).optional() };
const routeEntry = z.object({
  dst: z.string(),
  dev: name.optional(),
  ...hop,
  nexthops: z.array(z.object({ dev: name.optional(), ...hop })).optional(),
});

/** Each entry of a JSON array through `schema`; one that does not fit makes the whole malformed. `{}` is filler of iproute2. */
function entries<S extends z.ZodType>(text: string, schema: S): Parsed<z.infer<S>[]> {
  const json: unknown = JSON.parse(text);
  if (!Array.isArray(json)) return malformed('not a JSON array');
  const values: z.infer<S>[] = [];
  for (const entry of json as unknown[]) {
    if (typeof entry === 'object' && entry !== null && Object.keys(entry).length === 0) continue;
    const read = schema.safeParse(entry);
    if (!read.success) return malformed(`entry ${values.length + 1}: ${read.error.issues[0]?.message ?? ''}`);
    values.push(read.data);
  }
  return known(values);
}

/** Interfaces in `ip -j addr` or `ip -j link`. */
export const parseIpLinks = parser<NetLink[]>((text) => {
  const read = entries(text, linkEntry);
  if (!read.known) return read;
  return known(
    read.value.map(({ ifname, flags, mtu, operstate, address }) => ({
      name: ifname,
      mac: macOf(address),
      mtu,
      ...linkState(flags, operstate ?? 'UNKNOWN'),
    })),
  );
});

export function macOf(address: string | undefined): string | null {
  const mac = address?.toLowerCase() ?? '';
  return isMac(mac) ? mac : null;
}

/** IFF_UP, and whether the link carries: UNKNOWN with LOWER_UP is what loopback and tunnels say. */
export function linkState(flags: readonly string[], operstate: string): { enabled: boolean; up: boolean } {
  const up = operstate === 'UP' || (operstate === 'UNKNOWN' && flags.includes('LOWER_UP'));
  return { enabled: flags.includes('UP'), up };
}

/** Addresses of both families in `ip -j addr`. */
export const parseIpAddresses = parser<NetAddress[]>((text) => {
  const read = entries(text, addressEntry);
  if (!read.known) return read;
  const addresses: NetAddress[] = [];
  for (const entry of read.value) {
    for (const { local, prefixlen, scope, dynamic } of entry.addr_info) {
      if (local === undefined) continue;
      const found = ipAddress(local);
      if (found === null || prefixlen === undefined || !isPrefix(prefixlen, found.bits)) {
        return malformed('an address is not valid');
      }
      const { family, address } = found;
      const rest = { prefix: prefixlen, scope: scope ?? 'global', dynamic: dynamic === true };
      addresses.push({ interface: entry.ifname, family, address, ...rest });
    }
  }
  return known(addresses);
});

/** Routes of one family in `ip -j route`; a route over several next hops gives one entry for each. */
function parseRoutes(everywhere: '0.0.0.0/0' | '::/0') {
  return parser<NetRoute[]>((text) => {
    const read = entries(text, routeEntry);
    if (!read.known) return read;
    const routes: NetRoute[] = [];
    for (const { dst, nexthops, ...only } of read.value) {
      const destination = dst === 'default' ? everywhere : network(dst);
      if (destination === null) return malformed('a destination is not valid');
      for (const { dev, gateway, via } of nexthops ?? [only]) {
        const next = gateway ?? via?.host;
        const address = next === undefined ? null : ipAddress(next);
        if (next !== undefined && address === null) return malformed('a gateway is not valid');
        routes.push({ destination, via: address?.address ?? null, interface: dev ?? null });
      }
    }
    return known(routes);
  });
}
export const parseIpRoutes = parseRoutes('0.0.0.0/0');
export const parseIpRoutes6 = parseRoutes('::/0');
