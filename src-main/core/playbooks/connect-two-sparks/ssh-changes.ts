import type { Change } from '../../change/kind';
import type { Pair } from '../../engine/playbook';
import { note } from './codes';
import { valueOf } from '../pair';
import type { NetworkPlan } from './shared';
import { configText, knownHostsText } from './ssh-files';
import { keyComment, type SshMode, type SshNode } from './ssh-plan';

/** Names our block in each of the files. */
export const blockLabel = 'connect-two-sparks';

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'local-file'; readonly path: string }
  | { readonly kind: 'peer-file'; readonly node: string; readonly path: string };

/**
 * Keys first, on both nodes, then the files that hold the other node's public key. In `shared` mode the copy is a step
 * between.
 */
export function sshChanges(ends: Pair<SshNode>, mode: SshMode, method: NetworkPlan['method']): Change[] {
  return [
    ...ends.flatMap((own) => [directoryChange(own)]),
    ...keyChanges(ends, mode),
    ...ends.flatMap((own, position) => {
      const peer = ends[position === 0 ? 1 : 0];
      return [
        authorizedChange(own, peer, mode),
        block(own, 'known_hosts', 'end', [{ kind: 'text', text: knownHostsText(ends) }]),
        block(own, 'config', 'top', [{ kind: 'text', text: configText(own, ends, method) }]),
      ];
    }),
  ];
}

function owned({ account }: SshNode): { owner: string; group: string } {
  return { owner: account.name, group: account.group };
}

/** sshd ignores the keys in a folder that others may write to (StrictModes): such a folder is put right. */
function directoryChange(own: SshNode): Change {
  const { node, account, view } = own;
  const mode = valueOf(view.facts.ssh)?.directoryMode ?? null;
  const loose = mode !== null && (parseInt(mode, 8) & 0o022) !== 0;
  const path = `${account.home}/.ssh`;
  return {
    id: `ssh/${node}/folder`,
    node,
    kind: 'directory',
    spec: { path, mode: '0700', ...owned(own), ...(loose ? { adjust: true } : {}) },
    summary: note('connect.change.directory', { node, path }),
    step: 0,
  };
}

function keyChanges(ends: Pair<SshNode>, mode: SshMode): Change[] {
  if (mode === 'per-node') return ends.flatMap((own) => generate(own, mode));
  // The node that has the shared key gives it to the other; node 1 makes it when neither has.
  const [source, target] =
    ends[0].publicKey === undefined && ends[1].publicKey !== undefined ? [ends[1], ends[0]] : ends;
  return [...generate(source, mode), ...copy(source, target, mode)];
}

function generate(own: SshNode, mode: SshMode): Change[] {
  if (own.publicKey !== undefined) return [];
  const { node, account, keyPath } = own;
  return [
    {
      id: `ssh/${node}/key`,
      node,
      kind: 'keypair',
      spec: {
        path: keyPath,
        user: account.name,
        group: account.group,
        comment: keyComment(own, mode),
        source: { kind: 'generate' },
      },
      summary: note('connect.change.key', { node, path: keyPath }),
      step: 1,
    },
  ];
}

function copy(source: SshNode, target: SshNode, mode: SshMode): Change[] {
  if (target.publicKey !== undefined) return [];
  const { node, account, keyPath } = target;
  const from = { kind: 'copy', node: source.node, path: source.keyPath };
  return [
    {
      id: `ssh/${node}/key`,
      node,
      kind: 'keypair',
      spec: {
        path: keyPath,
        user: account.name,
        group: account.group,
        comment: keyComment(target, mode),
        source: source.publicKey === undefined ? from : { ...from, publicKey: source.publicKey },
      },
      summary: note('connect.change.key-copy', { node, path: keyPath, peer: source.node }),
      step: 2,
    },
  ];
}

/** Both public keys: the peer's for the way in, the node's own for `ssh` to itself, which MPI launchers do. */
function authorizedChange(own: SshNode, peer: SshNode, mode: SshMode): Change {
  const literal = (one: SshNode): Part | undefined =>
    one.publicKey === undefined
      ? undefined
      : { kind: 'text', text: `${one.publicKey} ${keyComment(one, mode)}\n` };
  const mine: Part = literal(own) ?? { kind: 'local-file', path: own.keyPath + '.pub' };
  const theirs: Part = literal(peer) ?? { kind: 'peer-file', node: peer.node, path: peer.keyPath + '.pub' };
  return block(own, 'authorized_keys', 'end', mode === 'shared' ? [mine] : [mine, theirs]);
}

const summaries = {
  known_hosts: 'connect.change.known-hosts',
  config: 'connect.change.config',
} as const;

function block(
  own: SshNode,
  file: 'authorized_keys' | 'known_hosts' | 'config',
  place: 'top' | 'end',
  parts: readonly Part[],
): Change {
  const { node, account } = own;
  const path = `${account.home}/.ssh/${file}`;
  return {
    id: `ssh/${node}/${file}`,
    node,
    kind: 'block',
    spec: { path, ...owned(own), mode: '0600', label: blockLabel, place, parts },
    summary:
      file === 'authorized_keys'
        ? note('connect.change.authorized', { node, path, user: account.name })
        : note(summaries[file], { node, path }),
    step: 3,
  };
}
