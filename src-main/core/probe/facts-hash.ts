import type { Fact, NodeFacts } from '../../contract/facts';
import { canonicalJson, digest } from '../canonical';

/**
 * SHA-256 (hex) over the facts that a plan is made from, in canonical JSON. Left out is what moves by itself on an idle
 * node: time, memory, fill levels, link speed, neighbours, IPv6 addresses with a lifetime, and the interfaces that
 * containers come and go with. Also left out is how a fact was read: only its value counts, or that it is unknown.
 */
export function factsHash(facts: NodeFacts): string {
  const stable = {
    hostname: value(facts.hostname),
    release: value(facts.release),
    os: value(facts.os),
    kernel: value(facts.kernel),
    account: value(facts.account),
    accounts: value(facts.accounts),
    sudo: value(facts.sudo),
    disks: value(facts.disks, (disks) =>
      disks.map(({ mount, readOnly }) => ({ mount, readOnly })).sort(byText),
    ),
    gpus: value(facts.gpus),
    cuda: value(facts.cuda),
    ports: value(facts.ports, (ports) =>
      ports.map(({ rdma, netdev, up, port, half, mac, mtu }) => ({ rdma, netdev, up, port, half, mac, mtu })),
    ),
    links: value(facts.links, (links) =>
      links
        .filter((link) => !isTransient(link.name))
        .map(({ name, mac, mtu, enabled }) => ({ name, mac, mtu, enabled }))
        .sort(byText),
    ),
    addresses: value(facts.addresses, (addresses) =>
      addresses
        .filter((one) => !isTransient(one.interface) && !(one.family === 'inet6' && one.dynamic))
        .sort(byText),
    ),
    routes: value(facts.routes, (routes) =>
      routes.filter((route) => !isTransient(route.interface ?? '')).sort(byText),
    ),
    netplan: value(facts.netplan),
    firewall: value(facts.firewall),
    ssh: value(facts.ssh),
    tools: value(facts.tools),
  };
  return digest(stable);
}

function value<T>(fact: Fact<T>, pick: (value: T) => unknown = (one) => one): unknown {
  return fact.known ? { value: pick(fact.value) } : { unknown: fact.reason };
}

/** One end of a container's virtual cable. */
function isTransient(name: string): boolean {
  return /^(veth|cali|lxc|tap|vnet)[0-9a-f]+/.test(name);
}

function byText(a: unknown, b: unknown): number {
  return canonicalJson(a) < canonicalJson(b) ? -1 : 1;
}
