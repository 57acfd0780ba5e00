import { describe, expect, test } from 'vitest';
import { engineOnPractice } from './engine';
import { snapshot } from './snapshot';

const playbook = 'connect-two-sparks';
/** An upper bound against a hang; a whole round takes some seconds. */
const limit = 120_000;

interface Choice {
  readonly inputs: Record<string, string>;
  /** Done on both nodes before. */
  readonly before?: string;
}

const choices: Record<string, Choice> = {
  'the defaults': { inputs: {} },
  'an account of its own, addresses until the next reboot': {
    inputs: { 'user.name': 'cluster', 'network.method': 'temporary' },
  },
  'one key, long frames and four addresses behind a firewall': {
    inputs: { 'ssh.mode': 'shared', 'network.mtu': '9000', 'network.method': 'four-addresses' },
    before: 'ufw allow 22/tcp && ufw --force enable',
  },
};

describe('connect two sparks on the practice pair', () => {
  test.each(Object.entries(choices))(
    '%s: joined, measured, nothing to do the second time, taken back to the byte',
    async (_name, { inputs, before: prepare }) => {
      const { cluster, open } = await engineOnPractice();
      const look = () => Promise.all(cluster.nodes.map(snapshot));
      const pair = await open();
      if (prepare !== undefined) {
        const prepared = pair.sessions.map((session) => session.exec({ script: prepare, root: true }));
        for (const { code } of await Promise.all(prepared)) expect(code).toBe(0);
      }
      const before = await look();

      const prepared = await pair.plan(playbook, inputs);
      expect(prepared.plan.stages.flatMap(({ blockers }) => blockers)).toEqual([]);
      const applied = await pair.apply(prepared);
      expect(applied).toMatchObject({ outcome: 'done', unfinished: false });
      expect(await look()).not.toEqual(before);

      const verified = await pair.verify(playbook, inputs);
      expect(verified.filter(({ verification }) => !verification.ok)).toEqual([]);
      const again = await pair.apply(await pair.plan(playbook, inputs));
      expect(again).toMatchObject({ outcome: 'nothing-to-do', changes: 0 });

      const back = await pair.rollBack(applied.run ?? '');
      expect(back).toMatchObject({ outcome: 'rolled-back', drifted: [], failed: [] });
      expect(await look()).toEqual(before);
    },
    limit,
  );

  test(
    'the power fails after the apply: what was kept is there after the boot, and is taken back',
    async () => {
      const { cluster, open } = await engineOnPractice();
      const before = await Promise.all(cluster.nodes.map(snapshot));
      const pair = await open();
      const applied = await pair.apply(await pair.plan(playbook, {}));
      expect(applied.outcome).toBe('done');
      for (const node of cluster.nodes) await node.powerCycle();

      const after = await open();
      const verified = await after.verify(playbook, {});
      expect(verified.filter(({ verification }) => !verification.ok)).toEqual([]);
      const back = await after.rollBack(applied.run ?? '');
      expect(back).toMatchObject({ outcome: 'rolled-back', drifted: [], failed: [] });
      expect(await Promise.all(cluster.nodes.map(snapshot))).toEqual(before);
    },
    limit,
  );
});
