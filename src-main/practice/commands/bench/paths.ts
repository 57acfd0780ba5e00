import { bothWays, LONG_FRAMES, lossy, ofSize, rdma, rdmaMessages, tcp } from '../../machine/figures';
import type { FarEnd, Flow } from '../../machine/host';
import type { LiveCall } from '../live';

export interface Ends {
  readonly here: FarEnd;
  readonly there: FarEnd;
}

function mtu({ here, there }: Ends): number {
  return Math.min(here.machine.network.mtu(here.port), there.machine.network.mtu(there.port));
}

/** RDMA's MTU over two ports: 4096, 2048 or 1024. */
export function rdmaMtu(ends: Ends): number {
  const least = mtu(ends);
  if (least >= LONG_FRAMES) return 4096;
  return least >= 2200 ? 2048 : 1024;
}

/** Opens what a TCP test moves from one end to the other; `both` when the other way is as busy. */
export function tcpFlow(
  call: LiveCall,
  ends: Ends,
  { streams, reverse, both }: { streams: number; reverse: boolean; both: boolean },
): Flow {
  const { oneStream, manyStreams } = call.machine.effects.lossy
    ? lossy
    : mtu(ends) >= LONG_FRAMES
      ? tcp.long
      : tcp.usual;
  const wants = Math.min(oneStream * streams, manyStreams) * (both ? bothWays : 1);
  const [from, to] = reverse ? [ends.there, ends.here] : [ends.here, ends.there];
  return call.machine.wire.flows.open({ from, to, medium: 'net', wants, seed: seedOf(from, to) });
}

export interface RdmaRequest {
  /** Queue pairs. */
  readonly pairs: number;
  /** Bytes of a message; large ones when left out. */
  readonly size?: number;
  readonly reverse?: boolean;
  readonly both?: boolean;
  /** Gb/s that the program asks for at most. */
  readonly most?: number | undefined;
}

/** Opens what RDMA moves between two ports. */
export function rdmaFlow(
  call: LiveCall,
  ends: Ends,
  { pairs, size, reverse = false, both = false, most = Number.POSITIVE_INFINITY }: RdmaRequest,
): Flow {
  const [from, to] = reverse ? [ends.there, ends.here] : [ends.here, ends.there];
  const { one, several } = rdmaMtu(ends) === 4096 ? rdma.long : rdma[from.port.cx?.half ?? 'a'];
  const link = (pairs > 1 ? several : one) * (both ? bothWays : 1);
  const filled = size === undefined ? link : ofSize(link, size, rdmaMessages * Math.min(pairs, 4));
  const wants = Math.min(filled, most);
  return call.machine.wire.flows.open({ from, to, medium: 'rdma', wants, seed: seedOf(from, to) });
}

function seedOf(from: FarEnd, to: FarEnd): string {
  return `${from.machine.identity.hostname} ${from.port.name} ${to.port.name}`;
}
