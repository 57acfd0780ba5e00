import ipaddr from 'ipaddr.js';

/** An entry of an RDMA port's table of addresses. */
export interface Gid {
  readonly address: string;
  readonly type: 'IB/RoCE v1' | 'RoCE v2';
}

/** A port's GIDs by index, those of IPv6 addresses first: the kernel puts them in when the port comes up. */
export function gidTable(addresses: readonly string[]): Gid[] {
  const six = addresses.filter((address) => address.includes(':'));
  const four = addresses.filter((address) => !address.includes(':'));
  return [...six, ...four].flatMap((address): Gid[] => [
    { address, type: 'IB/RoCE v1' },
    { address, type: 'RoCE v2' },
  ]);
}

/** `0000:0000:0000:0000:0000:ffff:c0a8:640a` */
export function gidText(address: string): string {
  const ip = ipaddr.parse(address);
  const { parts } = ip instanceof ipaddr.IPv4 ? ip.toIPv4MappedAddress() : ip;
  return parts.map((part) => part.toString(16).padStart(4, '0')).join(':');
}
