import { describe, expect, test } from 'vitest';
import { engineOnPractice } from './engine';
import { snapshot } from './snapshot';

const playbook = 'connect-two-sparks';
/** An upper bound against a hang; a whole round takes some seconds. */
const limit = 120_000;

const choices: Record<string, Record<string, string>> = {
  'the defaults': {},
  'link-local addresses': { 'network.method': 'link-local' },
  'four addresses': { 'network.method': 'four-addresses' },
  'addresses until the next reboot': { 'network.method': 'temporary' },
  'an account of its own': { 'user.name': 'cluster' },
  'one key for both, and long frames': { 'ssh.mode': 'shared', 'network.mtu': '9000' },
};

describe('connect two sparks on the practice pair', () => {
  test.each(Object.entries(choices))(
    '%s: joined, measured, nothing to do the second time, taken back to the byte',
    async (_name, inputs) => {
      const { cluster, open } = await engineOnPractice();
      const look = () => Promise.all(cluster.nodes.map(snapshot));
      const before = await look();
      const pair = await open();

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
