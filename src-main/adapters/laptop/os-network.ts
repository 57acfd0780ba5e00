import { networkInterfaces } from 'node:os';
import type { LaptopNetwork } from '../../core/ports';

/** The networks of this computer's own interfaces, loopback left out. */
export class OsNetwork implements LaptopNetwork {
  networks(): string[] {
    const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return [...new Set(all.flatMap(({ internal, cidr }) => (internal || cidr === null ? [] : [cidr])))];
  }
}
