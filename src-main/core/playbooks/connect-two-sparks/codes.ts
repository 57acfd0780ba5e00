import { message, type Message } from '../../../contract/message';
import type { Blocker } from '../../../contract/plan';

type Params<Names extends readonly string[]> = Record<Names[number], string | number>;

/** What the stages say without stopping, with the parameters that each text gets. */
export const notes = {
  'connect.prerequisites.machine': ['node', 'hostname', 'release'],
  'connect.prerequisites.release-missing': ['node'],
  'connect.prerequisites.release-differs': ['release1', 'release2'],
  'connect.prerequisites.os-differs': ['os1', 'os2'],
  'connect.prerequisites.kernel-differs': ['kernel1', 'kernel2'],
  'connect.prerequisites.not-read': ['node', 'what', 'detail'],
  'connect.prerequisites.tool-optional': ['node', 'tool'],

  'connect.user.same': ['user'],
  'connect.user.chosen': ['user'],
  'connect.user.create': ['node', 'user'],
  'connect.user.uid-taken': ['node', 'user', 'uid'],

  'connect.cable.link': ['half', 'port1', 'port2', 'node1', 'node2'],
  'connect.cable.assumed': ['port1', 'port2', 'node1', 'node2'],
  'connect.cable.mixed-ports': ['port1', 'port2', 'node1', 'node2'],
  'connect.cable.crossed-halves': ['port1', 'port2', 'node1', 'node2'],
  'connect.cable.two-cables': [],
  'connect.cable.third-machine': ['node', 'port', 'mac'],
  'connect.cable.slow': ['node', 'port', 'speed'],
  'connect.cable.lanes': ['node', 'port', 'lanes'],
  'connect.cable.one-half-accepted': ['half'],

  'connect.network.link': ['half', 'port1', 'address1', 'port2', 'address2', 'node1', 'node2'],
  'connect.network.subnets-moved': ['wanted', 'subnets', 'what', 'node'],
  'connect.network.link-local': [],
  'connect.network.link-local-one-cable': ['port'],
  'connect.network.four-addresses': [],
  'connect.network.temporary': [],
  'connect.network.adopted': ['files'],
  'connect.network.replaced': ['node', 'files'],
  'connect.network.adopted-half': ['port1', 'port2'],
  'connect.network.firewall-open': ['node'],
  'connect.network.firewall-unknown': ['node'],
  'connect.network.mtu': ['mtu'],
  'connect.network.ping': ['port', 'node', 'address', 'rtt'],
  'connect.network.ping-lost': ['port', 'node', 'address'],
  'connect.network.address-missing': ['port', 'node', 'address'],

  'connect.ssh.per-node': ['user', 'path'],
  'connect.ssh.shared': ['user', 'path'],
  'connect.ssh.key-kept': ['node', 'path'],
  'connect.ssh.in-place': ['user'],
  'connect.ssh.login': ['node', 'target', 'hostname'],
  'connect.ssh.login-failed': ['node', 'target', 'detail'],
  'connect.ssh.wrong-machine': ['node', 'target', 'hostname', 'expected'],

  'connect.verify.pending': [],
  'connect.verify.speed': ['node', 'port', 'speed', 'mtu'],
  'connect.verify.speed-low': ['node', 'port', 'speed'],
  'connect.verify.mtu-differs': ['port1', 'mtu1', 'port2', 'mtu2', 'node1', 'node2'],
  'connect.verify.mtu-unexpected': ['node', 'port', 'mtu', 'expected'],
  'connect.verify.throughput': ['half', 'gbps'],
  'connect.verify.throughput-total': ['gbps'],
  'connect.verify.throughput-low': ['half', 'gbps', 'expected'],
  'connect.verify.throughput-unjudged': [],
  'connect.verify.throughput-skipped': ['reason'],

  'connect.change.user': ['node', 'user'],
  'connect.change.netplan': ['node', 'path'],
  'connect.change.netplan-remove': ['node', 'files'],
  'connect.change.address': ['node', 'port', 'address'],
  'connect.change.firewall': ['node', 'port', 'peer'],
  'connect.change.directory': ['node', 'path'],
  'connect.change.key': ['node', 'path'],
  'connect.change.key-copy': ['node', 'path', 'peer'],
  'connect.change.authorized': ['node', 'path', 'user'],
  'connect.change.known-hosts': ['node', 'path'],
  'connect.change.config': ['node', 'path'],
} as const satisfies Record<string, readonly string[]>;

/** What keeps a stage from running. Each has a second text, `CODE.remedy`, with the same parameters. */
export const blockers = {
  'connect.facts-missing': ['node', 'what', 'detail'],
  'connect.bad-hostname': ['node', 'hostname'],
  'connect.bad-interface': ['node', 'port'],
  'connect.earlier-stage': ['stage'],

  'connect.prerequisites.unreachable': ['node', 'detail'],
  'connect.prerequisites.sudo-denied': ['node', 'user'],
  'connect.prerequisites.sudo-missing': ['node'],
  'connect.prerequisites.sudo-unknown': ['node', 'detail'],
  'connect.prerequisites.disk-full': ['node', 'mount', 'mib'],
  'connect.prerequisites.read-only': ['node', 'mount'],
  'connect.prerequisites.clocks-differ': ['node1', 'node2', 'seconds'],
  'connect.prerequisites.clock-off': ['node', 'seconds'],
  'connect.prerequisites.tool-missing': ['node', 'tool', 'package'],
  'connect.prerequisites.same-machine': ['node1', 'node2'],
  'connect.prerequisites.same-host-key': ['node1', 'node2'],
  'connect.prerequisites.same-hostname': ['hostname'],

  'connect.user.differs': ['user1', 'user2', 'node1', 'node2'],
  'connect.user.root': ['node1', 'node2'],
  'connect.user.bad-name': ['user'],
  'connect.user.reserved': ['user'],

  'connect.cable.no-nic': ['node'],
  'connect.cable.no-carrier': ['node'],
  'connect.cable.no-carrier-both': ['node1', 'node2'],
  'connect.cable.ports-off': ['node', 'ports', 'command'],
  'connect.cable.no-answer': ['ports1', 'ports2', 'node1', 'node2'],
  'connect.cable.one-half': ['half', 'missing'],
  'connect.cable.same-half': ['devices'],

  'connect.network.bad-subnets': ['subnets', 'reason'],
  'connect.network.subnet-clash': ['subnet', 'what', 'node'],
  'connect.network.no-free-subnet': [],
  'connect.network.foreign-files': ['files'],
  'connect.network.foreign-stop': ['files'],
  'connect.network.foreign-mixed': ['node', 'path', 'others'],
  'connect.network.foreign-place': ['node', 'path'],
  'connect.network.foreign-unreadable': ['node', 'path', 'detail'],
  'connect.network.adopt-no-pair': ['port1', 'port2', 'node1', 'node2'],
  'connect.network.adopt-same-subnet': ['subnet', 'port1', 'port2'],
  'connect.network.adopt-not-applied': ['node', 'port', 'address'],
  'connect.network.link-local-half': [],
  'connect.network.four-addresses-mixed': ['port1', 'port2', 'node1', 'node2'],

  'connect.ssh.host-keys-missing': ['node'],
  'connect.ssh.key-unusable': ['node', 'path'],
  'connect.ssh.key-foreign': ['node', 'path', 'type'],
  'connect.ssh.shared-differs': ['path', 'node1', 'node2'],
} as const satisfies Record<string, readonly string[]>;

export type NoteCode = keyof typeof notes;
export type BlockerCode = keyof typeof blockers;

/** A message of this playbook; the compiler asks for exactly the parameters that its text has. */
export function note<C extends NoteCode>(code: C, params: Params<(typeof notes)[C]>): Message {
  return message(code, params);
}

/** A blocker whose remedy is the text `CODE.remedy`. */
export function blocker<C extends BlockerCode>(
  code: C,
  params: Params<(typeof blockers)[C]>,
  rest: Omit<Blocker, 'cause' | 'remedy'> = {},
): Blocker {
  return { cause: message(code, params), remedy: message(`${code}.remedy`, params), ...rest };
}
