import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { netplan as netplanKind } from '../../../../../src-main/core/change/netplan';
import { firewall as firewallKind } from '../../../../../src-main/core/change/firewall';
import { network } from '../../../../../src-main/core/playbooks/connect-two-sparks/network';
import { address, allUp, file, names, port1Links, portsFrom, unknown, type Setup } from './builders';
import { after, assess, path, specOf, textOf } from './network-stage';

describe('network, static', () => {
  it('writes the text that a careful admin would write', async () => {
    const { changes, context } = await assess({});
    expect(changes.map(({ id, step }) => `${id} ${step}`)).toEqual([
      'network/spark-5c2d/netplan 0',
      'network/spark-bd26/netplan 0',
    ]);
    expect(textOf(changes[0])).toBe(`# Written by Twinspark: addresses for the cable between two DGX Sparks.
# Take it back with \`twinspark rollback\`, or delete this file and run \`sudo netplan apply\`.
network:
  version: 2
  ethernets:
    enp1s0f1np1:
      optional: true
      dhcp4: no
      dhcp6: no
      link-local: []
      addresses:
        - 192.168.100.10/24
    enP2p1s0f1np1:
      optional: true
      dhcp4: no
      dhcp6: no
      link-local: []
      addresses:
        - 192.168.101.10/24
`);
    expect(textOf(changes[1])).toContain('- 192.168.101.11/24');
    for (const change of changes) expect(netplanKind.spec.safeParse(change.spec).success).toBe(true);
    expect(specOf(changes[0]).interfaces).toEqual(['enp1s0f1np1', 'enP2p1s0f1np1']);
    expect(context.shared.network?.links.map(({ addresses }) => addresses)).toEqual([
      ['192.168.100.10', '192.168.100.11'],
      ['192.168.101.10', '192.168.101.11'],
    ]);
  });

  it.each<[string, Setup['inputs']]>([
    ['static', {}],
    ['four-addresses', { 'network.method': 'four-addresses' }],
    ['chosen networks', { 'network.subnets': '10.1.0.0/24,10.2.0.0/24' }],
  ])('is satisfied by its own result: %s', async (_, inputs) => {
    const first = await assess({ inputs: inputs! });
    const [one, two] = first.changes;
    const again = await assess({ inputs: inputs!, nodes: [after(one, 0), after(two, 1)] });
    expect(again.assessment.status).toBe('satisfied');
    expect(again.context.shared.settled.has('network')).toBe(true);
  });

  it('is needed again when the file is readable to others or an address is gone', async () => {
    const [one, two] = (await assess({})).changes;
    const open = after(one, 0, {
      netplan: { renderer: null, files: [{ path, file: file(textOf(one), '0644') }] },
    });
    expect((await assess({ nodes: [open, after(two, 1)] })).assessment.status).toBe('needed');
    const bare = after(one, 0, { addresses: [] });
    expect((await assess({ nodes: [bare, after(two, 1)] })).assessment.status).toBe('needed');
  });

  it('names the renderer for its own ports only, where the node names one', async () => {
    const netplan = { renderer: 'NetworkManager' as const, files: [] };
    const { changes } = await assess({ nodes: [{ netplan }, {}] });
    expect(textOf(changes[0])).toContain('    enp1s0f1np1:\n      renderer: NetworkManager\n');
    expect(textOf(changes[0])).not.toMatch(/^ {2}renderer/m);
    expect(textOf(changes[1])).not.toContain('renderer');
  });

  it('sets the MTU when asked', async () => {
    const { changes, codes } = await assess({ inputs: { 'network.mtu': '9000' } });
    expect(textOf(changes[0]).match(/mtu: 9000/g)).toHaveLength(2);
    expect(codes).toContain('mtu');
  });

  it('lets the peer in where ufw is active', async () => {
    const { changes } = await assess({
      nodes: [{ firewall: { active: true, rules: [] } }, { firewall: unknown() }],
    });
    const rules = changes.filter(({ kind }) => kind === 'firewall');
    expect(rules.map(({ node, spec }) => [node, spec])).toEqual([
      [names[0], { interface: 'enp1s0f1np1', from: '192.168.100.11', comment: 'twinspark' }],
      [names[0], { interface: 'enP2p1s0f1np1', from: '192.168.101.11', comment: 'twinspark' }],
    ]);
    for (const { spec } of rules) expect(firewallKind.spec.safeParse(spec).success).toBe(true);
  });

  it('does not go on without facts', async () => {
    const { blockers } = await assess({ nodes: [{ routes: unknown() }, {}] });
    expect(blockers.map(({ cause }) => cause.code)).toEqual(['connect.facts-missing']);
  });
});

describe('network, clashes', () => {
  const lan = { addresses: [address('wlP9s9', '192.168.100.7/24')] };
  const cases: [string, Setup][] = [
    ['an address of a node', { nodes: [{}, lan] }],
    [
      'a route of a node',
      { nodes: [{ routes: [{ destination: '192.168.0.0/16', via: '10.0.0.1', interface: 'tun0' }] }, {}] },
    ],
    ['this computer', { laptop: ['192.168.101.0/24'] }],
  ];
  it.each(cases)('moves the default away from %s', async (_, given) => {
    const { assessment, codes, context } = await assess(given);
    expect(assessment.status).toBe('needed');
    expect(codes).toContain('subnets-moved');
    const subnets = context.shared.network?.links.map(({ subnet }) => subnet);
    expect(subnets).not.toContain('192.168.100.0/24');
    expect(new Set(subnets).size).toBe(2);
  });

  it.each(cases)('stops when the person chose the networks: %s', async (_, given) => {
    const inputs = { 'network.subnets': '192.168.100.0/24,192.168.101.0/24' };
    const { blockers } = await assess({ ...given, inputs });
    expect(blockers.map(({ cause }) => cause.code)).toEqual(['connect.network.subnet-clash']);
  });

  it('keeps networks that only its own file uses, also after the cable has moved', async () => {
    const [one, two] = (await assess({})).changes;
    const moved = [0, 1].map((node) => {
      const ports = portsFrom(allUp, node as 0 | 1);
      return { ...after(node === 0 ? one : two, node as 0 | 1), ports };
    });
    const links = port1Links().map((link, index) => {
      const netdev = index === 0 ? 'enp1s0f0np0' : 'enP2p1s0f0np0';
      const ends = [0, 1].map((node) =>
        portsFrom(allUp, node as 0 | 1).find((port) => port.netdev === netdev)!,
      );
      return { ...link, ports: [ends[0]!, ends[1]!] as const };
    });
    const { codes, changes } = await assess({ nodes: [moved[0]!, moved[1]!], shared: { links } });
    expect(codes).not.toContain('subnets-moved');
    expect(textOf(changes[0])).toContain('enp1s0f0np0');
    expect(specOf(changes[0]).interfaces).toContain('enp1s0f1np1');
  });

  it.each([
    ['192.168.100.1/24,192.168.101.0/24', 'unaligned'],
    ['8.8.8.0/24,192.168.101.0/24', 'public'],
    ['192.168.100.0/31,192.168.101.0/24', 'size'],
    ['192.168.0.0/16,192.168.101.0/24', 'overlap'],
    ['192.168.100.0/24', 'few'],
    ['192.168.300.0/24,192.168.101.0/24', 'unreadable'],
    ['192.168.100.0/24,,', 'empty'],
  ])('refuses %s: %s', async (subnets, reason) => {
    const { blockers } = await assess({ inputs: { 'network.subnets': subnets } });
    expect(blockers).toMatchObject([{ cause: { code: 'connect.network.bad-subnets', params: { reason } } }]);
  });

  it('uses .1 and .2 in a small network', async () => {
    const { context } = await assess({ inputs: { 'network.subnets': '10.9.0.0/30,10.9.0.4/30' } });
    expect(context.shared.network?.links.map(({ addresses }) => addresses)).toEqual([
      ['10.9.0.1', '10.9.0.2'],
      ['10.9.0.5', '10.9.0.6'],
    ]);
  });
});

describe('network, other methods', () => {
  it('link-local: the first half alone, as in the first edition', async () => {
    const { changes, codes } = await assess({ inputs: { 'network.method': 'link-local' } });
    expect(textOf(changes[0])).toContain('link-local: [ipv4]');
    expect(textOf(changes[0])).not.toContain('enP2p1');
    expect(codes).toContain('link-local');
  });

  it('link-local: is satisfied by its own result, and measures the addresses of the moment', async () => {
    const inputs = { 'network.method': 'link-local' };
    const { changes } = await assess({ inputs });
    const nodes = changes.map((change, node) => ({
      netplan: { renderer: null, files: [{ path, file: file(textOf(change)) }] },
      addresses: [address('enp1s0f1np1', `169.254.3.${node}/16`, { scope: 'link' })],
    }));
    const again = await assess({ inputs, nodes: [nodes[0]!, nodes[1]!] });
    expect(again.assessment.status).toBe('satisfied');
    expect(again.context.shared.network?.links).toMatchObject([
      { addresses: ['169.254.3.0', '169.254.3.1'] },
    ]);
  });

  it('four-addresses: as printed in November 2025, with what is wrong with it', async () => {
    const { changes, codes } = await assess({ inputs: { 'network.method': 'four-addresses' } });
    const given = changes.map((change) => {
      const { network: document } = parse(textOf(change)) as {
        network: { ethernets: Record<string, { addresses: string[] }> };
      };
      return Object.fromEntries(
        Object.entries(document.ethernets).map(([port, { addresses }]) => [port, addresses[0]]),
      );
    });
    expect(given).toEqual([
      {
        enp1s0f0np0: '192.168.100.10/24',
        enp1s0f1np1: '192.168.200.12/24',
        enP2p1s0f0np0: '192.168.100.14/24',
        enP2p1s0f1np1: '192.168.200.16/24',
      },
      {
        enp1s0f0np0: '192.168.100.11/24',
        enp1s0f1np1: '192.168.200.13/24',
        enP2p1s0f0np0: '192.168.100.15/24',
        enP2p1s0f1np1: '192.168.200.17/24',
      },
    ]);
    expect(codes).toContain('four-addresses');
  });

  it('temporary: addresses without a file, gone after a reboot', async () => {
    const { changes, codes } = await assess({
      inputs: { 'network.method': 'temporary', 'network.mtu': '9000' },
    });
    expect(changes.map(({ kind }) => kind)).toEqual(['address', 'address', 'address', 'address']);
    expect(changes[0]?.spec).toEqual({
      interface: 'enp1s0f1np1',
      addresses: ['192.168.100.10/24'],
      mtu: 9000,
      up: true,
    });
    expect(codes).toContain('temporary');
  });
});

describe('network, verify', () => {
  const reading =
    (node: 0 | 1, lost = false) =>
    ({ node: name }: { node: string }) => {
      const own = name === names[0] ? 0 : 1;
      const peer = 11 - own;
      const rows = ['enp1s0f1np1', 'enP2p1s0f1np1'].map((ifname, half) => ({
        ifname,
        addr_info: [{ local: `192.168.10${half}.1${own}` }],
      }));
      const ping = (port: string, half: number) =>
        lost && own === node && half === 1
          ? `ping ${port} 192.168.101.${peer} lost 2 packets transmitted, 0 received, 100% packet loss`
          : `ping ${port} 192.168.10${half}.${peer} ok rtt min/avg/max/mdev = 0.4/0.5/0.6/0.1 ms`;
      return [`addresses ${JSON.stringify(rows)}`, ping('enp1s0f1np1', 0), ping('enP2p1s0f1np1', 1)].join(
        '\n',
      );
    };

  it('holds when every half answers in both directions', async () => {
    const { context } = await assess({ answer: reading(0) });
    const verification = await network.verify!(context);
    expect(verification.ok).toBe(true);
    expect(verification.notes).toHaveLength(4);
    expect(verification.notes[0]?.params).toMatchObject({ rtt: 0.5 });
  });

  it('fails with causes when one half is silent', async () => {
    const { context } = await assess({ answer: reading(1, true) });
    const verification = await network.verify!(context);
    expect(verification.ok).toBe(false);
    expect(verification.evidence).toContain('100% packet loss');
    expect(verification.causes.length).toBeGreaterThan(0);
  });

  it('fails when the addresses are not there', async () => {
    const { context } = await assess({ answer: () => 'addresses not json' });
    const verification = await network.verify!(context);
    expect(verification.ok).toBe(false);
    expect(verification.causes[0]?.cause.code).toBe('connect.cause.renderer');
  });
});
