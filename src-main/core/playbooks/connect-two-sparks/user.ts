import type { Account } from '../../../contract/facts';
import type { Blocker } from '../../../contract/plan';
import type { Change } from '../../change/kind';
import type { Assessment, NodeView, Pair, Stage } from '../../engine/playbook';
import { blocker, note } from './codes';
import { blocked, both, nameOf, valueOf } from '../pair';
import { missingFacts } from './facts';
import { isSystemUser, userPattern } from './names';
import type { Shared, WorkAccount } from './shared';

/**
 * The same user name on both nodes (step 1 of NVIDIA's playbook): MPI, NCCL and `ssh PEER` all assume it. Where the names
 * differ, an account is made on the node that lacks it, with the rights of the login there.
 */
export const user: Stage<Shared> = {
  id: 'user',
  needs: [],
  assess({ nodes, inputs, shared }) {
    const missing = missingFacts(nodes, ['account']);
    if (missing.length > 0) return Promise.resolve(blocked(missing));
    const chosen = inputs['user.name'];
    const fault = chosen === undefined ? unlike(nodes) : refusal(chosen);
    if (fault) return Promise.resolve(blocked([fault]));
    const name = chosen ?? valueOf(nodes[0].facts.account)?.name ?? '';
    return Promise.resolve(settle(nodes, name, shared));
  },
};

function settle(nodes: Pair<NodeView>, name: string, shared: Shared): Assessment {
  const accounts = both(nodes, (view) => findAccount(view, name));
  shared.accounts = both(accounts, (account): WorkAccount => {
    if (!account) return { name, home: `/home/${name}`, group: name, exists: false };
    return { name, home: account.home, group: groupOf(account), exists: true };
  });
  const changes = nodes.flatMap((view, position) =>
    accounts[position as 0 | 1] ? [] : [makeAccount(view, name, accounts[position === 0 ? 1 : 0])],
  );
  const uids = nodes.flatMap((view, position) => {
    const twin = accounts[position === 0 ? 1 : 0];
    const taken = twin && !accounts[position as 0 | 1] && !isFree(view, twin.uid);
    return taken ? [note('connect.user.uid-taken', { node: nameOf(view), user: name, uid: twin.uid })] : [];
  });
  if (changes.length === 0) {
    const isLogin = nodes.every((view) => valueOf(view.facts.account)?.name === name);
    const said = isLogin
      ? note('connect.user.same', { user: name })
      : note('connect.user.chosen', { user: name });
    return { status: 'satisfied', notes: [said] };
  }
  const creating = changes.map(({ node }) => note('connect.user.create', { node, user: name }));
  return {
    status: 'needed',
    notes: [note('connect.user.chosen', { user: name }), ...creating, ...uids],
    changes,
  };
}

/** The account's own group; by number where its name is none that a local command takes. */
function groupOf({ groups, gid }: Account): string {
  const [primary] = groups;
  return primary !== undefined && userPattern.test(primary) ? primary : String(gid);
}

/** Account of that name on the node: the login itself, or one of its people. */
function findAccount({ facts }: NodeView, name: string): Account | undefined {
  const login = valueOf(facts.account);
  if (login?.name === name) return login;
  return valueOf(facts.accounts)?.find((account) => account.name === name);
}

function isFree({ facts }: NodeView, uid: number): boolean {
  if (uid < 1000 || uid > 59_999) return false;
  return facts.accounts.known && !facts.accounts.value.some((account) => account.uid === uid);
}

function makeAccount(view: NodeView, name: string, twin: Account | undefined): Change {
  const node = nameOf(view);
  const login = valueOf(view.facts.account);
  // Its own private group is no right that another account could share.
  const groups =
    login === undefined || login.uid === 0
      ? ['sudo']
      : login.groups.filter((group) => group !== login.name && group !== 'root' && userPattern.test(group));
  return {
    id: `user/${node}/${name}`,
    node,
    kind: 'user',
    spec: {
      name,
      // The same number on both nodes keeps a shared folder's owner the same (NFS, Slurm).
      ...(twin && isFree(view, twin.uid) ? { uid: twin.uid } : {}),
      groups,
      shell: '/bin/bash',
      password: 'secret',
    },
    summary: note('connect.change.user', { node, user: name }),
    step: 0,
  };
}

function refusal(name: string): Blocker | undefined {
  if (!userPattern.test(name)) return blocker('connect.user.bad-name', { user: name });
  return name === 'root' || isSystemUser(name) ? blocker('connect.user.reserved', { user: name }) : undefined;
}

/** The question that only the owner can answer: which of the names it shall be. */
function unlike(nodes: Pair<NodeView>): Blocker | undefined {
  const [user1, user2] = nodes.map((view) => valueOf(view.facts.account)?.name ?? view.address.user);
  const [node1, node2] = nodes.map(nameOf);
  const names = { node1: node1 ?? '', node2: node2 ?? '' };
  if (user1 === user2 && user1 !== 'root') return undefined;
  const people = nodes.flatMap((view) => (valueOf(view.facts.accounts) ?? []).map((account) => account.name));
  const offered = user1 === user2 ? people : [user1 ?? '', user2 ?? ''];
  const values = [...new Set(offered)].filter((name) => refusal(name) === undefined);
  const decide = { input: 'user.name', values };
  return user1 === user2
    ? blocker('connect.user.root', names, { decide })
    : blocker('connect.user.differs', { user1: user1 ?? '', user2: user2 ?? '', ...names }, { decide });
}
