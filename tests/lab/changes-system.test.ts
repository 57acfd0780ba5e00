import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firewall } from '../../src-main/core/change/firewall';
import { packages } from '../../src-main/core/change/package';
import { tree } from '../../src-main/core/change/tree';
import { uploadDigest } from '../../src-main/core/change/tree-spec';
import { unit } from '../../src-main/core/change/unit';
import { user } from '../../src-main/core/change/user';
import { Bench } from './change-bench';
import { Lab } from './lab';
import { skipped } from './skipped';

describe.skipIf(skipped())('accounts, packages, units, trees and the firewall on a real node', () => {
  let lab: Lab;
  let bench: Bench;

  beforeAll(async () => {
    lab = await Lab.up();
    bench = new Bench(lab);
  });
  afterAll(() => lab.down());

  describe('user', () => {
    const spec = {
      name: 'twin',
      uid: 4321,
      groups: ['sudo', 'video', 'no-such-group'],
      shell: '/bin/bash',
      password: 'secret' as const,
    };

    it('is made with its password and leaves every byte as it was', async () => {
      await bench.roundTrip(user, spec);
      const { prior, after } = await bench.apply(user, spec);
      expect(user.satisfied(spec, after)).toBe(true);
      expect(after.account).toMatchObject({ uid: 4321, home: '/home/twin', shell: '/bin/bash' });
      expect(after.lines).toEqual(expect.arrayContaining(['group sudo', 'group video', 'passwd own']));
      expect(JSON.stringify([prior, after])).not.toContain('$y$');
      expect(await bench.undo(user, spec, prior, after)).toBe('ours');
      expect((await lab.exec(1, '[ ! -e /var/lib/twinspark ]')).code).toBe(0);
    });
    it('is taken back from every cut-off, forward and back', async () => {
      expect(await bench.cutOffEverywhere(user, spec)).toBeGreaterThan(3);
      await bench.cutOffBack(user, spec);
      await bench.killInTime(user, spec, [15, 40, 80, 120, 160, 250, 400]);
    }, 400_000);
    it('is taken back to the byte when the removal of the kept copies was cut off halfway', async () => {
      const before = await bench.picture();
      const { prior, after } = await bench.apply(user, spec);
      const [back] = user.backward(spec, prior, after, bench.scope).commands;
      const script = back?.script.text ?? '';
      // As if killed after the first copy was gone.
      const cutOff = `rm() {
  for last; do :; done
  case $last in /var/lib/twinspark/*) ;; *) command rm "$@"; return ;; esac
  [ -d "$last" ] || return 0
  command rm -f "$last/group-" "$last/shadow"
  kill -9 $$
}`;
      const killed = await lab.exec(1, `${cutOff}\n${script}`);
      expect(killed.code).not.toBe(0);
      expect(await bench.undo(user, spec, prior, after)).toBe('ours');
      expect(await bench.picture()).toBe(before);
    });
    it('takes only its own lines when others have added users since', async () => {
      const { prior, after } = await bench.apply(user, spec);
      await lab.sh(1, 'useradd -M other; usermod -aG video other; usermod -aG render twin 2>/dev/null || :');
      const account = (name: string) => lab.sh(1, `grep -h "^${name}:" /etc/passwd /etc/shadow /etc/group`);
      const other = await account('other');
      expect(await bench.undo(user, spec, prior, after)).toBe('ours');
      expect(await account('other')).toBe(other);
      expect(
        (await lab.exec(1, 'grep -l twin /etc/passwd* /etc/shadow* /etc/g*shadow* /etc/group* /etc/sub*'))
          .stdout,
      ).toBe('');
      expect(await lab.sh(1, 'id -nG other')).toBe('other video\n');
      expect((await lab.exec(1, 'pwck -r; grpck -r')).stdout).not.toMatch(/twin|other.*no matching/);
      await lab.sh(1, 'userdel other');
    });
    it('is kept when its home holds more than was put there', async () => {
      const { prior, after } = await bench.apply(user, spec);
      await lab.sh(1, "echo x >'/home/twin/thesis.tex'; echo >>/home/twin/.bashrc; : >/home/twin/.empty");
      const now = await bench.read(user, spec);
      expect(now.extra).toEqual(['/home/twin/.bashrc', '/home/twin/thesis.tex']);
      expect(await bench.undo(user, spec, prior, after)).toBe('foreign');
      await lab.sh(1, 'rm /home/twin/thesis.tex; cp -p /etc/skel/.bashrc /home/twin/');
      expect(await bench.undo(user, spec, prior, after)).toBe('ours');
    });
    it('that was there before only joins groups, and leaves them again', async () => {
      const existing = { ...spec, name: 'nvidia', groups: ['sudo', 'video', 'audio'] };
      const change = user.spec.parse({ ...existing, uid: undefined });
      await bench.roundTrip(user, change);
      expect(await bench.cutOffEverywhere(user, change)).toBeGreaterThan(1);
      await bench.cutOffBack(user, change);
      const { prior, after } = await bench.apply(user, change);
      await lab.sh(1, 'useradd -M other; usermod -aG video other');
      expect(await bench.undo(user, change, prior, after)).toBe('ours');
      expect(await lab.sh(1, 'id -nG nvidia; id -nG other')).toBe('nvidia sudo\nother video\n');
      await lab.sh(1, 'userdel other');
    });
  });

  describe('firewall', () => {
    const spec = { interface: 'enp1s0f1np1', from: '192.168.100.11/24', comment: 'twin "$(id)" spark' };

    it('has nothing to do while ufw is off', async () => {
      expect(firewall.satisfied(spec, await bench.read(firewall, spec))).toBe(true);
    });
    it('lets the peer in and forgets it, whoever wrote the rules file', async () => {
      await lab.sh(1, 'ufw allow 22/tcp; ufw --force enable');
      for (const from of ['192.168.100.11/24', '192.168.100.11', null, 'fd00:0:0::11/64']) {
        const change = { ...spec, from };
        await bench.roundTrip(firewall, change);
        const { prior, after } = await bench.apply(firewall, change);
        expect(firewall.satisfied(change, after), String(from)).toBe(true);
        expect(await bench.undo(firewall, change, prior, after)).toBe('ours');
      }
      await lab.sh(1, 'echo "# by hand" >>/etc/ufw/user.rules');
      await bench.roundTrip(firewall, spec);
      await bench.cutOffEverywhere(firewall, spec);
    });
    it('keeps the rules that others have added since, and a rule they have taken over', async () => {
      const { prior, after } = await bench.apply(firewall, spec);
      await lab.sh(1, 'ufw allow 80/tcp');
      expect(await bench.undo(firewall, spec, prior, after)).toBe('ours');
      const rules = await lab.sh(1, 'ufw show added');
      expect(rules).toContain('80/tcp');
      expect(rules).not.toContain('enp1s0f1np1');
      const again = await bench.apply(firewall, spec);
      await lab.sh(1, "ufw allow in on enp1s0f1np1 from 192.168.100.0/24 comment 'mine now'");
      expect(await bench.undo(firewall, spec, again.prior, again.after)).toBe('foreign');
      await lab.sh(1, 'ufw --force disable');
    });
  });

  describe('unit', () => {
    it('starts and stops, enables and disables, and puts the very links back', async () => {
      await lab.sh(
        1,
        `printf '[Service]\\nExecStart=/bin/sleep inf\\n[Install]\\nWantedBy=twin.target multi-user.target\\nAlias=twin-alias.service\\n' >/etc/systemd/system/twin.service; systemctl daemon-reload`,
      );
      const own = { unit: 'twin.service' };
      await bench.roundTrip(unit, { ...own, enabled: true, active: true });
      await bench.cutOffEverywhere(unit, { ...own, enabled: true, active: true });
      await bench.cutOffBack(unit, { ...own, enabled: true, active: true });
      // Enabled by hand in one place only: disable and enable would not come back to this.
      await lab.sh(
        1,
        'mkdir /etc/systemd/system/odd.target.wants; ln -s ../twin.service /etc/systemd/system/odd.target.wants/; systemctl daemon-reload; systemctl start twin.service',
      );
      await bench.roundTrip(unit, { ...own, enabled: false, active: false });
      await bench.cutOffEverywhere(unit, { ...own, enabled: false, active: false });
      await bench.roundTrip(unit, { unit: 'ufw.service', enabled: false });
      await lab.sh(
        1,
        'systemctl stop twin; rm -r /etc/systemd/system/twin* /etc/systemd/system/odd*; systemctl daemon-reload',
      );
    });
    it('leaves a unit that somebody has masked since', async () => {
      const spec = { unit: 'ufw.service', enabled: false };
      const { prior, after } = await bench.apply(unit, spec);
      await lab.sh(1, 'systemctl mask ufw');
      expect(await bench.undo(unit, spec, prior, after)).toBe('foreign');
      await lab.sh(1, 'systemctl unmask ufw');
      expect(await bench.undo(unit, spec, prior, after)).toBe('ours');
    });
  });

  describe('package', () => {
    const spec = { names: ['twin-top', 'twin-plain'] };

    beforeAll(async () => {
      // A little archive on the node itself: what apt does is the same, and nothing is fetched.
      await lab.sh(
        1,
        `mkdir -p /opt/deb && cd /opt/deb
make() { # NAME DEPENDS
  mkdir -p $1/DEBIAN $1/etc; echo conf >$1/etc/$1.conf; echo /etc/$1.conf >$1/DEBIAN/conffiles
  printf 'Package: %s\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: t <t@example.org>\\nDescription: t\\n%s' "$1" "$2" >$1/DEBIAN/control
  dpkg-deb -b $1 . >/dev/null
  { cat $1/DEBIAN/control; printf 'Filename: ./%s_1.0_all.deb\\nSize: %s\\nSHA256: %s\\n\\n' $1 $(stat -c %s $1_1.0_all.deb) $(sha256sum <$1_1.0_all.deb | cut -c 1-64); } >>Packages
}
make twin-lib ''
make twin-top 'Depends: twin-lib
'
make twin-plain ''
make twin-theirs 'Depends: twin-lib
'
echo 'deb [trusted=yes] file:/opt/deb ./' >/etc/apt/sources.list.d/twin.list
mv /etc/apt/sources.list /etc/apt/sources.list.away 2>/dev/null || :
apt-get -q update && dpkg --configure -a`,
      );
      // Settle what apt rewrites on its first real installation.
      await lab.sh(1, 'apt-get -q -y install twin-plain && apt-get -q -y purge twin-plain');
    });
    const listing = () =>
      lab.sh(
        1,
        "dpkg-query -W -f='${Package} ${Version} ${Status}\\n'; apt-mark showauto; apt-mark showmanual; ls /etc/twin* 2>/dev/null || :",
      );

    it('brings what is new and takes exactly that away', async () => {
      const before = await listing();
      for (const journaled of [true, false]) {
        const { prior, after } = await bench.apply(packages, spec);
        expect(prior.adds).toEqual(['twin-lib', 'twin-plain', 'twin-top']);
        expect(packages.satisfied(spec, after)).toBe(true);
        expect(await bench.undo(packages, spec, prior, journaled ? after : undefined)).toBe('ours');
        expect(await listing()).toBe(before);
      }
    });
    it('leaves what was there, its mark and its old settings', async () => {
      await lab.sh(
        1,
        'apt-get -q -y install twin-lib twin-plain && apt-mark auto twin-lib && apt-get -q -y remove twin-plain',
      );
      const before = await listing();
      const change = { names: ['twin-top', 'twin-lib', 'twin-plain'] };
      const { prior, after } = await bench.apply(packages, change);
      expect(await bench.undo(packages, change, prior, after)).toBe('ours');
      expect(await listing()).toBe(before);
      await lab.sh(1, 'apt-get -q -y purge twin-lib twin-plain');
    });
    it('takes nothing away that others need by now', async () => {
      const { prior, after } = await bench.apply(packages, spec);
      await lab.sh(1, 'apt-get -q -y install twin-theirs');
      const now = await bench.read(packages, spec);
      const [command] = packages.backward(spec, prior, now, bench.scope).commands;
      expect((await bench.run(command!)).stderr).toContain('others need what would be removed: twin-theirs');
      await lab.sh(1, 'apt-get -q -y purge twin-theirs');
      expect(await bench.undo(packages, spec, prior, after)).toBe('ours');
    });
    it('comes back from an installation that was killed half way', async () => {
      const before = await listing();
      const prior = await bench.read(packages, spec);
      await lab.sh(1, 'cd /opt/deb; dpkg --unpack twin-top_1.0_all.deb');
      expect(await bench.undo(packages, spec, prior, undefined)).toBe('ours');
      expect(await listing()).toBe(before);
    });
    it('says who holds the lock, and why there is nothing to install', async () => {
      const prior = await bench.read(packages, { names: ['no-such-package'] });
      expect(() => packages.forward({ names: ['no-such-package'] }, prior, bench.scope)).toThrow(
        /not-installable/,
      );
      const fresh = await bench.read(packages, spec);
      const [command] = packages.forward(spec, fresh, bench.scope).commands;
      const text = command!.script.text.replace(/Timeout=\d+/, 'Timeout=2');
      const held = `python3 -c 'import fcntl, subprocess, sys
f = open("/var/lib/dpkg/lock-frontend", "w")
fcntl.lockf(f, fcntl.LOCK_EX)
sys.exit(subprocess.call(["/bin/sh", "-c", sys.stdin.read()]))'`;
      const result = await lab.exec(1, held, { input: text, timeoutMs: 60_000 });
      expect(result.code).not.toBe(0);
      expect(result.stderr + result.stdout).toMatch(/lock-frontend.*held by process/s);
    });
  });

  describe('tree', () => {
    const files = [
      { path: 'run it.sh', mode: '0755', content: "#!/bin/sh\necho 'hi'\n" },
      { path: 'conf/a b.yaml', mode: '0640', content: 'ü: 1' },
    ];
    const spec = {
      path: '/opt/twin tree',
      owner: 'nvidia',
      group: 'nvidia',
      source: { kind: 'upload' as const, sha256: uploadDigest(files), files },
    };

    it('arrives whole, and goes whole while it is ours', async () => {
      await bench.roundTrip(tree, spec);
      expect(await bench.cutOffEverywhere(tree, spec)).toBeGreaterThan(5);
      await bench.cutOffBack(tree, spec);
      await lab.sh(1, "install -d -m 2750 -o nvidia '/opt/twin tree'");
      await bench.roundTrip(tree, spec);
      await bench.cutOffEverywhere(tree, spec);
      await bench.cutOffBack(tree, spec);
    });
    it('stays when somebody has worked in it, and goes nowhere where something is', async () => {
      const { prior, after } = await bench.apply(tree, spec);
      await lab.sh(1, "echo x >'/opt/twin tree/mine'");
      expect(await bench.undo(tree, spec, prior, after)).toBe('foreign');
      expect(await bench.undo(tree, spec, prior, undefined)).toBe('foreign');
      const now = await bench.read(tree, spec);
      expect(() => tree.forward(spec, now, bench.scope)).toThrow(/not-empty/);
      await lab.sh(1, "rm -r '/opt/twin tree'");
    });
  });
});
