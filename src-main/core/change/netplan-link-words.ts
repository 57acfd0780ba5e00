import { z } from 'zod';
import type { PresentLink } from './netplan-link';

/** What `ip -j addr show dev` prints, as far as it is used; every word fit for a command line. */
export const addrSchema = z
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
export type Address = z.infer<typeof addrSchema>[number]['addr_info'][number];

const word = z.string().regex(/^[A-Za-z0-9_.:/-]+$/);
/** What `ip -j route show dev` prints. */
export const routeSchema = z.array(
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

/** fe80:: and the interface's EUI-64 (RFC 4291, appendix A), which is the kernel's addr_gen_mode 0; 2 and 3 are random. */
export function ownLinkLocal(
  values: NonNullable<PresentLink['settings']>,
  mac: string | undefined,
): string | null {
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

/** Words for `ip addr add`. */
export function addressWords(address: Address): string {
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

/** Words for `ip route replace`; none for a route that follows from something else. */
export function routeWords(
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
