import type { Effects } from './faults';
import { Flows } from './flows';
import { managementPort } from './hardware';
import type { Arrival, FarEnd, Host, Wire } from './host';
import type { Interface } from './interfaces';
import { inNetwork, linkLocalOf, networkOf } from './ip-values';

/** The cable between the two machines, and the office network that both are in. */
export class Cabling implements Wire {
  readonly flows = new Flows();
  #machines: readonly Host[] = [];
  #settling = false;

  constructor(private readonly effects: () => Effects) {}

  connect(machines: readonly [Host, Host]): void {
    this.#machines = machines;
    this.changed();
  }

  other(machine: Host): Host | undefined {
    return this.#machines.find((one) => one !== machine);
  }

  get machines(): readonly Host[] {
    return this.#machines;
  }

  farEnd(machine: Host, port: Interface): FarEnd | undefined {
    const { cable, deadHalf, detour } = this.effects();
    const other = this.other(machine);
    const { cx } = port;
    if (cx === undefined || other === undefined || cable === 'out' || cx.half === deadHalf) return undefined;
    const crossed = cable === 'crossed';
    if (cx.port !== (crossed && machine === this.#machines[1] ? 0 : 1) && detour !== 'second-cable')
      return undefined;
    const socket = crossed ? 1 - cx.port : cx.port;
    const far = other.network.interfaces.find((one) => one.cx?.port === socket && one.cx.half === cx.half);
    return far && { machine: other, port: far };
  }

  carries(machine: Host, port: Interface): boolean {
    const far = this.farEnd(machine, port);
    return far !== undefined && far.port.up && far.machine.powered;
  }

  changed(): void {
    if (this.#settling) return;
    this.#settling = true;
    for (const machine of this.#machines) machine.network.settle();
    this.#settling = false;
    this.flows.review();
  }

  deliver(from: Host, target: string, options: { dev?: string; bytes?: number } = {}): Arrival | undefined {
    const { network } = from;
    const own = network.interfaces.find((port) =>
      network.addresses(port).some(({ local }) => local === target),
    );
    const named = options.dev === undefined ? undefined : network.find(options.dev);
    if (own !== undefined && (named === undefined || named === own))
      return { machine: from, out: own, at: own };
    const out = named ?? network.portTo(target);
    if (out === undefined || !network.carrier(out)) return undefined;
    const far = this.#neighbour(from, out, target);
    if (far === undefined) return undefined;
    const { machine, port } = far;
    const answers = target.startsWith('fe80:')
      ? linkLocalOf(port.mac) === target &&
        machine.network.addresses(port).some(({ local }) => local === target)
      : machine.network.interfaces.some((one) =>
          machine.network.addresses(one).some(({ local }) => local === target),
        );
    const source = this.source(from, out, target);
    if (!answers || source === undefined) return undefined;
    if (!source.includes(':') && machine.network.portTo(source) === undefined) return undefined;
    if ((options.bytes ?? 0) > machine.network.mtu(port)) return undefined;
    network.meet({ dev: out.name, address: target, mac: port.mac });
    machine.network.meet({ dev: port.name, address: source, mac: out.mac });
    return { machine, out, at: port };
  }

  source(from: Host, out: Interface, target: string): string | undefined {
    const family = target.includes(':') ? 'inet6' : 'inet';
    const own = from.network.addresses(out).filter((one) => one.family === family);
    if (family === 'inet6') return own.find(({ scope }) => scope === 'link')?.local;
    const near = from.network.interfaces
      .flatMap((port) => from.network.addresses(port))
      .find((one) => one.family === family && inNetwork(target, networkOf(one.local, one.prefix)));
    return (own.find((one) => one === near) ?? near ?? own[0])?.local;
  }

  onLink(from: Host, out: Interface): (FarEnd & { address: string })[] {
    if (!from.network.carrier(out) || !this.source(from, out, 'fe80::')) return [];
    const far = out.kind === 'rj45' ? this.#office(from) : this.farEnd(from, out);
    if (far?.machine.powered !== true) return [];
    const address = linkLocalOf(far.port.mac);
    if (!far.machine.network.addresses(far.port).some(({ local }) => local === address)) return [];
    from.network.meet({ dev: out.name, address, mac: far.port.mac });
    far.machine.network.meet({ dev: far.port.name, address: linkLocalOf(out.mac), mac: out.mac });
    return [{ ...far, address }];
  }

  resolve(from: Host, name: string): string | undefined {
    if (name === 'localhost' || name === from.hostname() || name === `${from.hostname()}.local`)
      return '127.0.0.1';
    for (const line of (from.files.read('/etc/hosts') ?? '').split('\n')) {
      const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      if (address !== undefined && names.includes(name)) return address;
    }
    const other = this.other(from);
    if (other?.powered !== true || !from.systemd.isActive('avahi-daemon.service')) return undefined;
    if (name !== other.hostname() && name !== `${other.hostname()}.local`) return undefined;
    const port = other.network.find(managementPort);
    return port && other.network.addresses(port).find(({ family }) => family === 'inet')?.local;
  }

  #office(from: Host): FarEnd | undefined {
    const machine = this.other(from);
    const port = machine?.network.find(managementPort);
    return machine?.powered === true && port && machine.network.carrier(port) ? { machine, port } : undefined;
  }

  #neighbour(from: Host, out: Interface, target: string): FarEnd | undefined {
    if (out.kind === 'cx7') return this.farEnd(from, out);
    // What is not in the office goes to a router that knows nobody.
    const near =
      target.startsWith('fe80:') ||
      from.network.routes(out).some(({ dst }) => dst !== 'default' && inNetwork(target, dst));
    return out.kind === 'rj45' && near ? this.#office(from) : undefined;
  }
}
