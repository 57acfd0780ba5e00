import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { App } from './app';
import { expectExit, expectFresh } from './expect';
import { Lab } from './lab';
import { isOpen } from './open-run';
import { skipped } from './skipped';

describe.skipIf(skipped())('a rollback killed at every journal record', () => {
  let lab: Lab;
  beforeAll(async () => (lab = await Lab.up()));
  afterAll(() => lab.down());

  test('is finished by a second one', { timeout: 900_000 }, async () => {
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
