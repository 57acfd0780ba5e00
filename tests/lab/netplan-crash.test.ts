import { TRIAL_GONE } from '../../src-main/core/exit-status';
import { describe, expect, it } from 'vitest';
import { netplan } from '../../src-main/core/change/netplan';
import { named } from './netplan-driver';
import { content, netplanLab, specOf, twoFiles } from './netplan-fixture';
import type { Renderer } from './plan';
import { until } from './process';
import { skipped } from './skipped';

describe.skipIf(skipped()).each<Renderer>(['networkd', 'NetworkManager'])(
  'a netplan change that is cut off with %s',
  (renderer) => {
    const { lab, drive, fresh, trial } = netplanLab(renderer);

    it('goes back by itself when nobody confirms, and then refuses to be kept', async () => {
      const driver = drive(specOf(content(), { seconds: 5 }));
      const prior = await driver.read();
      const guard = await trial(driver, prior);
      expect(await driver.judge(prior)).toBe('ours');
      await until('the guard', 20_000, async () => (await driver.judge(prior)) === 'prior');
      const result = await driver.run('keep', guard.keep[0]!);
      expect(result.code).toBe(TRIAL_GONE);
      expect(result.stderr).toContain('already taken the trial back');
      expect(await driver.judge(prior)).toBe('prior');
      await fresh();
    });

    it('is as before after a power cut during the trial', async () => {
      const driver = drive(specOf());
      const prior = await driver.read();
      await trial(driver, prior);
      await lab().cutPower(1);
      await lab().start(1);
      await fresh();
      expect(await driver.judge(prior)).toBe('prior');
    });

    it('ends in the old state when the power goes while netplan works, and survives a lost connection', async () => {
      const driver = drive(specOf());
      const prior = await driver.read();
      const { guard } = driver.forward(prior);
      await driver.must('arm', guard!.arm);
      const running = driver.run('trial', guard!.trial[0]!).catch(() => undefined);
      await until(
        'netplan at work',
        10_000,
        async () => (await lab().exec(1, 'pgrep -x netplan')).code === 0,
      );
      await lab().cutPower(1);
      await running;
      await lab().start(1);
      await fresh();
      expect(await driver.judge(prior)).toBe('prior');

      await driver.must('arm', guard!.arm);
      await driver.shellLost(guard!.trial[0]!, 0.4);
      expect(await driver.judge(prior)).toBe('ours');
      await driver.undo(prior);
      await fresh();
    });

    it(
      'is old, partly new or new, and always known, after a power cut at any command of keep',
      { timeout: 600_000 },
      async () => {
        const driver = drive(twoFiles());
        const prior = await driver.read();
        const verdicts: string[] = [];
        for (let at = 2; ; at += 4) {
          const guard = await trial(driver, prior);
          const reached = await driver.killed(guard.keep[0]!, at);
          await lab().cutPower(1);
          await lab().start(1);
          await until('the network', 20_000, async () => {
            const now = await driver.read();
            return (
              netplan.satisfied(driver.spec, now) ||
              netplan.judge(driver.spec, prior, undefined, now) === 'prior' ||
              now.leftovers.length > 0
            );
          });
          const now = await driver.read();
          const changed = now.files.filter(({ file }) => file.type === 'file').length;
          verdicts.push(netplan.satisfied(driver.spec, now) ? 'new' : changed === 0 ? 'old' : 'part');
          await driver.undo(prior);
          if (!reached) break;
        }
        console.log(renderer, verdicts.join(' '));
        expect(verdicts.join(' ')).toMatch(/^(old )+(part )*(new ?)+$/);
        await fresh();
      },
    );

    it('does not keep what it cannot write, and goes back', async () => {
      const driver = drive(specOf(content(), { seconds: 8 }));
      const prior = await driver.read();
      const guard = await trial(driver, prior);
      await lab().sh(1, 'mount --bind /etc/netplan /etc/netplan; mount -o remount,bind,ro /etc/netplan');
      expect((await driver.run('keep', guard.keep[0]!)).code).not.toBe(0);
      await until('the guard', 20_000, async () => (await driver.judge(prior)) === 'prior');
      await lab().sh(1, 'umount /etc/netplan');
      await fresh();
    });

    it('is recognised and taken back after a kill at any command', { timeout: 900_000 }, async () => {
      const driver = drive(twoFiles());
      const prior = await driver.read();
      const verdicts = new Map<string, number>();
      const count = (step: string, verdict: string) =>
        verdicts.set(`${step} ${verdict}`, (verdicts.get(`${step} ${verdict}`) ?? 0) + 1);
      const stride = Number(process.env['TWINSPARK_KILL_STRIDE'] ?? 4);
      for (const [position, [step]] of named('apply', driver.forward(prior)).entries()) {
        for (let at = 1 + (position % stride); ; at += stride) {
          const procedure = named('apply', driver.forward(prior));
          for (const [name, command] of procedure.slice(0, position)) await driver.must(name, command);
          const reached = await driver.killed(procedure[position]![1], at);
          const verdict = await driver.judge(prior);
          count(step, verdict);
          expect(verdict).not.toBe('foreign');
          await driver.undo(prior);
          if (!reached) break;
        }
      }
      await fresh();
      const undoSteps = ['undo arm', 'undo trial', 'undo keep'];
      for (const [position, step] of undoSteps.entries()) {
        for (let at = 1 + (position % stride); ; at += stride) {
          await driver.all('apply', driver.forward(prior));
          const after = await driver.read();
          const procedure = named('undo', netplan.backward(driver.spec, prior, after, driver.scope));
          for (const [name, command] of procedure.slice(0, position)) await driver.must(name, command);
          const reached = await driver.killed(procedure[position]![1], at);
          const verdict = await driver.judge(prior, after);
          count(step, verdict);
          expect(verdict).not.toBe('foreign');
          await driver.undo(prior, after);
          if (!reached) break;
        }
      }
      console.log(renderer, Object.fromEntries(verdicts));
      await fresh();
    });
  },
);
