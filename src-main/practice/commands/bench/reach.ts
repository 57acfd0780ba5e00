import type { Arrival } from '../../machine/host';
import { parseIp } from '../../machine/ip-values';
import type { Listening } from '../../machine/sockets';
import type { LiveCall } from '../live';

export interface Reached {
  readonly arrival: Arrival;
  readonly listening: Listening;
  /** Both ends of the connection. */
  readonly source: string;
  readonly target: string;
}

/** Why a TCP connection does not come about, in the words of connect(2). */
export type Refusal =
  'Connection refused' | 'Connection timed out' | 'No route to host' | 'Network is unreachable';

/** Finds the program that listens on a port of another machine, by routes, cables and firewalls. */
export function reach(
  { machine }: LiveCall,
  target: string,
  port: number,
  from: { address?: string | undefined; dev?: string | undefined } = {},
): Reached | Refusal {
  const routed = from.dev === undefined ? machine.network.portTo(target) : machine.network.find(from.dev);
  if (routed === undefined) return 'Network is unreachable';
  const arrival = machine.wire.deliver(machine, target, from.dev === undefined ? {} : { dev: from.dev });
  if (arrival === undefined) return 'No route to host';
  const own = arrival.machine === machine;
  const source =
    from.address ?? (own ? target : (machine.wire.source(machine, arrival.out, target) ?? '0.0.0.0'));
  if (!arrival.machine.firewall.admits({ port, dev: arrival.at.name, from: source }))
    return 'Connection timed out';
  const listening = arrival.machine.sockets.at(target, port);
  return listening === undefined ? 'Connection refused' : { arrival, listening, source, target };
}

/** The address that a host's name means; undefined when nobody knows it. */
export function addressOf({ machine }: LiveCall, host: string): string | undefined {
  return parseIp(host)?.address ?? machine.wire.resolve(machine, host);
}

/** Ports that a machine takes for its own end of a connection. */
const ephemeral = new WeakMap<object, number>();

export function ownPort({ machine }: LiveCall): number {
  const next = ephemeral.get(machine) ?? 41_952;
  ephemeral.set(machine, next >= 60_000 ? 41_952 : next + 14);
  return next;
}
