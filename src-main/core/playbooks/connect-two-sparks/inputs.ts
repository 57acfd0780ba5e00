import type { InputSpec } from '../../engine/playbook';
import { userPattern } from './names';

/** Where the fast link's addresses live; NVIDIA's playbooks and sparkrun use the same name. */
export const netplanPath = '/etc/netplan/40-cx7.yaml';

/** NVIDIA's July 2026 edition: a /24 for each half. */
export const defaultSubnets = '192.168.100.0/24,192.168.101.0/24';

/**
 * The playbook's choices. Those without a default are asked only where the nodes make them necessary, and only their
 * owner can decide them.
 */
export const inputs: readonly InputSpec[] = [
  /** Account to work for. Needed when the two logins differ; made on the node that lacks it. */
  { key: 'user.name', pattern: userPattern },
  /** `accept`: go on with one half of the cable, at about 100 Gb/s. */
  { key: 'cable.one-half', values: ['accept'] },
  /**
   * `static`: fixed addresses, a network for each half. `link-local`: NVIDIA's first edition, one half, addresses that
   * change. `four-addresses`: NVIDIA's November 2025 edition. `temporary`: the static addresses, gone after a reboot.
   */
  {
    key: 'network.method',
    default: 'static',
    values: ['static', 'link-local', 'four-addresses', 'temporary'],
  },
  /** Networks of the links, CIDR, comma separated: first half, second half, then those of a second cable. */
  { key: 'network.subnets', default: defaultSubnets, pattern: /^[0-9./, ]{9,120}$/ },
  /** `9000` lifts TCP and NCCL a little on a direct cable; a switch in between has to allow it. */
  { key: 'network.mtu', default: 'default', values: ['default', '9000'] },
  /** What happens to other tools' netplan files for these ports: keep and use, take away, or stop. */
  { key: 'network.foreign', values: ['adopt', 'replace', 'stop'] },
  /** `per-node`: a key for each node. `shared`: NVIDIA's discover-sparks, one private key on both. */
  { key: 'ssh.mode', default: 'per-node', values: ['per-node', 'shared'] },
  /** `keep`: use the key that lies at the playbook's path although it is of another type. */
  { key: 'ssh.existing-key', values: ['keep'] },
];
