import type { SshKey } from '../../../contract/facts';
import type { Message } from '../../../contract/message';
import type { Blocker } from '../../../contract/plan';
import type { NodeView, Pair } from '../../engine/playbook';
import { blocker, note } from './codes';
import { both, valueOf } from '../pair';
import type { NetworkPlan, WorkAccount } from './shared';

/** NVIDIA's discover-sparks uses the second name; a key that it left is used again. */
export const keyNames = { 'per-node': 'id_ed25519_twinspark', shared: 'id_ed25519_shared' } as const;
export type SshMode = keyof typeof keyNames;

/** What the files are written from, for one node. */
export interface SshNode {
  readonly view: NodeView;
  readonly node: string;
  /** Checked host name, as the machine calls itself. */
  readonly hostname: string;
  readonly account: WorkAccount;
  readonly keyPath: string;
  /** `type base64` of the key at `keyPath`; undefined while it is still to be made. */
  readonly publicKey: string | undefined;
  /** `type base64`. */
  readonly hostKeys: readonly string[];
  /** The node's own addresses on the cable, best first; empty where they change (link-local). */
  readonly addresses: readonly string[];
}

export function keyAt(view: NodeView, path: string): SshKey | undefined {
  return valueOf(view.facts.ssh)?.keys.find((key) => key.path === path);
}

/** Addresses that names may be bound to: not those that a port picks anew after every start. */
export function lastingAddresses(plan: NetworkPlan, position: 0 | 1): string[] {
  return plan.links.flatMap(({ addresses, required }) => {
    const own = addresses?.[position];
    return own === undefined || !required || own.startsWith('169.254.') ? [] : [own];
  });
}

/** Why the key that lies at the playbook's path cannot be used without asking. */
export function keyFaults(nodes: Pair<SshNode>, mode: SshMode, keep: boolean): Blocker[] {
  const faults = nodes.flatMap(({ view, node, keyPath }): Blocker[] => {
    const key = keyAt(view, keyPath);
    if (!key) return [];
    if (!key.hasPrivate || key.publicKey === '')
      return [blocker('connect.ssh.key-unusable', { node, path: keyPath }, { node })];
    if (key.type === 'ssh-ed25519' || keep) return [];
    const decide = { input: 'ssh.existing-key', values: ['keep'] };
    return [blocker('connect.ssh.key-foreign', { node, path: keyPath, type: key.type }, { node, decide })];
  });
  if (faults.length > 0) return faults;
  const [a, b] = nodes.map(({ publicKey }) => publicKey);
  if (mode === 'shared' && a !== undefined && b !== undefined && a !== b) {
    const names = { node1: nodes[0].node, node2: nodes[1].node };
    return [blocker('connect.ssh.shared-differs', { path: nodes[0].keyPath, ...names })];
  }
  return [];
}

export function keyNotes(nodes: Pair<SshNode>, mode: SshMode): Message[] {
  const [{ account, keyPath }] = nodes;
  const kind =
    mode === 'shared'
      ? note('connect.ssh.shared', { user: account.name, path: keyPath })
      : note('connect.ssh.per-node', { user: account.name, path: keyPath });
  const kept = both(nodes, ({ node, keyPath: path, publicKey }) =>
    publicKey === undefined ? [] : [note('connect.ssh.key-kept', { node, path })],
  );
  return [kind, ...kept.flat()];
}

/** Comment of a key that is made here; the same text stands behind it wherever the public key is written. */
export function keyComment({ hostname }: SshNode, mode: SshMode): string {
  return mode === 'shared' ? 'shared-cluster-key' : `twinspark@${hostname.slice(0, 64)}`;
}
