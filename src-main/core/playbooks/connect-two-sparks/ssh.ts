import { blockText } from '../../change/block-text';
import type { Blocker } from '../../../contract/plan';
import type { FileState } from '../../../contract/facts';
import type { Assessment, NodeView, Pair, Stage, StageContext } from '../../engine/playbook';
import { raw } from '../../shell/quote';
import { blocker, note } from './codes';
import { blocked, both, nameOf, valueOf } from '../pair';
import { missingFacts } from './facts';
import { isHostname } from './names';
import type { NetworkPlan, Shared, WorkAccount } from './shared';
import { blockLabel, sshChanges } from './ssh-changes';
import { configText, knownHostsText } from './ssh-files';
import {
  keyAt,
  keyFaults,
  keyNames,
  keyNotes,
  lastingAddresses,
  type SshMode,
  type SshNode,
} from './ssh-plan';
import { verifySsh } from './ssh-verify';

/** Passwordless SSH between the nodes, to every name and address, with host keys known beforehand. */
export const ssh: Stage<Shared> = {
  id: 'ssh',
  needs: ['network', 'user'],
  async assess(context) {
    const { nodes, inputs, shared } = context;
    const { network, accounts } = shared;
    if (!accounts) return blocked([blocker('connect.earlier-stage', { stage: 'user' })]);
    if (!network) return blocked([blocker('connect.earlier-stage', { stage: 'network' })]);
    const missing = [
      ...missingFacts(nodes, ['hostname']),
      // An account that is still to be made has no files, and so no facts.
      ...nodes.flatMap((view, end) =>
        accounts[end as 0 | 1].exists ? missingFacts([view, view], ['ssh']).slice(0, 1) : [],
      ),
    ];
    if (missing.length > 0) return blocked(missing);
    const mode: SshMode = inputs['ssh.mode'] === 'shared' ? 'shared' : 'per-node';
    const ends = await Promise.all(
      both(nodes, (view, end) => describeNode(context, view, accounts[end], { mode, network, end })),
    );
    const faults = [
      ...ends.flatMap(nodeFaults),
      ...keyFaults(ends, mode, inputs['ssh.existing-key'] === 'keep'),
    ];
    if (faults.length > 0) return blocked(faults);
    return settle(ends, mode, shared, network);
  },
  verify: verifySsh,
};

function settle(ends: Pair<SshNode>, mode: SshMode, shared: Shared, network: NetworkPlan): Assessment {
  const notes = keyNotes(ends, mode);
  if (ends.every((end) => isInPlace(end, ends, network.method))) {
    shared.settled.add('ssh');
    return {
      status: 'satisfied',
      notes: [...notes, note('connect.ssh.in-place', { user: ends[0].account.name })],
    };
  }
  return { status: 'needed', notes, changes: sshChanges(ends, mode, network.method) };
}

async function describeNode(
  context: StageContext<Shared>,
  view: NodeView,
  account: WorkAccount,
  { mode, network, end }: { mode: SshMode; network: NetworkPlan; end: 0 | 1 },
): Promise<SshNode> {
  const home = valueOf(view.facts.ssh)?.home ?? account.home;
  const keyPath = `${home}/.ssh/${keyNames[mode]}`;
  const key = keyAt(view, keyPath);
  return {
    view,
    node: nameOf(view),
    hostname: valueOf(view.facts.hostname) ?? '',
    account: { ...account, home },
    keyPath,
    publicKey: key?.hasPrivate === true && key.publicKey !== '' ? key.publicKey : undefined,
    hostKeys: valueOf(view.facts.ssh)?.hostKeys ?? (await readHostKeys(context, view)),
    addresses: lastingAddresses(network, end),
  };
}

const hostKeyLine = /^((?:ssh|ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3})(?: .*)?$/;

/** The node's public host keys, where the facts have none because the account is still to be made. */
async function readHostKeys(context: StageContext<Shared>, view: NodeView): Promise<string[]> {
  const script = raw('cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null || :');
  const { stdout } = await context.look(nameOf(view), script, { timeoutMs: 5_000 });
  return stdout.split('\n').flatMap((line) => hostKeyLine.exec(line.trim())?.[1] ?? []);
}

function nodeFaults({ node, hostname, hostKeys }: SshNode): Blocker[] {
  const faults: Blocker[] = [];
  if (!isHostname(hostname)) faults.push(blocker('connect.bad-hostname', { node, hostname }, { node }));
  // They go into known_hosts: nothing but a key may.
  const usable = hostKeys.filter((key) => hostKeyLine.test(key));
  if (usable.length === 0 || usable.length < hostKeys.length)
    faults.push(blocker('connect.ssh.host-keys-missing', { node }, { node }));
  return faults;
}

function holds(file: FileState | undefined, text: string): boolean {
  return file?.exists === true && file.content?.includes(text) === true;
}

function isInPlace(own: SshNode, ends: Pair<SshNode>, method: NetworkPlan['method']): boolean {
  const files = valueOf(own.view.facts.ssh);
  const hosts = blockText(blockLabel, [{ kind: 'text', text: knownHostsText(ends) }]) ?? '';
  const config = blockText(blockLabel, [{ kind: 'text', text: configText(own, ends, method) }]) ?? '';
  return (
    ends.every(({ publicKey }) => publicKey !== undefined && holds(files?.authorizedKeys, publicKey)) &&
    holds(files?.knownHosts, hosts) &&
    holds(files?.config, config)
  );
}
