import { describe, expect, it } from 'vitest';
import { cable } from '../../../../../src-main/core/playbooks/connect-two-sparks/cable';
import { parseNeighbours } from '../../../../../src-main/core/playbooks/connect-two-sparks/cable-look';
import {
  address,
  allUp,
  macOf,
  names,
  neighbours,
  port0Up,
  port1Up,
  portsFrom,
  setup,
  type Setup,
} from './builders';

const one: [string, string][] = [
  ['enp1s0f1np1', 'enp1s0f1np1'],
  ['enP2p1s0f1np1', 'enP2p1s0f1np1'],
];

async function assess(given: Setup) {
  const { context, looks } = setup(given);
  const assessment = await cable.assess(context);
  return {
    assessment,
    looks,
    links: context.shared.links.map(
      ({ half, ports }) => `${half ?? '?'} ${ports[0].netdev} ${ports[1].netdev}`,
    ),
    codes: assessment.notes.map(({ code }) => code.replace('connect.cable.', '')),
    blockers:
      assessment.status === 'blocked'
        ? assessment.blockers.map(({ cause }) => cause.code.replace('connect.cable.', ''))
        : [],
  };
}

describe('cable', () => {
  it('finds both halves of one cable and asks both nodes at once', async () => {
    const { assessment, links, looks, codes } = await assess({ answer: neighbours(one) });
    expect(assessment.status).toBe('satisfied');
    expect(links).toEqual(['a enp1s0f1np1 enp1s0f1np1', 'b enP2p1s0f1np1 enP2p1s0f1np1']);
    expect(codes).toEqual(['link', 'link']);
    expect(looks.map(({ node }) => node)).toEqual([...names]);
    expect(looks[0]?.script).toContain('ping -6 -n -q -L -c 1 -W 0.5 ff02::1%enp1s0f1np1');
  });

  it('fits like halves together when both halves of a port meet both of the other', async () => {
    const wire = one.flatMap(([own]) => one.map(([, other]): [string, string] => [own, other]));
    const { links } = await assess({ answer: neighbours([...wire].reverse()) });
    expect(links).toEqual(['a enp1s0f1np1 enp1s0f1np1', 'b enP2p1s0f1np1 enP2p1s0f1np1']);
  });

  it('notes a cable between different ports', async () => {
    const { assessment, codes, links } = await assess({
      nodes: [{}, { ports: portsFrom(port0Up, 1) }],
      answer: neighbours([
        ['enp1s0f1np1', 'enp1s0f0np0'],
        ['enP2p1s0f1np1', 'enP2p1s0f0np0'],
      ]),
    });
    expect(assessment.status).toBe('satisfied');
    expect(links).toEqual(['a enp1s0f1np1 enp1s0f0np0', 'b enP2p1s0f1np1 enP2p1s0f0np0']);
    expect(codes).toEqual(['link', 'mixed-ports', 'link', 'mixed-ports']);
  });

  it('maps two cables, also crossed', async () => {
    const all: Setup['nodes'] = [{ ports: portsFrom(allUp, 0) }, { ports: portsFrom(allUp, 1) }];
    const crossed = await assess({
      nodes: all,
      answer: neighbours([
        ['enp1s0f0np0', 'enp1s0f1np1'],
        ['enP2p1s0f0np0', 'enP2p1s0f1np1'],
        ['enp1s0f1np1', 'enp1s0f0np0'],
        ['enP2p1s0f1np1', 'enP2p1s0f0np0'],
      ]),
    });
    expect(crossed.links).toHaveLength(4);
    expect(crossed.links[0]).toBe('a enp1s0f0np0 enp1s0f1np1');
    expect(crossed.codes).toContain('two-cables');
  });

  it('refuses two ports of one half', async () => {
    const half = (node: 0 | 1) => portsFrom(allUp, node).map((port) => ({ ...port, up: port.half === 'a' }));
    const { blockers, assessment } = await assess({
      nodes: [{ ports: half(0) }, { ports: half(1) }],
      answer: neighbours([
        ['enp1s0f0np0', 'enp1s0f0np0'],
        ['enp1s0f1np1', 'enp1s0f1np1'],
      ]),
      inputs: { 'cable.one-half': 'accept' },
    });
    expect(blockers).toEqual(['same-half']);
    expect(assessment).toMatchObject({
      blockers: [{ cause: { params: { devices: 'rocep1s0f0 + rocep1s0f1' } } }],
    });
  });

  it('asks before going on with one half', async () => {
    const lost: Setup['nodes'] = [
      {},
      { ports: portsFrom(port1Up, 1).map((port) => ({ ...port, up: port.up && port.half === 'a' })) },
    ];
    const answer = neighbours(one.slice(0, 1));
    const { blockers, assessment } = await assess({ nodes: lost, answer });
    expect(blockers).toEqual(['one-half']);
    expect(assessment).toMatchObject({
      blockers: [{ decide: { input: 'cable.one-half', values: ['accept'] } }],
    });
    const accepted = await assess({ nodes: lost, answer, inputs: { 'cable.one-half': 'accept' } });
    expect(accepted.assessment.status).toBe('satisfied');
    expect(accepted.codes).toContain('one-half-accepted');
  });

  it.each<[string, Setup['nodes'], string[]]>([
    ['no network chip', [{ ports: [] }, {}], ['no-nic']],
    ['no carrier anywhere', [{ ports: down(0) }, { ports: down(1) }], ['no-carrier-both']],
    ['no carrier on one side', [{}, { ports: down(1) }], ['no-carrier']],
    ['ports switched off', [{ ports: down(0), links: off(0) }, {}], ['ports-off']],
  ])('advises: %s', async (_, nodes, expected) => {
    const { blockers, looks } = await assess({ nodes: nodes! });
    expect(blockers).toEqual(expected);
    expect(looks).toEqual([]);
  });

  it('says when the ports do not reach each other', async () => {
    expect((await assess({ answer: () => '[]' })).blockers).toEqual(['no-answer']);
  });

  it('asks by IPv4 where our own file leaves no link-local address', async () => {
    const set = (node: 0 | 1) => ({
      addresses: [
        address('enp1s0f1np1', `192.168.100.1${node}/24`),
        address('enP2p1s0f1np1', `192.168.101.1${node}/24`),
      ],
    });
    const { assessment, looks } = await assess({ nodes: [set(0), set(1)], answer: neighbours(one) });
    expect(assessment.status).toBe('satisfied');
    expect(looks[0]?.script).toContain('-I enp1s0f1np1 192.168.100.11');
    expect(looks[0]?.script).not.toContain('ping -6');
  });

  it('pairs by place, and says so, where no port has any address', async () => {
    const bare = { addresses: [address('enP7s7', '192.168.1.21/24')] };
    const { assessment, codes } = await assess({ nodes: [bare, bare], answer: () => '[]' });
    expect(assessment.status).toBe('satisfied');
    expect(codes).toEqual(['link', 'assumed', 'link', 'assumed']);
  });

  it('notes a stranger, a slow port and missing lanes', async () => {
    const ports = portsFrom(port1Up, 0).map((port) => ({
      ...port,
      speedMbps: port.up ? 100_000 : null,
      pcieWidth: 2,
    }));
    const answer: Setup['answer'] = (looked) =>
      JSON.stringify([
        ...(JSON.parse(neighbours(one)(looked)) as unknown[]),
        { dst: 'fe80::7', dev: 'enp1s0f1np1', lladdr: 'aa:bb:cc:dd:ee:ff', state: ['REACHABLE'] },
      ]);
    const { codes } = await assess({ nodes: [{ ports }, {}], answer });
    expect(codes.filter((code) => code === 'third-machine')).toHaveLength(2);
    expect(codes).toEqual(expect.arrayContaining(['slow', 'lanes']));
  });

  it('never passes a hostile interface name on', async () => {
    const ports = portsFrom(port1Up, 0).map((port) => ({ ...port, netdev: `${port.netdev};reboot` }));
    const { assessment, looks } = await assess({ nodes: [{ ports }, {}] });
    expect(assessment).toMatchObject({
      blockers: [{ cause: { code: 'connect.bad-interface' } }, {}, {}, {}],
    });
    expect(looks).toEqual([]);
  });
});

describe('parseNeighbours', () => {
  it.each(['', 'Error: no such device', '{}', '[null, 3, {"dev": 1}]', '[{"dev":"x","lladdr":"nonsense"}]'])(
    'reads nothing from %j',
    (text) => expect(parseNeighbours(text)).toEqual([]),
  );
  it('leaves out who did not answer', () => {
    const row = { dst: '1', dev: 'p', lladdr: macOf(0, 'enp1s0f1np1') };
    expect(
      parseNeighbours(
        JSON.stringify([
          { ...row, state: ['FAILED'] },
          { dst: '2', dev: 'p', state: ['INCOMPLETE'] },
        ]),
      ),
    ).toEqual([]);
    expect(parseNeighbours(JSON.stringify([row]))).toHaveLength(1);
  });
});

function down(node: 0 | 1) {
  return portsFrom(port1Up, node).map((port) => ({ ...port, up: false }));
}
function off(node: 0 | 1) {
  return down(node).map(({ netdev, mac }) => ({ name: netdev, mac, mtu: 1500, enabled: false, up: false }));
}
