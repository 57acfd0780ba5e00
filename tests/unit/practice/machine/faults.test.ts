import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { faultIds } from '../../../../src-main/practice/machine/faults';
import { machines, root, sh } from './fixture';

describe('faults of the practice pair', () => {
  it.each(['en', 'ko'])('have a title and a text in %s', (language) => {
    const words = JSON.parse(readFileSync(`resources/locales/${language}.json`, 'utf8')) as Record<
      string,
      string
    >;
    const missing = faultIds
      .flatMap((id) => [`practice.fault.${id}.title`, `practice.fault.${id}.text`])
      .filter((key) => !words[key]);
    expect(missing).toEqual([]);
  });

  const up = async (machine: Parameters<typeof sh>[0]) =>
    [...(await sh(machine, 'ibdev2netdev')).out.matchAll(/==> (\S+) \(Up\)/g)].map(([, name]) => name);

  it('change what is plugged in, and back', async () => {
    const { a, b, cluster } = machines();
    const both = ['enP2p1s0f1np1', 'enp1s0f1np1'];
    expect([await up(a), await up(b)]).toEqual([both, both]);
    cluster.setFault('swapped-ports', true);
    expect([await up(a), await up(b)]).toEqual([both, ['enP2p1s0f0np0', 'enp1s0f0np0']]);
    cluster.setFault('half-out', true);
    expect([await up(a), await up(b)]).toEqual([['enp1s0f1np1'], ['enp1s0f0np0']]);
    cluster.setFault('cable-out', true);
    expect([await up(a), await up(b)]).toEqual([[], []]);
    cluster.reset();
    expect(cluster.faults.filter(({ on }) => on)).toEqual([]);
    expect([await up(a), await up(b)]).toEqual([both, both]);
  });

  it('of one machine leave the other alone', async () => {
    const { a, b, cluster } = machines();
    const key = b.publicHostKey();
    for (const id of faultIds) cluster.setFault(id, true);
    expect([a.checkPassword('nvidia', 'practice'), b.checkPassword('nvidia', 'practice')]).toEqual([
      true,
      false,
    ]);
    expect([a.sudoRule('nvidia'), b.sudoRule('nvidia')]).toEqual(['password', 'none']);
    expect([a.reachable(), b.reachable()]).toEqual([true, false]);
    expect(b.now() - a.now()).toBeGreaterThan(6 * 60_000);
    expect(b.publicHostKey()).not.toBe(key);
    expect((await sh(a, 'echo x >/root/x')).code).toBe(0);
    await expect(b.fs.writeFile('/root/x', 'x')).rejects.toMatchObject({ code: 'ENOSPC' });
    await b.fs.writeFile('/run/x', 'x');
    expect((await sh(b, 'cat /sys/class/net/enp1s0f1np1/mtu')).out).toBe('9000\n');
    expect(a.files.list('/etc/netplan')).toEqual(['99-nvidia-sync-cluster.yaml']);
    cluster.reset();
    expect(b.publicHostKey()).toBe(key);
    expect(b.files.list('/etc/netplan')).toEqual([]);
    expect(b.reachable()).toBe(true);
  });

  it('show in a transfer when the link is slow, while the port still claims 200 Gb/s', async () => {
    const { a, b, cluster } = machines();
    await sh(a, 'ip addr add 10.9.0.1/24 dev enp1s0f1np1');
    await sh(b, 'ip addr add 10.9.0.2/24 dev enp1s0f1np1');
    const measure = async () => {
      const server = b.run(root, 'iperf3 -s -1 -p 5300');
      const { out } = await sh(a, 'iperf3 -c 10.9.0.2 -p 5300 -J');
      await server;
      const { end } = JSON.parse(out) as { end: { sum_received: { bits_per_second: number } } };
      return end.sum_received.bits_per_second / 1e9;
    };
    expect(await measure()).toBeGreaterThan(30);
    cluster.setFault('slow-link', true);
    expect(await measure()).toBeLessThan(15);
    expect((await sh(a, 'ethtool enp1s0f1np1')).out).toContain('Speed: 200000Mb/s');
  });
});
