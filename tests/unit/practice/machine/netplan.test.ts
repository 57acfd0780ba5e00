import { describe, expect, it } from 'vitest';
import { machines, sh } from './fixture';

const file = (address: string) =>
  `network:\n  version: 2\n  ethernets:\n    enp1s0f1np1:\n      optional: true\n      dhcp4: no\n      link-local: []\n      addresses: [${address}]\n`;

function shown(text: string): string[] {
  return [...text.matchAll(/inet6? (\S+)/g)].map(([, address = '']) => address);
}

describe('netplan on a practice machine', () => {
  it('gives what the files say, the one in /run before the one in /etc, and takes it back', async () => {
    const { a } = machines();
    const addresses = async () => shown((await sh(a, 'ip addr show enp1s0f1np1')).out);
    const before = await addresses();
    a.files.write('/etc/netplan/40-cx7.yaml', file('192.168.100.10/24'), { mode: 0o600 });
    expect(await addresses()).toEqual(before);
    expect((await sh(a, 'netplan apply')).code).toBe(0);
    expect(await addresses()).toEqual(['192.168.100.10/24']);
    expect((await sh(a, 'nmcli -t -f DEVICE,STATE device')).out).toContain('enp1s0f1np1:connected\n');
    a.files.write('/run/netplan/40-cx7.yaml', file('192.168.7.1/24'), { mode: 0o600 });
    await sh(a, 'netplan apply');
    expect(await addresses()).toEqual(['192.168.7.1/24']);
    await sh(a, 'rm /run/netplan/40-cx7.yaml /etc/netplan/40-cx7.yaml; netplan apply');
    expect(await addresses()).toEqual(before);
    expect(a.files.list('/run/NetworkManager/system-connections')).toEqual([]);
  });

  it('refuses a broken file with 78 and touches nothing', async () => {
    const { a } = machines();
    for (const text of [
      file('192.168.100.999/24'),
      'network: [',
      'network:\n  ethernets:\n    x:\n      adresses: []\n',
    ]) {
      a.files.write('/etc/netplan/40-cx7.yaml', text, { mode: 0o600 });
      const { code, err } = await sh(a, 'netplan apply');
      expect(code).toBe(78);
      expect(err).toContain('/etc/netplan/40-cx7.yaml:');
    }
    expect((await sh(a, 'ip -4 addr show enp1s0f1np1')).out).toBe('');
  });

  it('is for root', async () => {
    const { a } = machines();
    const caller = { user: 'nvidia', uid: 1000, root: false };
    expect((await sh(a, 'netplan apply', caller)).code).toBe(1);
    expect((await sh(a, 'ip link set enP7s7 down', caller)).err).toContain('Operation not permitted');
  });

  it('lets a port without a carrier wait for its address', async () => {
    const { a, cluster } = machines();
    cluster.setFault('cable-out', true);
    a.files.write('/etc/netplan/40-cx7.yaml', file('192.168.100.10/24'), { mode: 0o600 });
    await sh(a, 'netplan apply');
    expect((await sh(a, 'ip -4 addr show enp1s0f1np1')).out).toBe('');
    cluster.setFault('cable-out', false);
    expect(shown((await sh(a, 'ip -4 addr show enp1s0f1np1')).out)).toEqual(['192.168.100.10/24']);
  });

  it('goes by networkd where a file says so', async () => {
    const { a } = machines();
    const text = file('192.168.100.10/24').replace('optional: true', 'renderer: networkd');
    a.files.write('/etc/netplan/40-cx7.yaml', text, { mode: 0o600 });
    await sh(a, 'netplan apply');
    expect(a.files.list('/run/systemd/network')).toEqual(['10-netplan-enp1s0f1np1.network']);
    expect((await sh(a, 'networkctl list --no-legend enp1s0f1np1')).out).toMatch(/routable\s+configured/);
    expect((await sh(a, 'nmcli -t -f DEVICE,STATE device')).out).toContain('enp1s0f1np1:unmanaged\n');
  });

  it('a trial in /run is gone after a power cut', async () => {
    const { a } = machines();
    a.files.write('/run/netplan/40-cx7.yaml', file('192.168.7.1/24'), { mode: 0o600 });
    await sh(a, 'netplan apply');
    await a.powerCycle();
    expect((await sh(a, 'ip -4 addr show enp1s0f1np1')).out).toBe('');
    expect(a.files.list('/run/netplan')).toEqual([]);
  });
});

describe('timers of a practice machine', () => {
  it('run their script when they are due, and are gone then', async () => {
    const { a, timers } = machines();
    await sh(
      a,
      'systemd-run --quiet --collect --unit=guard --on-active=60s /bin/sh -c "echo fired >/tmp/fired"',
    );
    expect(timers.map(({ ms }) => ms)).toEqual([60_000]);
    expect((await sh(a, 'systemctl is-active --quiet guard.timer')).code).toBe(0);
    expect(a.files.list('/run/systemd/transient')).toEqual(['guard.service', 'guard.timer']);
    timers[0]?.work();
    await expect.poll(() => a.files.read('/tmp/fired')).toBe('fired\n');
    await expect.poll(() => a.files.list('/run/systemd/transient')).toEqual([]);
    expect((await sh(a, 'systemctl is-active guard.timer')).out).toBe('inactive\n');
  });

  it('do nothing once they are stopped', async () => {
    const { a, timers } = machines();
    await sh(a, 'systemd-run --unit=guard --on-active=5min /bin/true');
    expect((await sh(a, 'systemctl stop guard.timer guard.service')).err).not.toContain('guard.timer');
    expect(timers).toEqual([]);
    expect(a.files.list('/run/systemd/transient')).toEqual([]);
  });
});
