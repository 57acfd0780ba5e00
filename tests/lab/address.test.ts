import { describe, expect, it } from 'vitest';
import { address, addressSpecSchema } from '../../src-main/core/change/address';
import { Driver } from './netplan-driver';
import { A, B, netplanLab } from './netplan-fixture';
import type { Renderer } from './plan';
import { skipped } from './skipped';

describe.skipIf(skipped()).each<Renderer>(['networkd', 'NetworkManager'])('addresses with %s', (renderer) => {
  const { lab, fresh } = netplanLab(renderer);

  it('come, and go again exactly', async () => {
    const addresses = ['192.168.100.10/24', 'fd00:100::10/64'];
    const spec = addressSpecSchema.parse({ interface: A, addresses, mtu: 9000, up: true });
    const driver = new Driver(lab(), 1, address, spec);
    const prior = await driver.read();
    await driver.all('apply', driver.forward(prior));
    const after = await driver.read();
    expect(address.achieved(spec, prior, after)).toBe(true);
    expect(await driver.judge(prior, after)).toBe('ours');
    await driver.undo(prior, after);
    console.log(renderer, driver.timings);
    await fresh();
  });

  it('leave a port that was down as it was', async () => {
    const show = `ip -o addr show dev ${B} | sed 's/ tentative//'; ip -o link show dev ${B}`;
    const before = await lab().sh(1, `ip link set ${B} down; ${show}`);
    const spec = addressSpecSchema.parse({
      interface: B,
      addresses: ['192.168.101.10/24'],
      mtu: null,
      up: true,
    });
    const driver = new Driver(lab(), 1, address, spec);
    const prior = await driver.read();
    await driver.all('apply', driver.forward(prior));
    const after = await driver.read();
    expect(address.achieved(spec, prior, after)).toBe(true);
    expect(await driver.judge(prior, after)).toBe('ours');
    await driver.undo(prior, after);
    const now = await lab().sh(1, show);
    // NetworkManager raises a port of its own accord, sooner or later; what is asked of us is the address.
    if (renderer === 'NetworkManager') expect(now).not.toContain('192.168.101.10');
    else expect(now).toBe(before);
    await lab().reset();
  });

  it('are not taken away beside an address that somebody else gave', async () => {
    const spec = addressSpecSchema.parse({
      interface: A,
      addresses: ['192.168.100.10/24'],
      mtu: null,
      up: true,
    });
    const driver = new Driver(lab(), 1, address, spec);
    const prior = await driver.read();
    await driver.all('apply', driver.forward(prior));
    const after = await driver.read();
    await lab().sh(1, `ip addr add 10.9.9.1/24 dev ${A}`);
    expect(await driver.judge(prior, after)).toBe('foreign');
    await lab().sh(1, `ip addr del 10.9.9.1/24 dev ${A}`);
    await driver.undo(prior, after);
    await fresh();
  });
});
