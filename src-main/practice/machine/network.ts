import type { Identity } from './hardware';
import {
  automatic,
  factoryInterfaces,
  lease,
  type Address,
  type Interface,
  type Profile,
  type Route,
} from './interfaces';
import { broadcastOf, inNetwork, linkLocalOf, networkOf, ownIpv4LinkLocal, parseCidr } from './ip-values';

/** What a machine's network needs to know of the world. */
export interface Surroundings {
  readonly identity: Identity;
  /** Whether the wire at a port carries, as far as the cable and the other end go. */
  carries(port: Interface): boolean;
  /** An MTU that a port has although nobody gave it; undefined for the usual one. */
  oddMtu(port: Interface): number | undefined;
  /** Whether a port has routes to half b's subnets besides. */
  detour(port: Interface): boolean;
  /** Told after every change of an address or a link, so that the other end looks anew at its carrier. */
  changed(): void;
}

export interface Neighbour {
  readonly dev: string;
  readonly address: string;
  readonly mac: string;
}

/** Interfaces, addresses and routes of one machine, as the kernel and the network managers hold them. */
export class Network {
  interfaces: Interface[];
  neighbours: Neighbour[] = [];
  /** By netplan's files, as they were when netplan was last applied. */
  #profiles: ReadonlyMap<string, Profile> = new Map();

  constructor(private readonly world: Surroundings) {
    this.interfaces = factoryInterfaces(world.identity);
  }

  find(name: string): Interface | undefined {
    return this.interfaces.find((one) => one.name === name);
  }

  carrier(port: Interface): boolean {
    if (!port.up) return false;
    if (port.kind === 'loopback' || port.kind === 'rj45') return true;
    return port.kind === 'cx7' && this.world.carries(port);
  }

  mtu(port: Interface): number {
    return this.world.oddMtu(port) ?? port.mtu;
  }

  setUp(port: Interface, up: boolean): void {
    if (port.up === up) return;
    port.up = up;
    // Going down takes IPv6 addresses along; coming up makes the link-local one anew.
    port.addresses = port.addresses.filter(({ family }) => family === 'inet');
    port.routes = port.routes.filter(({ by }) => by === 'manager');
    port.withoutLinkLocal = port.profile?.linkLocal.includes('ipv6') === false && port.active;
    this.settle();
    this.world.changed();
  }

  setMtu(port: Interface, mtu: number): void {
    port.mtu = mtu;
  }

  /** Adds an address, or gives a present one its new properties. */
  addAddress(port: Interface, address: Address): void {
    this.removeAddress(port, address.local, address.prefix);
    port.addresses.push(address);
  }

  /** @returns whether it was there */
  removeAddress(port: Interface, local: string, prefix: number): boolean {
    const before = this.addresses(port);
    if (!before.some((one) => one.local === local && one.prefix === prefix)) return false;
    if (local === linkLocalOf(port.mac)) port.withoutLinkLocal = true;
    port.addresses = port.addresses.filter((one) => one.local !== local || one.prefix !== prefix);
    return true;
  }

  /** All addresses, the kernel's own link-local one included. */
  addresses(port: Interface): Address[] {
    const { settings, mac, kind } = port;
    const wanted = settings.disable_ipv6 === '0' && settings.addr_gen_mode === '0' && !port.withoutLinkLocal;
    const own = kind !== 'loopback' && wanted && this.carrier(port);
    const shown =
      settings.disable_ipv6 === '0' ? port.addresses : port.addresses.filter((a) => a.family === 'inet');
    return own
      ? [...shown, { family: 'inet6', local: linkLocalOf(mac), prefix: 64, scope: 'link', by: 'manager' }]
      : shown;
  }

  /** Routes, those that follow from addresses included. */
  routes(port: Interface): Route[] {
    if (!port.up) return [];
    const direct = this.addresses(port).flatMap((one): Route[] => {
      const whole = one.prefix === (one.family === 'inet' ? 32 : 128);
      if (port.kind === 'loopback' || whole) return [];
      const metric = one.family === 'inet6' ? 256 : one.by === 'manager' ? 98 + port.index : undefined;
      return [
        {
          family: one.family,
          dst: networkOf(one.local, one.prefix),
          protocol: 'kernel',
          by: 'kernel',
          ...(one.family === 'inet' ? { scope: 'link', prefsrc: one.local } : {}),
          ...(metric === undefined ? {} : { metric }),
        },
      ];
    });
    return [...port.routes, ...direct, ...this.#detours(port)];
  }

  /** What somebody has left behind that leads half b's packets over another port, as good as the kernel's own. */
  #detours(port: Interface): Route[] {
    if (!this.world.detour(port) || !this.carrier(port)) return [];
    return this.interfaces
      .filter(({ cx }) => cx?.half === 'b')
      .flatMap((twin) => this.addresses(twin))
      .filter(({ family, prefix }) => family === 'inet' && prefix < 32)
      .map(({ local, prefix }) => ({
        family: 'inet',
        dst: networkOf(local, prefix),
        protocol: 'static',
        scope: 'link',
        prefsrc: local,
        by: 'hand',
      }));
  }

  /** The port that a packet to an address leaves by. */
  portTo(target: string): Interface | undefined {
    const own = this.interfaces.find((port) => this.addresses(port).some(({ local }) => local === target));
    if (own) return this.interfaces[0];
    const found = this.interfaces
      .flatMap((port) => this.routes(port).map((route) => ({ port, route })))
      .filter(({ route }) => route.dst === 'default' || inNetwork(target, route.dst))
      .sort((a, b) => length(b.route) - length(a.route) || (a.route.metric ?? 0) - (b.route.metric ?? 0));
    return found[0]?.port;
  }

  meet(neighbour: Neighbour): void {
    this.forget(({ dev, address }) => dev === neighbour.dev && address === neighbour.address);
    this.neighbours.push(neighbour);
  }

  forget(which: (one: Neighbour) => boolean): void {
    this.neighbours = this.neighbours.filter((one) => !which(one));
  }

  /** Gives every port what netplan's files, or else NetworkManager by itself, want of it. */
  apply(profiles: ReadonlyMap<string, Profile>): void {
    this.#profiles = profiles;
    for (const port of this.interfaces) {
      if (port.kind !== 'cx7' && port.kind !== 'rj45') continue;
      const profile = profiles.get(port.name) ?? automatic;
      const same = port.profile !== undefined && JSON.stringify(port.profile) === JSON.stringify(profile);
      if (same && port.active) continue;
      if (port.profile?.netplan === true || profile.netplan) release(port);
      port.profile = profile;
      if (profile.netplan) port.up = true;
      if (port.profile.renderer === 'networkd') {
        port.settings.addr_gen_mode = profile.linkLocal.includes('ipv6') ? '0' : '1';
        port.settings.accept_ra = '0';
      }
    }
    this.settle();
    this.world.changed();
  }

  /** A port without a carrier has no addresses of a manager; one that gets it is configured. */
  settle(): void {
    for (const port of this.interfaces) {
      const { profile } = port;
      const carrier = this.carrier(port);
      if (!carrier) this.forget(({ dev }) => dev === port.name);
      if (profile === undefined || carrier === port.active) continue;
      if (carrier) this.#activate(port, profile);
      else release(port);
    }
  }

  /** What is left after a power cut: netplan's files decide. */
  boot(): void {
    this.interfaces = factoryInterfaces(this.world.identity);
    this.neighbours = [];
  }

  #activate(port: Interface, profile: Profile): void {
    port.active = true;
    if (profile.netplan) {
      port.withoutLinkLocal = !profile.linkLocal.includes('ipv6');
      if (profile.mtu !== undefined) port.mtu = profile.mtu;
    }
    for (const text of profile.addresses) {
      const cidr = parseCidr(text);
      if (cidr === undefined) continue;
      const four = cidr.family === 'inet';
      this.addAddress(port, {
        family: cidr.family,
        local: cidr.address,
        prefix: cidr.prefix,
        scope: 'global',
        ...(four && cidr.prefix < 31 ? { broadcast: broadcastOf(cidr.address, cidr.prefix) } : {}),
        ...(four ? { label: port.name } : {}),
        ...(profile.renderer === 'NetworkManager' ? { noprefixroute: true } : {}),
        by: 'manager',
      });
    }
    if (profile.linkLocal.includes('ipv4') && profile.addresses.length === 0 && !profile.dhcp4)
      this.addAddress(port, {
        family: 'inet',
        local: ownIpv4LinkLocal(port.mac),
        prefix: 16,
        broadcast: '169.254.255.255',
        scope: 'link',
        label: port.name,
        ...(profile.renderer === 'NetworkManager' ? { noprefixroute: true } : {}),
        by: 'manager',
      });
    if (profile.gateway !== undefined)
      port.routes.push({
        family: 'inet',
        dst: 'default',
        gateway: profile.gateway,
        protocol: 'static',
        by: 'manager',
      });
    if (profile.dhcp4 && port.kind === 'rj45') {
      const { address, route } = lease(this.world.identity, port.name);
      this.addAddress(port, address);
      port.routes.push(route);
    }
  }

  /** The profile that netplan's files give a port, if any. */
  netplanProfile(name: string): Profile | undefined {
    return this.#profiles.get(name);
  }
}

function release(port: Interface): void {
  port.active = false;
  port.addresses = port.addresses.filter(({ by }) => by === 'hand');
  port.routes = port.routes.filter(({ by }) => by === 'hand');
  port.withoutLinkLocal = false;
  if (port.profile?.renderer === 'networkd')
    Object.assign(port.settings, { addr_gen_mode: '0', accept_ra: '1' });
}

function length({ dst }: Route): number {
  return dst === 'default' ? -1 : Number(dst.split('/')[1] ?? 0);
}
