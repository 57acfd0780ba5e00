import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { App, applyArguments } from './app';
import { expectExit, expectFresh } from './expect';
import { Lab } from './lab';
import { skipped } from './skipped';

/** Whether a run has changes in place or did not come to its end. */
async function isOpen(app: App): Promise<boolean> {
  const runs = (await app.run(['runs'])).result?.runs ?? [];
  return runs.some(
    (run) => run.status === 'interrupted' || run.changes.some(({ status }) => status !== 'undone'),
  );
}

/**
 * The app is killed with SIGKILL as each of its journal records becomes durable. Whatever it was doing then, what
 * follows ends in "done" or in "restored": nothing in between.
 */
describe.skipIf(skipped())('killed at every journal record', () => {
  let lab: Lab;
  beforeAll(async () => (lab = await Lab.up()));
  afterAll(() => lab.down());

  test('of an apply: rolled back, or gone on with and then rolled back', { timeout: 900_000 }, async () => {
    let record = 0;
    for (;;) {
      record += 1;
      const app = new App(lab);
      const killed = await app.run(applyArguments(), { killAt: record });
      if (killed.signal !== 'SIGKILL') {
        expectExit(killed, 0);
        expectExit(await app.rollback(), 0);
        app.clean();
        break;
      }
      // Before the first record there is no run: nothing has happened.
      const runs = (await app.run(['runs'])).result?.runs ?? [];
      if (record % 2 === 0 || runs.length === 0) {
        const again = await app.apply();
        expectExit(again, 0);
        expect(['done', 'nothing-to-do'], `record ${record}`).toContain(again.result?.outcome);
      }
      if (await isOpen(app)) expectExit(await app.rollback(), 0);
      await expectFresh(lab, `killed at record ${record}:`);
      app.clean();
    }
    // Both nodes together make more than a dozen changes, each with an intent and a result.
    expect(record).toBeGreaterThan(30);
  });

  test('of a rollback: a second rollback finishes it', { timeout: 900_000 }, async () => {
    let record = 0;
    for (;;) {
      record += 1;
      const app = new App(lab);
      expectExit(await app.apply(), 0);
      const killed = await app.run(['rollback', '--yes'], { killAt: record });
      if (killed.signal !== 'SIGKILL') {
        expectExit(killed, 0);
        app.clean();
        break;
      }
      if (await isOpen(app)) expectExit(await app.rollback(), 0);
      await expectFresh(lab, `rollback killed at record ${record}:`);
      app.clean();
    }
    expect(record).toBeGreaterThan(10);
  });
});
