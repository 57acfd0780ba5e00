import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EngineEvent } from '../../src-main/contract/events';
import { App, applyArguments, type Finished } from './app';
import { expectExit, expectFresh } from './expect';
import { Lab } from './lab';
import { until } from './process';
import { skipped } from './skipped';

type Moment = (event: EngineEvent) => boolean;
const stage =
  (id: string): Moment =>
  (event) =>
    event.type === 'stage' && event.stage === id && event.status === 'running';
const change =
  (kind: string, status: string): Moment =>
  (event) =>
    event.type === 'change' && event.status === status && event.change.includes(kind);

/** Moments of an apply, in their order. */
const MOMENTS: [string, Moment][] = [
  ['connected', (event) => event.type === 'node' && event.state === 'connected'],
  ['network begins', stage('network')],
  ['network on trial', change('network', 'trial')],
  ['network kept', change('network', 'applied')],
  ['ssh begins', stage('ssh')],
  ['first key made', change('ssh', 'applied')],
  ['verify begins', stage('verify')],
];

describe.skipIf(skipped())('what goes wrong', () => {
  let lab: Lab;
  let app: App;
  beforeAll(async () => (lab = await Lab.up()));
  afterAll(() => lab.down());
  beforeEach(() => (app = new App(lab)));
  afterEach(async ({ task }) => {
    app.clean();
    if (task.result?.state === 'fail') await lab.reset();
  });

  /** Every failure says its cause and its remedy in words. */
  function expectTold(finished: Finished, code: string): void {
    expect(finished.result?.failure?.code).toBe(code);
    expect(finished.stderr).toMatch(/\S+/);
    expect(finished.stderr).not.toContain('failure.');
  }

  /** Whatever was left in place is taken back; afterwards the nodes are fresh. */
  async function settle(): Promise<void> {
    const runs = (await app.run(['runs'])).result?.runs ?? [];
    if (runs.some((run) => run.changes.some(({ status }) => status !== 'undone')))
      expectExit(await app.rollback(), 0);
    await expectFresh(lab);
  }

  describe('on the way', () => {
    test.each(MOMENTS)('sshd is killed: %s', { timeout: 240_000 }, async (_name, moment) => {
      const running = app.start(applyArguments());
      await running.event(moment);
      await lab.fault.sshdKill(1);
      const finished = await running.finished;
      // Killed at the very end, the work may be done already.
      expect([0, 1, 3]).toContain(finished.code);
      if (finished.code !== 0)
        expect(finished.result?.failure?.code).toMatch(
          /CONNECTION_LOST|NODE_UNREACHABLE|SSH_PROTOCOL|VERIFY_FAILED/,
        );
      await settle();
    });

    test.each(MOMENTS)('Ctrl-C: %s', { timeout: 240_000 }, async (_name, moment) => {
      const running = app.start(applyArguments());
      await running.event(moment);
      running.child.kill('SIGINT');
      const finished = await running.finished;
      expect([130, 0]).toContain(finished.code);
      if (finished.code === 130) expect(finished.result?.unfinished ?? false).toBe(false);
      await settle();
    });

    test('one half of the cable comes out', { timeout: 240_000 }, async () => {
      const running = app.start(applyArguments());
      await running.event(change('network', 'trial'));
      await lab.fault.cableOut('b');
      const finished = await running.finished;
      expectExit(finished, 1);
      expectTold(finished, 'VERIFY_FAILED');
      expect(finished.result?.failure?.causes?.length).toBeGreaterThan(0);
      await lab.fault.cableIn('b');
      await settle();
    });

    test('the power goes during the trial: the node comes up as it was', { timeout: 400_000 }, async () => {
      const running = app.start(applyArguments());
      await running.event(change('network', 'trial'));
      await lab.cutPower(2);
      await lab.start(2);
      const finished = await running.finished;
      expect([1, 3]).toContain(finished.code);
      expect(await lab.sh(2, 'ls /etc/netplan')).not.toContain('40-cx7');
      await settle();
    });

    test(
      'the app is killed during the trial and nobody comes back: the node restores itself',
      { timeout: 240_000 },
      async () => {
        const running = app.start(applyArguments());
        await running.event(change('network', 'trial'));
        running.child.kill('SIGKILL');
        await running.finished;
        // Only what the node itself does; the lease in memory of the node is left aside here and expires.
        await until('the guard of node 1 to have done its work', 150_000, async () => {
          const guards = await lab.sh(
            1,
            'systemctl list-units --all --plain --no-legend "twinspark*"; ls /run/netplan 2>/dev/null || true',
          );
          return guards.trim() === '';
        });
        expect(await lab.sh(1, 'ls /etc/netplan')).not.toContain('40-cx7');
        await settle();
      },
    );

    test(
      'a second apply on the same computer and one from another are refused',
      { timeout: 240_000 },
      async () => {
        const other = new App(lab);
        const running = app.start(applyArguments());
        await running.event((event) => event.type === 'run' && event.state === 'started');
        const [here, elsewhere] = await Promise.all([app.apply(), other.apply()]);
        expectExit(here, 1);
        expectTold(here, 'RUN_LOCKED');
        expectExit(elsewhere, 1);
        expectTold(elsewhere, 'NODE_BUSY');
        expectExit(await running.finished, 0);
        other.clean();
        await settle();
      },
    );
  });

  describe('before anything happens', () => {
    test('wrong login password: exit 3', async () => {
      const finished = await app.run(applyArguments(), {
        env: { TWINSPARK_LAB_PASSWORD_1: 'wrong-password' },
      });
      expectExit(finished, 3);
      expectTold(finished, 'LOGIN_REFUSED');
      await expectFresh(lab);
    });

    test('wrong sudo password: exit 1', async () => {
      const finished = await app.run(applyArguments(), {
        env: { TWINSPARK_LAB_SUDO_PASSWORD_2: 'wrong-password' },
      });
      expectExit(finished, 1);
      expect(finished.said).toContain('sudo');
      await expectFresh(lab);
    });

    test('node without power: exit 3', async () => {
      await lab.fault.sshdStop(2);
      const finished = await app.apply();
      await lab.fault.sshdStart(2);
      expectExit(finished, 3);
      expectTold(finished, 'NODE_UNREACHABLE');
      await expectFresh(lab);
    });

    test('no cable: exit 1 and advice', async () => {
      await lab.fault.cableOut();
      const finished = await app.apply();
      expectExit(finished, 1);
      expectTold(finished, 'STAGE_BLOCKED');
      expect(finished.said.toLowerCase()).toContain('cable');
      await lab.fault.cableIn();
      await expectFresh(lab);
    });

    test('bad input: exit 2', async () => {
      expectExit(await app.apply('network.method=magic'), 2);
      expectExit(await app.apply('network.nonsense=1'), 2);
      expectExit(await app.run(['apply', 'no-such-playbook', '--yes']), 2);
      expectExit(await app.run(['apply', 'connect-two-sparks']), 2);
      await expectFresh(lab);
    });
  });

  describe('in the way', () => {
    test('/etc of node 2 is read-only: exit 1, node 1 is as it was', async () => {
      await lab.fault.etcReadonly(2, true);
      const finished = await app.apply();
      await lab.fault.etcReadonly(2, false);
      expectExit(finished, 1);
      await settle();
    });

    test('the disk of node 2 is full: exit 1, node 1 is as it was', async () => {
      await lab.fault.diskFull(2, '/etc/netplan', true);
      const finished = await app.apply();
      await lab.fault.diskFull(2, '/etc/netplan', false);
      expectExit(finished, 1);
      await settle();
    });

    test("another tool's netplan file: the owner decides; replaced, it comes back to the byte", async () => {
      await lab.fault.foreignNetplan(1, { apply: true });
      await lab.fault.foreignNetplan(2, { apply: true });
      const before = await Promise.all([lab.sh(1, LIST), lab.sh(2, LIST)]);
      const blocked = await app.apply();
      expectExit(blocked, 1);
      expect(blocked.said).toContain('99-nvidia-sync-cluster.yaml');
      expect(blocked.said).toContain('network.foreign');
      expectExit(await app.apply('network.foreign=replace'), 0);
      expect(await lab.sh(1, 'ls /etc/netplan')).not.toContain('99-nvidia');
      expectExit(await app.rollback(), 0);
      expect(await Promise.all([lab.sh(1, LIST), lab.sh(2, LIST)])).toEqual(before);
      await lab.reset();
    });

    test('40-cx7.yaml edited since: shown, not overwritten, exit 6', async () => {
      expectExit(await app.apply(), 0);
      await lab.sh(1, 'echo "# my own note" >> /etc/netplan/40-cx7.yaml');
      const back = await app.rollback();
      expectExit(back, 6);
      expect(JSON.stringify(back.result?.drifted)).toContain('my own note');
      expect(await lab.sh(1, 'cat /etc/netplan/40-cx7.yaml')).toContain('my own note');
      expect((await lab.diff(2)).text).toBe('no difference');
      await lab.sh(1, 'sed -i /my.own.note/d /etc/netplan/40-cx7.yaml');
      expectExit(await app.rollback(), 0);
      await expectFresh(lab);
    });

    test('a subnet that is taken: a free one is proposed; a chosen one is refused', async () => {
      await lab.sh(
        1,
        'ip link add name br7 type bridge && ip link set br7 up && ip addr add 192.168.100.77/24 dev br7',
      );
      const refused = await app.apply('network.subnets=192.168.100.0/24,192.168.101.0/24');
      expectExit(refused, 1);
      expect(refused.said).toContain('192.168.100.0/24');
      const done = await app.apply();
      expectExit(done, 0);
      expect(done.stdout).toContain('192.168.102');
      expectExit(await app.rollback(), 0);
      await lab.sh(1, 'ip link del br7');
      await expectFresh(lab);
    });
  });

  describe('hostile', () => {
    const ESC = String.fromCharCode(27);

    test('a tool that prints escape sequences, NUL and 50 MB', { timeout: 240_000 }, async () => {
      const script = String.raw`#!/bin/sh
printf 'rocep1s0f1 port 1 ==> enp1s0f1np1 (Up)\n\033]0;owned\007\033[2J$(touch /pwned) ; \000\n'
head -c 50000000 /dev/zero | tr '\0' 'x'`;
      await lab.sh(1, `f=$(command -v ibdev2netdev); cp -p $f $f.kept; cat > $f <<'END'\n${script}\nEND\n`);
      const finished = await app.apply();
      expect([0, 1]).toContain(finished.code);
      expect(finished.stdout + finished.stderr).not.toContain(ESC);
      await lab.sh(1, 'f=$(command -v ibdev2netdev); mv $f.kept $f; test ! -e /pwned');
      await settle();
    });

    test.each(['a$(touch /pwned)b', 'x; touch /pwned', `spark${ESC}[31m`, '-oProxyCommand=touch /pwned'])(
      'a host name that is %j',
      async (name) => {
        await lab.sh(1, 'cat > /proc/sys/kernel/hostname', { input: name });
        const finished = await app.apply();
        expect([0, 1]).toContain(finished.code);
        expect(finished.stdout + finished.stderr).not.toContain(ESC);
        await lab.sh(1, 'printf %s spark-5c2d > /proc/sys/kernel/hostname; test ! -e /pwned');
        await lab.sh(2, 'test ! -e /pwned');
        await settle();
      },
    );
  });
});

const LIST = "cd /etc/netplan && stat -c '%n %a %U %G' * && sha256sum *";

describe.skipIf(skipped())('nodes of another kind', () => {
  test('no sudo: exit 1, nothing changed', async () => {
    const lab = await Lab.up({ sudo: 'none' });
    const app = new App(lab);
    const finished = await app.apply();
    await expectFresh(lab);
    await lab.down();
    app.clean();
    expectExit(finished, 1);
    expect(finished.said).toContain('sudo');
  });

  test('a changed host key: exit 4, and no password is sent', async () => {
    const lab = await Lab.up();
    const app = new App(lab);
    await lab.fault.hostKeyChange(1);
    const finished = await app.apply();
    const attempts = await lab.sh(1, 'journalctl -q -u ssh --no-pager | grep -c "Failed password" || true');
    await lab.down();
    app.clean();
    expectExit(finished, 4);
    expect(finished.result?.failure?.code).toBe('HOST_KEY_CHANGED');
    expect(attempts.trim()).toBe('0');
  });
});
