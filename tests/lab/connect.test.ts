import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { App } from './app';
import { expectExit, expectFresh } from './expect';
import { Lab } from './lab';
import { sides, type Cables, type Renderer } from './plan';
import { skipped } from './skipped';

/** Every network choice, on both renderers, with one cable and with two: there and back. */
const METHODS = ['static', 'link-local', 'four-addresses', 'temporary'] as const;
const RENDERERS: Renderer[] = ['networkd', 'NetworkManager'];
const CABLES: Cables[] = ['port1', 'both'];

describe.skipIf(skipped())('connect two sparks', () => {
  for (const renderer of RENDERERS) {
    for (const cables of CABLES) {
      describe(`${renderer}, cables ${cables}`, () => {
        let lab: Lab;
        let app: App;
        beforeAll(async () => (lab = await Lab.up({ renderer, cables })));
        afterAll(() => lab.down());
        afterEach(() => app.clean());

        test.each(METHODS)(
          '%s: joined, a second time nothing to do, taken back to the byte',
          async (method) => {
            app = new App(lab);
            const setting = `network.method=${method}`;
            const first = await app.apply(setting);
            expectExit(first, 0);
            expect(first.result).toMatchObject({ outcome: 'done' });
            expect(first.result?.changes).toBeGreaterThan(0);

            const second = await app.apply(setting);
            expectExit(second, 0);
            expect(second.result).toMatchObject({ outcome: 'nothing-to-do', changes: 0 });

            const back = await app.rollback();
            expectExit(back, 0);
            await expectFresh(lab, method);
          },
        );
      });
    }
  }

  describe('mixed ports', () => {
    let lab: Lab;
    let app: App;
    beforeAll(async () => {
      lab = await Lab.up({ cables: 'mixed' });
      app = new App(lab);
    });
    afterAll(async () => {
      app.clean();
      await lab.down();
    });

    test('port 0 of one reaches port 1 of the other', async () => {
      expectExit(await app.apply(), 0);
      expect((await lab.sh(1, 'runuser -u nvidia -- ssh -o BatchMode=yes spark-bd26 hostname')).trim()).toBe(
        'spark-bd26',
      );
      expectExit(await app.rollback(), 0);
      await expectFresh(lab);
    });

    test('stage by stage, in the allowed order', async () => {
      expectExit(await app.apply(), 0);
      const refused = await app.rollback('--stage', 'network');
      expect(refused.result?.failure?.code).toBe('UNDO_ORDER');
      expectExit(await app.rollback('--stage', 'ssh'), 0);
      expectExit(await app.rollback('--stage', 'network'), 0);
      await expectFresh(lab);
    });

    test('MTU 9000 and a shared key, there and back', async () => {
      expectExit(await app.apply('network.mtu=9000', 'ssh.mode=shared'), 0);
      expectExit(await app.rollback(), 0);
      await expectFresh(lab);
    });
  });

  describe('what is there already', () => {
    let lab: Lab;
    let app: App;
    beforeAll(async () => (lab = await Lab.up()));
    afterAll(() => lab.down());
    beforeEach(() => (app = new App(lab)));
    afterEach(async () => {
      app.clean();
      await lab.reset();
    });

    test('the owner of a working netplan file keeps it: adopted, never touched', async () => {
      for (const side of sides) {
        const file = `network:
  version: 2
  ethernets:
    enp1s0f1np1: { addresses: [10.55.0.${side}/24], link-local: [] }
    enP2p1s0f1np1: { addresses: [10.56.0.${side}/24], link-local: [] }
`;
        await lab.sh(side, 'umask 077; cat > /etc/netplan/60-mine.yaml; netplan apply', { input: file });
      }
      const files = () => Promise.all(sides.map((side) => lab.sh(side, 'sha256sum /etc/netplan/*')));
      const before = await files();
      expectExit(await app.apply('network.foreign=adopt'), 0);
      expect(await files()).toEqual(before);
      const login = 'runuser -u nvidia -- ssh -o BatchMode=yes 10.56.0.2 hostname';
      expect((await lab.sh(1, login)).trim()).toBe('spark-bd26');
      expectExit(await app.rollback(), 0);
      expect(await files()).toEqual(before);
    });

    test('a firewall that is on lets the peer in, and is as before afterwards', async () => {
      const state =
        'cd /etc/ufw; sha256sum *.rules ufw.conf; ufw status; iptables-save | grep -v "^#" | sed "s/\\[.*//"';
      for (const side of sides) await lab.sh(side, 'ufw allow 22/tcp; ufw default deny; ufw --force enable');
      const before = await Promise.all(sides.map((side) => lab.sh(side, state)));
      expectExit(await app.apply(), 0);
      expect(await lab.sh(1, 'ufw status')).toContain('192.168.100.11');
      const again = await app.apply();
      expect(again.result).toMatchObject({ outcome: 'nothing-to-do' });
      expectExit(await app.rollback(), 0);
      expect(await Promise.all(sides.map((side) => lab.sh(side, state)))).toEqual(before);
    });
  });

  describe('two user names', () => {
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

    test('says which setting decides it', async () => {
      const blocked = await app.apply();
      expectExit(blocked, 1);
      expect(blocked.said).toContain('user.name');
      await expectFresh(lab);
    });

    test('one account on both, there and back', async () => {
      const done = await app.run(['apply', 'connect-two-sparks', '--yes', '--set', 'user.name=spark'], {
        env: { TWINSPARK_NEW_USER_PASSWORD: 'Corr3ct-horse-battery' },
      });
      expectExit(done, 0);
      const peer = await lab.sh(1, 'runuser -u spark -- ssh -o BatchMode=yes spark-bd26 id -un');
      expect(peer.trim()).toBe('spark');
      expectExit(await app.rollback(), 0);
      await expectFresh(lab);
    });
  });

  describe('sudo without a password', () => {
    let lab: Lab;
    let app: App;
    beforeAll(async () => {
      lab = await Lab.up({ sudo: 'nopasswd', login: 'key' });
      app = new App(lab);
    });
    afterAll(async () => {
      app.clean();
      await lab.down();
    });

    test('there and back', async () => {
      expectExit(await app.apply(), 0);
      expectExit(await app.rollback(), 0);
      await expectFresh(lab);
    });

    test('the exported script runs the same commands: apply finds nothing left to do', async () => {
      const exported = await app.run(['export', 'connect-two-sparks', '--format', 'bash']);
      expectExit(exported, 0);
      const bin = path.join(app.home, 'bin');
      mkdirSync(bin);
      const ssh = `#!/bin/sh\nexec /usr/bin/ssh -F none -o UserKnownHostsFile=${lab.knownHostsFile} "$@"\n`;
      writeFileSync(path.join(bin, 'ssh'), ssh, { mode: 0o755 });
      const script = path.join(app.home, 'plan.sh');
      writeFileSync(script, String(exported.result?.['script']));
      execFileSync('bash', [script], { env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` }, stdio: 'pipe' });
      const left = await app.apply();
      expectExit(left, 0);
      expect(left.result).toMatchObject({ outcome: 'nothing-to-do' });
    });
  });
});
