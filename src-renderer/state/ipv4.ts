/** An IPv4 address with the length of its network. */
export interface Cidr {
  readonly address: string;
  readonly prefix: number;
}

/** The network's address as a number; null for what is no IPv4 address. */
export function networkOf({ address, prefix }: Cidr): number | null {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256))
    return null;
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - Math.min(32, Math.max(0, prefix)));
  return Math.floor(number / size) * size;
}

/** Both reach each other without a router. */
export function sameNetwork(one: Cidr, two: Cidr): boolean {
  const network = networkOf(one);
  return network !== null && one.prefix === two.prefix && network === networkOf(two);
}
