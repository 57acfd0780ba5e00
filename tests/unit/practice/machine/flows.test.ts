import { describe, expect, test } from 'vitest';
import type { Medium } from '../../../../src-main/practice/machine/meters';
import { Pace } from '../../../../src-main/practice/machine/pace';
import { machines, sh } from './fixture';

/** Two machines whose clock the test moves. */
function clocked() {
  let now = 1_800_000_000_000;
  const pair = machines({ now: () => now });
  const flow = (netdev: string, wants: number, medium: Medium = 'rdma') => {
    const [from, to] = [pair.a, pair.b].map((machine) => {
      const port = machine.network.find(netdev);
      if (port === undefined) throw new Error(netdev);
      return { machine, port };
    });
    if (from === undefined || to === undefined) throw new Error(netdev);
    return pair.a.wire.flows.open({ from, to, medium, wants, seed: netdev });
  };
  return { ...pair, flow, pass: (ms: number) => (now += ms) };
}

describe('what moves between two practice machines', () => {
  test('makes the counters of both ends run with the clock, at its rate, and stops with it', async () => {
    const { a, b, flow, pass } = clocked();
    const one = flow('enp1s0f1np1', 80);
    pass(500);
    const sent = Number(
      (await sh(a, 'cat /sys/class/infiniband/rocep1s0f1/ports/1/counters/port_xmit_data')).out,
    );
    // In units of four bytes: half a second of 10 GB/s, with its small variation.
    expect(sent * 4).toBeGreaterThan(4.95e9);
    expect(sent * 4).toBeLessThan(5.05e9);
    expect(b.meters.read('enp1s0f1np1', 'rdma').received).toBe(a.meters.read('enp1s0f1np1', 'rdma').sent);
    expect((await sh(a, 'cat /sys/class/net/enp1s0f1np1/statistics/tx_bytes')).out).toBe('0\n');
    one.stop();
    pass(1000);
    expect(Math.floor(a.meters.read('enp1s0f1np1', 'rdma').sent / 4)).toBe(sent);
  });

  test('shares a half and a cable, and gets all of it back', () => {
    const { flow } = clocked();
    const one = flow('enp1s0f1np1', 97);
    expect(one.rate).toBeGreaterThan(96);
    const same = flow('enp1s0f1np1', 97);
    expect(one.rate + same.rate).toBeLessThan(112);
    same.stop();
    const twin = flow('enP2p1s0f1np1', 97);
    expect(one.rate + twin.rate).toBeGreaterThan(190);
  });

  test('stands still without a carrier, and goes on when it is back', () => {
    const { cluster, flow } = clocked();
    const one = flow('enp1s0f1np1', 97);
    cluster.setFault('cable-out', true);
    expect(one.rate).toBe(0);
    cluster.setFault('cable-out', false);
    expect(one.rate).toBeGreaterThan(96);
    cluster.setFault('two-lanes', true);
    expect(one.rate).toBeLessThan(51);
  });
});

test('two lanes show where the system tells of lanes, on the second machine', async () => {
  const { a, b, cluster } = machines();
  cluster.setFault('two-lanes', true);
  const width =
    'cat /sys/class/net/enp1s0f1np1/device/current_link_width; lspci -vv -s 0000:01:00.1 | grep LnkSta:';
  expect((await sh(a, width)).out).toBe('4\n\t\tLnkSta:\tSpeed 32GT/s, Width x4\n');
  expect((await sh(b, width)).out).toBe('2\n\t\tLnkSta:\tSpeed 32GT/s, Width x2 (downgraded)\n');
});

test('time passes as it is in short tests, and quicker in long ones', () => {
  const pace = new Pace();
  expect(pace.ms(1, 1)).toBe(1000);
  expect(pace.ms(5, 5)).toBe(2500);
  expect(pace.ms(60, 60)).toBe(9000);
  expect(pace.ms(600, 600)).toBeLessThan(20_000);
});
