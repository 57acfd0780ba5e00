import { LabError } from './error';
import {
  cableEnds,
  halves,
  hostAddress,
  hostNames,
  mac,
  managementPort,
  netdev,
  nodeAddress,
  sides,
  subnet,
} from './plan';
import type { Cables, Half, LabPlan, Port, Side } from './plan';
import { must, run } from './process';

const ports: readonly Port[] = [0, 1];

/** Runs ip commands in one process, on the host or in the network namespace of `pid`. */
async function ip(lines: readonly string[], pid?: number, force = false): Promise<void> {
  const input = `${lines.join('\n')}\n`;
  const args = [...(force ? ['-force'] : []), '-batch', '-'];
  if (pid === undefined) await (force ? run : must)('ip', args, { input });
  else await must('nsenter', ['-t', String(pid), '-n', 'ip', ...args], { input });
}

async function taken(): Promise<Set<number>> {
  const text = `${await must('ip', ['-o', '-4', 'addr'])}${await must('ip', ['-4', 'route'])}`;
  return new Set([...text.matchAll(/\b10\.77\.(\d+)\./g)].map((hit) => Number(hit[1])));
}

/**
 * Takes a free instance number by creating its management bridge: the kernel refuses a second one of that name, so
 * two labs that start together never share one.
 */
export async function takeInstance(): Promise<number> {
  const used = await taken();
  for (let instance = 1; instance <= 254; instance++) {
    if (used.has(instance)) continue;
    const name = hostNames.management(instance);
    const made = await run('ip', ['link', 'add', name, 'type', 'bridge', 'forward_delay', '0']);
    if (made.code === 0) return instance;
    if (!made.stderr.includes('File exists')) {
      throw new LabError('unavailable', `cannot make a bridge: ${made.stderr.trim()}`);
    }
  }
  throw new LabError('unavailable', 'no free management subnet in 10.77.0.0/16');
}

/** Raises the management bridge with the host's address, and makes one small bridge per half of each cable. */
export async function raiseBridges(instance: number, cables: Cables): Promise<void> {
  const management = hostNames.management(instance);
  const bridges = cableEnds(cables).flatMap((_ends, cable) =>
    halves.map((half) => hostNames.cable(instance, cable, half)),
  );
  await ip([
    // addrgenmode none: the host is no neighbour on the nodes' cables.
    `link set ${management} addrgenmode none up`,
    `addr add ${hostAddress(instance)}/24 dev ${management}`,
    ...bridges.flatMap((name) => [
      `link add ${name} mtu 9000 type bridge forward_delay 0 mcast_snooping 0`,
      `link set ${name} arp off addrgenmode none up`,
    ]),
  ]);
}

/** Bridge that a port's cable is on; undefined where no cable is in. */
export function bridgeOf(plan: LabPlan, side: Side, port: Port, half: Half): string | undefined {
  const cable = cableEnds(plan.cables).findIndex((ends) => ends[side] === port);
  return cable < 0 ? undefined : hostNames.cable(plan.instance, cable, half);
}

/**
 * Puts the five interfaces of a node into its namespace and raises the CX-7 ports, as a Spark has them from boot on.
 * @param pid the node's init
 * @param unplugged host-side ends that stay down (cables that are out)
 */
export async function attach(
  plan: LabPlan,
  side: Side,
  pid: number,
  unplugged: readonly string[],
): Promise<void> {
  const { instance } = plan;
  const managementEnd = hostNames.managementEnd(instance, side);
  const all = ports.flatMap((port) => halves.map((half) => ({ port, half })));
  await removeEnds(instance, side);
  // Duplicate address detection takes a second or two of random waiting at every boot; there are no duplicates here.
  const noDad = 'echo 0 >/proc/sys/net/ipv6/conf/default/dad_transmits';
  await must('nsenter', ['-t', String(pid), '-n', '/bin/sh', '-c', noDad]);
  const host = [
    `link add ${managementEnd} type veth peer name ${managementPort} address ${mac(side, 'management')} netns ${pid}`,
    `link set ${managementEnd} master ${hostNames.management(instance)} addrgenmode none up`,
  ];
  for (const { port, half } of all) {
    const end = hostNames.portEnd(instance, side, port, half);
    const bridge = bridgeOf(plan, side, port, half);
    host.push(
      `link add ${end} mtu 9000 type veth peer name ${netdev(port, half)} mtu 1500 address ${mac(side, port, half)} netns ${pid}`,
    );
    if (bridge === undefined) continue;
    host.push(`link set ${end} master ${bridge} addrgenmode none ${unplugged.includes(end) ? 'down' : 'up'}`);
  }
  await ip(host);
  const inside = all.map(({ port, half }) => `link set ${netdev(port, half)} up`);
  if (plan.renderer === 'NetworkManager') {
    inside.push(
      `link set ${managementPort} up`,
      `addr add ${nodeAddress(instance, side)}/24 dev ${managementPort}`,
    );
  }
  await ip(inside, pid);
}

/** Host-side ends of the cabled ports of a half (or both), of all cables or those in `port` of either node. */
export function cabledEnds(plan: LabPlan, half: Half | 'both', port?: Port): string[] {
  return cableEnds(plan.cables)
    .filter((ends) => port === undefined || ends[1] === port || ends[2] === port)
    .flatMap((ends) =>
      sides.flatMap((side) =>
        halves
          .filter((one) => half === 'both' || one === half)
          .map((one) => hostNames.portEnd(plan.instance, side, ends[side], one)),
      ),
    );
}

/** Pulls or plugs by lowering or raising the host-side ends: the ports inside lose or get carrier. */
export async function setEnds(ends: readonly string[], state: 'up' | 'down'): Promise<void> {
  await ip(
    ends.map((end) => `link set ${end} ${state}`),
    undefined,
    // An end of a node without power is not there; its state is applied when the node comes back.
    true,
  );
}

/** Removes the host-side ends of a node, and with them the ports inside. */
export async function removeEnds(instance: number, side: Side): Promise<void> {
  const text = await must('ip', ['-o', 'link']);
  const prefix = `tsl${instance}n${side}`;
  const names = [...text.matchAll(/^\d+: ([^:@\s]+)/gm)].map((hit) => hit[1] ?? '');
  await ip(
    names.filter((name) => name.startsWith(prefix)).map((name) => `link del ${name}`),
    undefined,
    true,
  );
}

/**
 * Removes every interface of an instance from the host. The management bridge goes last: once it is gone, another lab may
 * take the number.
 */
export async function removeNetwork(instance: number): Promise<void> {
  const management = hostNames.management(instance);
  const mine = async () => {
    const text = await must('ip', ['-o', 'link']);
    const names = [...text.matchAll(/^\d+: ([^:@\s]+)/gm)].map((hit) => hit[1] ?? '');
    return names.filter((name) => new RegExp(`^tsl${instance}[nmc]`).test(name));
  };
  const remove = (names: readonly string[]) =>
    ip(
      names.map((name) => `link del ${name}`),
      undefined,
      true,
    );
  const all = await mine();
  await remove(all.filter((name) => name !== management));
  const left = (await mine()).filter((name) => name !== management);
  if (left.length > 0) {
    throw new LabError(
      'command-failed',
      `could not remove the interfaces of ${subnet(instance)}: ${left.join(', ')}`,
    );
  }
  if (all.includes(management)) await remove([management]);
}
