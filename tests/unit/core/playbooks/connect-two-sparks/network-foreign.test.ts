import { describe, expect, it } from 'vitest';
import { address, allUp, file, portsFrom, sample, type Overrides, type Setup } from './builders';
import { assess, path, specOf } from './network-stage';

describe('network, files of other tools', () => {
  const sync = (node: 0 | 1) => `network:
  version: 2
  ethernets:
    enp1s0f1np1: {dhcp4: false, addresses: [10.5.1.${node + 1}/24]}
    enP2p1s0f1np1: {dhcp4: false, addresses: [10.5.2.${node + 1}/24]}
`;
  const syncPath = '/etc/netplan/99-nvidia-sync-cluster.yaml';
  const withFile = (node: 0 | 1, at: string, text: string, over: Overrides = {}): Overrides => ({
    netplan: { renderer: null, files: [{ path: at, file: file(text) }] },
    addresses: [
      address('enp1s0f1np1', `10.5.1.${node + 1}/24`),
      address('enP2p1s0f1np1', `10.5.2.${node + 1}/24`),
    ],
    ...over,
  });
  const both: Setup['nodes'] = [withFile(0, syncPath, sync(0)), withFile(1, syncPath, sync(1))];

  it('asks the owner, and shows which file on which node configures what', async () => {
    const { blockers } = await assess({ nodes: both });
    expect(blockers).toMatchObject([
      { decide: { input: 'network.foreign', values: ['adopt', 'replace', 'stop'] } },
    ]);
    expect(blockers[0]?.cause.params['files']).toContain(`spark-bd26: ${syncPath} (enp1s0f1np1 10.5.1.2/24`);
  });

  it('stops when told to', async () => {
    const { blockers } = await assess({ nodes: both, inputs: { 'network.foreign': 'stop' } });
    expect(blockers[0]?.cause.code).toBe('connect.network.foreign-stop');
  });

  it('adopts addresses that make a pair', async () => {
    const { assessment, context } = await assess({ nodes: both, inputs: { 'network.foreign': 'adopt' } });
    expect(assessment.status).toBe('satisfied');
    expect(context.shared.network).toMatchObject({
      method: 'adopted',
      links: [{ addresses: ['10.5.1.1', '10.5.1.2'] }, { addresses: ['10.5.2.1', '10.5.2.2'] }],
    });
  });

  it('does not adopt what was never applied, both halves in one network, or no pair', async () => {
    const inputs = { 'network.foreign': 'adopt' };
    const idle = withFile(0, syncPath, sync(0), { addresses: [] });
    const code = async (nodes: Setup['nodes']) =>
      (await assess({ nodes: nodes!, inputs })).blockers.map(({ cause }) =>
        cause.code.replace('connect.network.', ''),
      );
    expect(await code([idle, both[1]])).toEqual(['adopt-not-applied', 'adopt-not-applied']);
    expect(await code([both[0], {}])).toEqual(['adopt-no-pair']);
    const flux = (node: 0 | 1) => sync(node).replace('10.5.2.', '10.5.1.1');
    const same = (node: 0 | 1) =>
      withFile(node, syncPath, flux(node), {
        addresses: [
          address('enp1s0f1np1', `10.5.1.${node + 1}/24`),
          address('enP2p1s0f1np1', `10.5.1.1${node + 1}/24`),
        ],
      });
    expect(await code([same(0), same(1)])).toEqual(['adopt-same-subnet']);
  });

  it('replaces reversibly: the file goes in the same change in which ours comes', async () => {
    const { changes, codes, context } = await assess({
      nodes: both,
      inputs: { 'network.foreign': 'replace' },
    });
    expect(specOf(changes[0]).files.map(({ path: at, content }) => [at, content === null])).toEqual([
      [path, false],
      [syncPath, true],
    ]);
    expect(codes).toContain('replaced');
    expect(context.shared.network?.links[0]?.addresses).toEqual(['192.168.100.10', '192.168.100.11']);
  });

  it('overwrites a 40-cx7.yaml of somebody else only when told to', async () => {
    const text = sample('netplan_40-cx7_nodeA_mixed_ports.yaml');
    const nodes: Setup['nodes'] = [{ netplan: { renderer: null, files: [{ path, file: file(text) }] } }, {}];
    expect((await assess({ nodes })).blockers[0]?.cause.code).toBe('connect.network.foreign-files');
    const { changes } = await assess({ nodes, inputs: { 'network.foreign': 'replace' } });
    expect(specOf(changes[0]).files.map(({ path: at }) => at)).toEqual([path]);
  });

  it.each([
    ['another interface', 'network:\n  ethernets:\n    enp1s0f1np1: {}\n    enP7s7: {dhcp4: true}\n'],
    ['a pattern', 'network:\n  ethernets:\n    all: {match: {name: "en*"}, dhcp4: true}\n'],
    ['Wi-Fi', 'network:\n  ethernets:\n    enp1s0f1np1: {}\n  wifis:\n    wlP9s9: {dhcp4: true}\n'],
    ['a bond', 'network:\n  bonds:\n    bond0: {interfaces: [enp1s0f1np1, enP2p1s0f1np1]}\n'],
    ['the only renderer', 'network:\n  renderer: networkd\n  ethernets:\n    enp1s0f1np1: {}\n'],
  ])('never takes away a file that also has %s', async (_, text) => {
    const nodes: Setup['nodes'] = [withFile(0, '/etc/netplan/50-all.yaml', text), {}];
    const { blockers } = await assess({ nodes, inputs: { 'network.foreign': 'replace' } });
    expect(blockers.map(({ cause }) => cause.code)).toEqual(['connect.network.foreign-mixed']);
  });

  it('finds ports by pattern, hardware address and driver', async () => {
    const mac = portsFrom(allUp, 0)[0]?.mac ?? '';
    for (const match of [
      '{name: "enp1s0f?np?"}',
      `{macaddress: "${mac.toUpperCase()}"}`,
      '{driver: mlx5_core}',
    ]) {
      const text = `network:\n  ethernets:\n    fast: {match: ${match}, dhcp4: true}\n`;
      const { blockers } = await assess({ nodes: [withFile(0, '/etc/netplan/60-fast.yaml', text), {}] });
      expect(blockers[0]?.cause.code).toBe('connect.network.foreign-files');
    }
  });

  it('leaves files alone that do not concern the ports', async () => {
    const text = 'network:\n  version: 2\n  renderer: NetworkManager\n';
    const { assessment } = await assess({
      nodes: [withFile(0, '/etc/netplan/01-network-manager-all.yaml', text), {}],
    });
    expect(assessment.status).toBe('needed');
  });

  it('stops at a file that netplan would refuse, and at one in a place that it cannot change', async () => {
    const broken = await assess({ nodes: [withFile(0, '/etc/netplan/70-x.yaml', 'network: [unclosed'), {}] });
    expect(broken.blockers[0]?.cause.code).toBe('connect.network.foreign-unreadable');
    const run = await assess({
      nodes: [withFile(0, '/run/netplan/99-x.yaml', sync(0)), {}],
      inputs: { 'network.foreign': 'replace' },
    });
    expect(run.blockers[0]?.cause.code).toBe('connect.network.foreign-place');
  });
});
