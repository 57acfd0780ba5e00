import { expect, test } from 'vitest';
import { engineOnPractice } from './engine';
import { snapshot } from './snapshot';

const playbook = 'connect-two-sparks';
const limit = 120_000;

test(
  'connect two sparks: joined, measured, nothing to do the second time, and taken back to the byte',
  async () => {
    const { cluster, open } = await engineOnPractice();
    const before = await Promise.all(cluster.nodes.map(snapshot));
    const pair = await open();

    const prepared = await pair.plan(playbook, {});
    expect(prepared.plan.stages.flatMap(({ blockers }) => blockers)).toEqual([]);
    const applied = await pair.apply(prepared);
    expect(applied.failure).toBeUndefined();
    expect(applied).toMatchObject({ outcome: 'done', unfinished: false });

    const verified = await pair.verify(playbook, {});
    expect(verified.filter(({ verification }) => !verification.ok)).toEqual([]);
    const again = await pair.apply(await pair.plan(playbook, {}));
    expect(again).toMatchObject({ outcome: 'nothing-to-do', changes: 0 });

    const back = await pair.rollBack(applied.run ?? '');
    expect(back).toMatchObject({ outcome: 'rolled-back', drifted: [], failed: [] });
    expect(await Promise.all(cluster.nodes.map(snapshot))).toEqual(before);
  },
  limit,
);
