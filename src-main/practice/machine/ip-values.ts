import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';

export type Family = 'inet' | 'inet6';

/** An address as the kernel prints it; undefined for what is none. */
export function parseIp(text: string): { family: Family; address: string } | undefined {
  if (!/^[0-9a-fA-F.:]+$/.test(text) || (!text.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(text)))
    return undefined;
  if (!ipaddr.isValid(text)) return undefined;
  const parsed = ipaddr.parse(text);
  return { family: parsed.kind() === 'ipv4' ? 'inet' : 'inet6', address: parsed.toString() };
}

/** `ADDRESS[/PREFIX]`; a missing prefix is the whole address. */
export function parseCidr(text: string): { family: Family; address: string; prefix: number } | undefined {
  const [host = '', bits, ...more] = text.split('/');
  const ip = parseIp(host);
  if (ip === undefined || more.length > 0) return undefined;
  const most = ip.family === 'inet' ? 32 : 128;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  return prefix < 0 || prefix > most ? undefined : { ...ip, prefix };
}

/** The network of an address, without host bits: `192.168.100.0/24`. */
export function networkOf(address: string, prefix: number): string {
  const cidr = `${address}/${prefix}`;
  const base = address.includes(':')
    ? ipaddr.IPv6.networkAddressFromCIDR(cidr)
    : ipaddr.IPv4.networkAddressFromCIDR(cidr);
  return `${base.toString()}/${prefix}`;
}

export function broadcastOf(address: string, prefix: number): string {
  return ipaddr.IPv4.broadcastAddressFromCIDR(`${address}/${prefix}`).toString();
}

/** Whether an address lies in a network; false when they are of different families. */
export function inNetwork(address: string, network: string): boolean {
  const own = ipaddr.parse(address);
  const [base, bits] = ipaddr.parseCIDR(network);
  return own.kind() === base.kind() && own.match(base, bits);
}

/** `fe80::` and the interface's EUI-64 (RFC 4291, appendix A). */
export function linkLocalOf(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return ipaddr.parse(`fe80::${groups.map((group) => group.toString(16)).join(':')}`).toString();
}

/** The 169.254 address that a port picks for itself (RFC 3927): the same for the same hardware address. */
export function ownIpv4LinkLocal(mac: string): string {
  const [third = 0, fourth = 0] = createHash('sha256').update(mac).digest();
  return `169.254.${1 + (third % 254)}.${fourth}`;
}
