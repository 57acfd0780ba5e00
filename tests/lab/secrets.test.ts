import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { App, applyArguments } from './app';
import { expectExit } from './expect';
import { Lab } from './lab';
import { sides } from './plan';
import { skipped } from './skipped';

const NEW_PASSWORD = 'Sekret-of-the-new-user-41';

/** No password anywhere: looked for in process lists while the app works, and in all that it and the nodes keep. */
describe.skipIf(skipped())('secrets', () => {
  let lab: Lab;
  let app: App;
  beforeAll(async () => {
    lab = await Lab.up({ users: ['alice', 'bob'] });
    app = new App(lab);
  });
  afterAll(async () => {
    app.clean();
    await lab.down();
  });

  test('are in no argument, log, journal, output or file', { timeout: 240_000 }, async () => {
    const secrets = [lab.node(1).password, lab.node(2).password, NEW_PASSWORD];
    // Each node notes every command line that it sees, as fast as it can, for the whole run.
    const watch = `cat > /run/watch-ps <<'END'
while [ -e /run/watch-on ]; do for p in /proc/[0-9]*/cmdline /proc/[0-9]*/environ; do tr '\\0' ' ' < "$p"; echo; done; done >> /run/seen-ps 2>/dev/null
END
touch /run/watch-on; systemd-run --quiet --collect --unit lab-watch /bin/sh /run/watch-ps`;
    for (const side of sides) await lab.sh(side, watch);
    const done = await app.run([...applyArguments(['user.name=spark'])], {
      env: { TWINSPARK_NEW_USER_PASSWORD: NEW_PASSWORD },
    });
    for (const side of sides)
      await lab.sh(side, 'rm /run/watch-on; systemctl stop lab-watch 2>/dev/null || true');
    expectExit(done, 0);
    const back = await app.rollback();
    expectExit(back, 0);

    for (const secret of secrets) {
      for (const { stdout, stderr } of [done, back]) expect(stdout + stderr).not.toContain(secret);
      for (const [file, text] of app.files()) expect(text.includes(secret), file).toBe(false);
      for (const side of sides) {
        const places = '/run /etc /home /root /var /tmp';
        const script = `journalctl -q --no-pager > /run/seen-journal; grep -rlF -f /dev/stdin ${places} --exclude-dir=cgroup 2>/dev/null || true`;
        const found = await lab.sh(side, script, { input: `${secret}\n` });
        expect(found.trim()).toBe('');
      }
    }
    for (const side of sides) {
      expect(Number(await lab.sh(side, 'wc -l < /run/seen-ps'))).toBeGreaterThan(100);
    }
  });
});
