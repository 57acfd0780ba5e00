import ipaddr from 'ipaddr.js';

/** An IP address in canonical text with its family; null for anything else (a zone is not part of an address). */
export function ipAddress(text: string): { family: 'inet' | 'inet6'; address: string; bits: number } | null {
  if (text.length > 64 || !/^[0-9a-fA-F:.]+$/.test(text)) return null;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return { family: 'inet', address: text, bits: 32 };
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return null;
  return { family: 'inet6', address: ipaddr.IPv6.parse(text).toRFC5952String(), bits: 128 };
}

/** A network in CIDR form; a lone address is a host route. */
export function network(text: string): string | null {
  const [host = '', length, ...more] = text.split('/');
  const found = ipAddress(host);
  if (found === null || more.length > 0) return null;
  const prefix = length ?? String(found.bits);
  return isPrefix(Number(prefix), found.bits) && /^\d{1,3}$/.test(prefix)
    ? `${found.address}/${prefix}`
    : null;
}

export function isPrefix(length: number, bits: number): boolean {
  return Number.isInteger(length) && length >= 0 && length <= bits;
}
