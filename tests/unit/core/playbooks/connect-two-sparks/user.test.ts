import { describe, expect, it } from 'vitest';
import { user as userKind } from '../../../../../src-main/core/change/user';
import { user } from '../../../../../src-main/core/playbooks/connect-two-sparks/user';
import { connectTwoSparks } from '../../../../../src-main/core/playbooks/connect-two-sparks/playbook';
import { account, names, setup, type Setup } from './builders';

const mixed: Setup['nodes'] = [
  { account: account('alice'), accounts: [account('alice')] },
  { account: account('bob'), accounts: [account('bob')] },
];

async function assess(given: Setup) {
  const { context } = setup(given);
  return { assessment: await user.assess(context), shared: context.shared };
}

describe('user', () => {
  it('is satisfied by the same login on both nodes', async () => {
    const { assessment, shared } = await assess({});
    expect(assessment.status).toBe('satisfied');
    expect(shared.accounts).toEqual([
      { name: 'nvidia', home: '/home/nvidia', group: 'nvidia', exists: true },
      { name: 'nvidia', home: '/home/nvidia', group: 'nvidia', exists: true },
    ]);
  });

  it('asks the owner when the names differ', async () => {
    const { assessment } = await assess({ nodes: mixed });
    expect(assessment).toMatchObject({
      status: 'blocked',
      blockers: [
        { cause: { code: 'connect.user.differs' }, decide: { input: 'user.name', values: ['alice', 'bob'] } },
      ],
    });
  });

  it('makes the account where it is missing, with the number it has on the other node', async () => {
    const other = account('bob', { uid: 1000 });
    const { assessment, shared } = await assess({
      nodes: [
        { account: account('alice', { uid: 1001 }), accounts: [account('alice', { uid: 1001 })] },
        { account: other, accounts: [other] },
      ],
      inputs: { 'user.name': 'bob' },
    });
    if (assessment.status !== 'needed') throw new Error(assessment.status);
    expect(assessment.changes).toHaveLength(1);
    const [change] = assessment.changes;
    expect(change).toMatchObject({ node: names[0], kind: 'user', step: 0 });
    expect(change?.spec).toEqual({
      name: 'bob',
      uid: 1000,
      groups: ['sudo', 'docker'],
      shell: '/bin/bash',
      password: 'secret',
    });
    expect(userKind.spec.safeParse(change?.spec).success).toBe(true);
    expect(shared.accounts?.[0]).toEqual({ name: 'bob', home: '/home/bob', group: 'bob', exists: false });
  });

  it('leaves the number to the node where it is taken, and says so', async () => {
    const { assessment } = await assess({ nodes: mixed, inputs: { 'user.name': 'bob' } });
    if (assessment.status !== 'needed') throw new Error(assessment.status);
    expect(assessment.changes[0]?.spec).not.toHaveProperty('uid');
    expect(assessment.notes.map(({ code }) => code)).toContain('connect.user.uid-taken');
  });

  it('makes a third name on both nodes', async () => {
    const { assessment } = await assess({ nodes: mixed, inputs: { 'user.name': 'nvidia' } });
    if (assessment.status !== 'needed') throw new Error(assessment.status);
    expect(assessment.changes.map(({ node }) => node)).toEqual([...names]);
    expect(connectTwoSparks.account?.({ 'user.name': 'nvidia' })).toBe('nvidia');
    expect(connectTwoSparks.account?.({})).toBeUndefined();
  });

  it('is satisfied by a chosen account that both nodes have', async () => {
    const people = [account('alice'), account('carol', { uid: 1002 })];
    const { assessment } = await assess({
      nodes: [
        { account: account('alice'), accounts: people },
        { account: account('alice'), accounts: people },
      ],
      inputs: { 'user.name': 'carol' },
    });
    expect(assessment.status).toBe('satisfied');
  });

  it.each(['root', 'daemon', 'sshd'])('refuses %s', async (name) => {
    const { assessment } = await assess({ nodes: mixed, inputs: { 'user.name': name } });
    expect(assessment).toMatchObject({
      status: 'blocked',
      blockers: [{ cause: { code: 'connect.user.reserved' } }],
    });
  });

  it.each(['Alice', 'a b', 'a;b', '-rf', '', 'a'.repeat(33)])('refuses the input %j', (name) => {
    expect(() => setup({ inputs: { 'user.name': name } })).toThrow(/BAD_INPUT/);
  });

  it('wants an ordinary account where both log in as root', async () => {
    const root = { account: account('root', { uid: 0 }), accounts: [account('nvidia')] };
    const { assessment } = await assess({ nodes: [root, root] });
    expect(assessment).toMatchObject({
      status: 'blocked',
      blockers: [{ cause: { code: 'connect.user.root' }, decide: { values: ['nvidia'] } }],
    });
  });
});
