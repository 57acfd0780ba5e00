import { gidTable } from '../../machine/gids';
import { cxFunctions } from '../../machine/hardware';
import type { Interface } from '../../machine/interfaces';
import type { LiveCall } from '../live';
import { fail } from '../support';

const none = ' Unable to find the Infiniband/RoCE device';

/** An RDMA device that a program has opened. */
export interface OpenDevice {
  readonly name: string;
  readonly port: Interface;
}

/** Opens a device, the first one where none is named. @throws Complaint in perftest's words */
export function openDevice({ machine }: LiveCall, name: string | undefined): OpenDevice {
  if (machine.effects.rdmaUnusable)
    fail(` Did not detect devices \n If device exists, check if driver is up\n${none}`);
  const names = cxFunctions.map(({ rdma }) => rdma).sort();
  const found = cxFunctions.find(({ rdma }) => rdma === (name ?? names[0]));
  const port = found && machine.network.find(found.netdev);
  if (found === undefined || port === undefined) return fail(`IB device ${name ?? ''} not found\n${none}`);
  if (!machine.network.carrier(port))
    fail(` Port number 1 state is Down\n Couldn't set the link layer\n Couldn't get context for the device`);
  return { name: found.rdma, port };
}

/** The address behind a GID index: two indexes, v1 and v2, for each address of the port. */
export function gidAddress({ machine }: LiveCall, { port }: OpenDevice, index: number): string {
  const four = gidTable(machine.network.addresses(port).map(({ local }) => local))[index];
  return four?.address.includes('.') === true ? four.address : '0.0.0.0';
}
