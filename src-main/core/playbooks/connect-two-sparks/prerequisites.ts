import type { Message } from '../../../contract/message';
import type { Blocker } from '../../../contract/plan';
import type { NodeView, Pair, Stage } from '../../engine/playbook';
import { blocker, note } from './codes';
import { blocked, nameOf, valueOf } from '../pair';
import { isHostname } from './names';
import type { Shared } from './shared';

/** Room that the few small files and logs of a run need, with a margin for whatever else writes meanwhile. */
const MIN_FREE_BYTES = 1024 ** 3;
/** Kerberos and TLS tolerate minutes; logs of two nodes cannot be read side by side beyond this. */
const MAX_CLOCK_DIFFERENCE_MS = 60_000;
/** Mounts that the playbook writes to, or whose parent it writes to. */
const WRITTEN = /^\/($|(etc|etc\/netplan|home|root|var|run)$)/;

/** What every stage needs, with the Ubuntu package that has it. */
const needed = {
  netplan: 'netplan.io',
  ip: 'iproute2',
  ping: 'iputils-ping',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
};
/** What makes the answers better. */
const useful = ['ethtool', 'iperf3'];

/** Both are there, both are different machines, both can be changed. Changes nothing. */
export const prerequisites: Stage<Shared> = {
  id: 'prerequisites',
  needs: [],
  assess({ nodes, now }) {
    const unreachable = nodes.flatMap((view) => (isReachable(view) ? [] : [unreachableNode(view)]));
    const blockers =
      unreachable.length > 0
        ? unreachable
        : [...nodes.flatMap(nodeBlockers), ...twoMachines(nodes), ...clocks(nodes, now)];
    const found = unreachable.length > 0 ? [] : [...nodes.flatMap(nodeNotes), ...differences(nodes)];
    return Promise.resolve(
      blockers.length > 0 ? blocked(blockers, found) : { status: 'satisfied', notes: found },
    );
  },
};

function isReachable({ facts }: NodeView): boolean {
  return facts.hostname.known || facts.hostname.reason !== 'unreachable';
}

function unreachableNode(view: NodeView): Blocker {
  const node = nameOf(view);
  const detail = view.facts.hostname.known ? '' : view.facts.hostname.detail;
  return blocker('connect.prerequisites.unreachable', { node, detail }, { node });
}

function nodeBlockers(view: NodeView): Blocker[] {
  const node = nameOf(view);
  const { facts } = view;
  const found: Blocker[] = [];
  if (!facts.sudo.known)
    found.push(blocker('connect.prerequisites.sudo-unknown', { node, detail: facts.sudo.detail }, { node }));
  else if (facts.sudo.value === 'missing')
    found.push(blocker('connect.prerequisites.sudo-missing', { node }, { node }));
  else if (facts.sudo.value === 'denied') {
    const user = valueOf(facts.account)?.name ?? view.address.user;
    found.push(blocker('connect.prerequisites.sudo-denied', { node, user }, { node }));
  }
  const { hostname } = facts;
  if (hostname.known && !isHostname(hostname.value))
    found.push(blocker('connect.bad-hostname', { node, hostname: hostname.value }, { node }));
  for (const disk of valueOf(facts.disks) ?? []) {
    const { mount } = disk;
    if (disk.readOnly && WRITTEN.test(mount))
      found.push(blocker('connect.prerequisites.read-only', { node, mount }, { node }));
    else if (mount === '/' && disk.availableBytes < MIN_FREE_BYTES) {
      const mib = Math.floor(disk.availableBytes / 1024 ** 2);
      found.push(blocker('connect.prerequisites.disk-full', { node, mount, mib }, { node }));
    }
  }
  const tools = valueOf(facts.tools);
  if (tools)
    for (const [tool, packageName] of Object.entries(needed))
      if (tools[tool] === undefined) {
        const params = { node, tool, package: packageName };
        found.push(blocker('connect.prerequisites.tool-missing', params, { node }));
      }
  return found;
}

/**
 * Two names of one machine share everything; two machines restored from one image share host keys and have MAC
 * addresses of their own.
 */
function twoMachines(nodes: Pair<NodeView>): Blocker[] {
  const [first, second] = nodes;
  const names = { node1: nameOf(first), node2: nameOf(second) };
  const macs = nodes.map(
    ({ facts }) =>
      new Set(
        (valueOf(facts.links) ?? []).flatMap(({ mac }) =>
          mac === null || /^(00:)+00$/.test(mac) ? [] : [mac],
        ),
      ),
  );
  if (shareOne(macs[0], macs[1])) return [blocker('connect.prerequisites.same-machine', names)];
  const keys = nodes.map(({ facts }) => new Set(valueOf(facts.ssh)?.hostKeys ?? []));
  if (shareOne(keys[0], keys[1])) return [blocker('connect.prerequisites.same-host-key', names)];
  const hostnames = nodes.map(({ facts }) => valueOf(facts.hostname)?.toLowerCase());
  if (hostnames[0] !== undefined && hostnames[0] === hostnames[1])
    return [blocker('connect.prerequisites.same-hostname', { hostname: hostnames[0] })];
  return [];
}

function shareOne(a: Set<string> | undefined, b: Set<string> | undefined): boolean {
  return [...(a ?? [])].some((value) => b?.has(value));
}

function clocks(nodes: Pair<NodeView>, now: number): Blocker[] {
  const [a, b] = nodes.map(({ facts }) => valueOf(facts.clockMs));
  if (a !== undefined && b !== undefined && Math.abs(a - b) > MAX_CLOCK_DIFFERENCE_MS) {
    const seconds = Math.round(Math.abs(a - b) / 1000);
    return [
      blocker('connect.prerequisites.clocks-differ', {
        node1: nameOf(nodes[0]),
        node2: nameOf(nodes[1]),
        seconds,
      }),
    ];
  }
  return nodes.flatMap((view) => {
    const clock = valueOf(view.facts.clockMs);
    const seconds = Math.round(Math.abs((clock ?? now) - now) / 1000);
    if (seconds * 1000 <= MAX_CLOCK_DIFFERENCE_MS) return [];
    return [
      blocker('connect.prerequisites.clock-off', { node: nameOf(view), seconds }, { node: nameOf(view) }),
    ];
  });
}

function nodeNotes(view: NodeView): Message[] {
  const node = nameOf(view);
  const { release, hostname, tools } = view.facts;
  const found = release.known
    ? [
        note('connect.prerequisites.machine', {
          node,
          hostname: valueOf(hostname) ?? '?',
          release: `${release.value.name} ${release.value.version}`,
        }),
      ]
    : [note('connect.prerequisites.release-missing', { node })];
  for (const what of ['disks', 'tools', 'clockMs'] as const) {
    const fact = view.facts[what];
    if (!fact.known) found.push(note('connect.prerequisites.not-read', { node, what, detail: fact.detail }));
  }
  if (tools.known)
    for (const tool of useful)
      if (tools.value[tool] === undefined)
        found.push(note('connect.prerequisites.tool-optional', { node, tool }));
  return found;
}

/** NVIDIA asks for the same DGX OS on both; different ones work, and explain differences later. */
function differences(nodes: Pair<NodeView>): Message[] {
  const [first, second] = [nodes[0].facts, nodes[1].facts];
  const found: Message[] = [];
  const releases = [valueOf(first.release)?.version, valueOf(second.release)?.version];
  if (releases[0] !== undefined && releases[1] !== undefined && releases[0] !== releases[1])
    found.push(
      note('connect.prerequisites.release-differs', { release1: releases[0], release2: releases[1] }),
    );
  const [os1, os2] = [valueOf(first.os)?.name, valueOf(second.os)?.name];
  if (os1 !== undefined && os2 !== undefined && os1 !== os2)
    found.push(note('connect.prerequisites.os-differs', { os1, os2 }));
  const [kernel1, kernel2] = [valueOf(first.kernel)?.release, valueOf(second.kernel)?.release];
  if (kernel1 !== undefined && kernel2 !== undefined && kernel1 !== kernel2)
    found.push(note('connect.prerequisites.kernel-differs', { kernel1, kernel2 }));
  return found;
}
