import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { App, applyArguments } from './app';
import { expectExit, expectFresh } from './expect';
import { Lab } from './lab';
import { isOpen } from './open-run';
import { skipped } from './skipped';

/**
 * The app is killed with SIGKILL as each of its journal records becomes durable. Whatever it was doing then, what
 * follows ends in "done" or in "restored": nothing in between.
 */
describe.skipIf(skipped())('an apply killed at every journal record', () => {
  let lab: Lab;
  beforeAll(async () => (lab = await Lab.up()));
  afterAll(() => lab.down());

  test('is rolled back, or gone on with and then rolled back', { timeout: 900_000 }, async () => {
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
});
