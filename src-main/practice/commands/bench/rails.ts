import { cxFunctions } from '../../machine/hardware';
import type { FarEnd, Host } from '../../machine/host';
import type { Ends } from './paths';

/** RDMA devices of a machine that a program could use now, by name: there, up, and to be opened. */
export function usableDevices(machine: Host): ReadonlyMap<string, FarEnd> {
  if (machine.effects.rdmaUnusable) return new Map();
  return new Map(
    cxFunctions.flatMap(({ rdma, netdev }): [string, FarEnd][] => {
      const port = machine.network.find(netdev);
      return port !== undefined && machine.network.carrier(port) ? [[rdma, { machine, port }]] : [];
    }),
  );
}

/** Ways between the devices that two programs have chosen: each device with the one at the other end of its cable. */
export function railsBetween(own: readonly FarEnd[], others: readonly FarEnd[]): Ends[] {
  return own.flatMap((here): Ends[] => {
    const far = here.machine.wire.farEnd(here.machine, here.port);
    const there = others.find(({ machine, port }) => machine === far?.machine && port === far.port);
    return there === undefined ? [] : [{ here, there }];
  });
}
