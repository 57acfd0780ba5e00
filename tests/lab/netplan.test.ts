import { describe, expect, it } from 'vitest';
import { netplan } from '../../src-main/core/change/netplan';
import { A, B, content, fingerprint, four, netplanLab, path, ports, specOf, sync } from './netplan-fixture';
import type { Renderer } from './plan';
import { until } from './process';
import { skipped } from './skipped';

describe.skipIf(skipped()).each<Renderer>(['networkd', 'NetworkManager'])('netplan with %s', (renderer) => {
  const { lab, drive, fresh, trial } = netplanLab(renderer);

  it('applies, keeps through a reboot, and takes back exactly', async () => {
    const driver = drive(specOf());
    const prior = await driver.read();
    expect(driver.same(prior, await driver.read())).toBe(true);
    expect(netplan.satisfied(driver.spec, prior)).toBe(false);
    await driver.all('apply', driver.forward(prior));
    const after = await driver.read();
    expect(netplan.achieved(driver.spec, prior, after)).toBe(true);
    expect(netplan.satisfied(driver.spec, after)).toBe(true);
    expect(await driver.judge(prior, after)).toBe('ours');
    await driver.undo(prior, after);
    console.log(renderer, driver.timings);
    await fresh();

    await driver.all('apply', driver.forward(await driver.read()));
    const kept = await lab().sh(1, fingerprint);
    const state = await driver.read();
    await lab().cutPower(1);
    await lab().start(1);
    await until('the addresses', 20_000, async () => netplan.satisfied(driver.spec, await driver.read()));
    expect(await lab().sh(1, fingerprint)).toBe(kept);
    expect(netplan.text(await driver.read())).toBe(netplan.text(state));
    await driver.undo(prior, after);
    await fresh();
  });

  it('costs little more than netplan itself', async () => {
    const driver = drive(specOf());
    const rows: Record<string, number>[] = [];
    for (let round = 0; round < 3; round++) {
      const prior = await driver.read();
      await driver.all('apply', driver.forward(prior));
      const started = performance.now();
      await lab().sh(1, 'netplan apply');
      const alone = Math.round(performance.now() - started);
      await until('the addresses', 20_000, async () => netplan.satisfied(driver.spec, await driver.read()));
      await driver.undo(prior);
      rows.push({ ...driver.timings, 'netplan apply alone': alone });
    }
    console.log(renderer, rows);
    await fresh();
  });

  it('changes nothing when netplan refuses the file, and says what netplan said', async () => {
    const driver = drive(
      specOf('network:\n  version: 2\n  ethernets:\n    enp1s0f1np1:\n      addresses: [nonsense]\n'),
    );
    const prior = await driver.read();
    const { guard } = driver.forward(prior);
    await driver.must('arm', guard!.arm);
    const result = await driver.run('trial', guard!.trial[0]!);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('nonsense');
    expect(result.stderr).toContain('netplan refuses');
    await driver.undo(prior);
    await fresh();
  });

  it("replaces another tool's file with four addresses and brings it back to the byte", async () => {
    await lab().sh(1, `cat >${sync}; chmod 0640 ${sync}; chown 1000:4 ${sync}; netplan apply`, {
      input: four,
    });
    await until('its addresses', 20_000, async () =>
      (await lab().sh(1, 'ip -4 -o addr')).includes('192.168.200.16/'),
    );
    const before = await lab().sh(1, fingerprint);
    const driver = drive(
      specOf(content(), {
        files: [
          { path, content: content(), mode: '0600' },
          { path: sync, content: null, mode: '0600' },
        ],
        interfaces: ports,
      }),
    );
    const prior = await driver.read();
    await driver.all('apply', driver.forward(prior));
    const after = await driver.read();
    expect(netplan.achieved(driver.spec, prior, after)).toBe(true);
    expect(await lab().sh(1, 'ip -4 -o addr')).not.toContain('192.168.200.');
    await driver.undo(prior, after);
    expect(await lab().sh(1, fingerprint)).toBe(before);
    await lab().sh(1, `rm ${sync}`);
    await lab().reset();
  });

  it('keeps a file that holds a secret on the node only, and brings it back', async () => {
    const secret = `# password: hunter2-hunter2\nnetwork:\n  version: 2\n  ethernets:\n    ${A}:\n      optional: true\n      link-local: []\n      addresses: [192.168.77.1/24]\n`;
    await lab().sh(1, `cat >${path}; chmod 0600 ${path}; netplan apply`, { input: secret });
    await until('its address', 20_000, async () =>
      (await lab().sh(1, 'ip -4 -o addr')).includes('192.168.77.1/'),
    );
    const driver = drive(specOf());
    const prior = await driver.read();
    expect(JSON.stringify(prior)).not.toContain('hunter2');
    expect(JSON.stringify(netplan.preview(driver.spec, prior))).not.toContain('hunter2');
    const procedure = driver.forward(prior);
    expect(JSON.stringify(procedure)).not.toContain('hunter2');
    await driver.all('apply', procedure);
    const copies = await lab().sh(1, 'find /var/lib/twinspark -printf "%m %u %y\\n" | sort -u');
    expect(copies).toBe('600 root f\n700 root d\n');
    const after = await driver.read();
    expect(netplan.achieved(driver.spec, prior, after)).toBe(true);
    await driver.undo(prior, after);
    expect(await lab().sh(1, `cat ${path}`)).toBe(secret);
    expect((await lab().exec(1, 'ls -d /var/lib/twinspark /run/twinspark /run/netplan')).stdout).toBe('');
    await lab().reset();
  });

  it('says when it would apply edits of others along with its own', async () => {
    const other = '/etc/netplan/60-other.yaml';
    const text = `network: {version: 2, ethernets: {${B}: {optional: true, addresses: [192.168.66.1/24]}}}\n`;
    await lab().sh(1, `cat >${other}; chmod 0600 ${other}`, { input: text });
    const driver = drive(specOf());
    const prior = await driver.read();
    expect(prior.pending).toBe(true);
    expect(netplan.irreversible?.(driver.spec, prior)?.code).toBe('change.netplan.irreversible');
    await driver.all('apply', driver.forward(prior));
    const after = await driver.read();
    expect(netplan.achieved(driver.spec, prior, after)).toBe(true);
    expect(after.pending).toBe(false);
    await driver.undo(prior, after);
    await lab().reset();
  });

  it('does not touch a file that somebody edited', async () => {
    const driver = drive(specOf());
    const prior = await driver.read();
    const guard = await trial(driver, prior);
    await lab().sh(1, `echo '# mine' >${path}; chmod 600 ${path}`);
    const keep = await driver.run('keep', guard.keep[0]!);
    expect(keep.stderr).toContain('was edited meanwhile');
    expect(await driver.judge(prior)).toBe('foreign');
    await lab().sh(1, `rm ${path}`);
    expect(await driver.judge(prior)).toBe('ours');
    await driver.undo(prior);
    await fresh();

    await driver.all('apply', driver.forward(prior));
    const after = await driver.read();
    await lab().sh(1, `echo '# mine' >>${path}`);
    expect(await driver.judge(prior, after)).toBe('foreign');
    await lab().reset();
  });

  it('sets a larger MTU and brings the old one back', async () => {
    const driver = drive(specOf(content(9000)));
    const prior = await driver.read();
    await driver.all('apply', driver.forward(prior));
    const after = await driver.read();
    expect(netplan.achieved(driver.spec, prior, after)).toBe(true);
    expect(await lab().sh(1, `cat /sys/class/net/${A}/mtu`)).toBe('9000\n');
    await driver.undo(prior, after);
    expect(await lab().sh(1, `cat /sys/class/net/${A}/mtu`)).toBe('1500\n');
    await fresh();
  });

  it('restores addresses, routes and a port that was down, all set by hand', async () => {
    await lab().sh(
      1,
      `ip link set ${B} down; ip addr add 10.9.9.1/24 brd + dev ${A}; ip addr add fd00:9::1/64 dev ${A} nodad; ip route add 10.8.0.0/16 via 10.9.9.7 dev ${A}; ip link set ${A} mtu 2000`,
    );
    const hand = `ip -o addr show | grep ' en.*np' | sed 's/ *valid_lft.*//; s/^[0-9]*: //; s/ tentative//' | sort; ip route; ip -o link show dev ${A} | cut -d' ' -f 2-5; ip -o link show dev ${B} | cut -d' ' -f 2-5`;
    const driver = drive(specOf());
    const before = await lab().sh(1, hand);
    const prior = await driver.read();
    await driver.all('apply', driver.forward(prior));
    const after = await driver.read();
    expect(netplan.achieved(driver.spec, prior, after)).toBe(true);
    if (renderer === 'NetworkManager') {
      // NetworkManager takes such a port over in its own way at each start; what is asked of us is its addresses.
      await driver.all('undo', netplan.backward(driver.spec, prior, after, driver.scope));
      expect(await lab().sh(1, 'ip -4 -o addr')).toContain('10.9.9.1/24');
      expect(await lab().sh(1, 'ip -4 -o addr')).not.toContain('192.168.10');
    } else {
      await driver.undo(prior, after);
      expect(await lab().sh(1, hand)).toBe(before);
    }
    await lab().reset();
  });
});
