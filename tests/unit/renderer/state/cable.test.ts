import { describe, expect, it } from 'vitest';
import type { CxPort, NetAddress, NodeFacts } from '../../../../src-main/contract/facts';
import type { Slices } from '../../../../src-main/contract/slices';
import { cableMap, joinedHalves } from '../../../../src-renderer/state/cable';
import { cableAdvice } from '../../../../src-renderer/state/cable-advice';

type Facts = Slices['facts'];
type Where = readonly [port: 0 | 1, half: 'a' | 'b'];
const names = ['one', 'two'] as const;

function netdevOf([port, half]: Where): string {
  return `${half === 'a' ? 'enp1' : 'enP2p1'}s0f${port}np${port}`;
}

interface Setup {
  readonly up: readonly Where[];
  readonly addresses?: readonly (readonly [Where, string])[];
  readonly peers?: readonly (readonly [Where, string])[];
  readonly change?: Partial<CxPort>;
}

function node({ up, addresses = [], peers = [], change }: Setup): NodeFacts {
  const known = <T>(value: T) => ({ known: true, value, source: 'test' });
  const all: Where[] = [
    [0, 'a'],
    [0, 'b'],
    [1, 'a'],
    [1, 'b'],
  ];
  const ports = all.map(([port, half]): CxPort => ({
    rdma: null,
    netdev: netdevOf([port, half]),
    up: up.some((one) => one[0] === port && one[1] === half),
    port,
    half,
    mac: null,
    mtu: 1500,
    speedMbps: 200_000,
    pcieWidth: 4,
    ...change,
  }));
  const inet = addresses.map(([where, address]): NetAddress => ({
    interface: netdevOf(where),
    family: 'inet',
    address,
    prefix: 24,
    scope: 'global',
    dynamic: false,
  }));
  const heard = peers.map(([where, address]) => ({
    interface: netdevOf(where),
    name: 'x',
    host: 'x',
    address,
    port: 22,
  }));
  return { ports: known(ports), addresses: known(inet), peers: known(heard) } as unknown as NodeFacts;
}

function facts(one: Setup | null, two: Setup | null): Facts {
  return { node1: one && node(one), node2: two && node(two), readAt: 0, reading: false };
}

const both = (port: 0 | 1): Where[] => [
  [port, 'a'],
  [port, 'b'],
];
const joined = (last: number, port: 0 | 1 = 1): Setup => ({
  up: both(port),
  addresses: [
    [[port, 'a'], `192.168.100.${last}`],
    [[port, 'b'], `192.168.101.${last}`],
  ],
});

function told(of: Facts): string[] {
  return cableAdvice(cableMap(of), names).map(({ id }) => id);
}

function states(of: Facts): string[][] {
  return cableMap(of).cables.map(({ halves }) => halves.map(({ state }) => state));
}

describe('cableMap', () => {
  it('finds the healthy cable, sure of it, and nothing to say', () => {
    const healthy = facts(joined(10), joined(11));
    expect(cableMap(healthy).cables).toMatchObject([{ ports: [1, 1], sure: true }]);
    expect(states(healthy)).toEqual([['up', 'up']]);
    expect(joinedHalves(cableMap(healthy))).toEqual(['a', 'b']);
    expect(told(healthy)).toEqual([]);
  });

  it('says nothing of what nobody has read', () => {
    expect(cableMap(facts(joined(10), null))).toMatchObject({ cables: [], nodes: [{}, null] });
    expect(told(facts(joined(10), null))).toEqual([]);
  });

  it('takes the only ports with a signal for the ends, and is not sure of it', () => {
    const plugged = facts({ up: both(0) }, { up: both(1) });
    expect(cableMap(plugged).cables).toMatchObject([{ ports: [0, 1], sure: false }]);
    expect(states(plugged)).toEqual([['bare', 'bare']]);
    expect(told(plugged)).toEqual(['no-address', 'mixed-ports']);
  });

  it('tells two cables apart by the networks they carry', () => {
    const of = (last: number, first: 0 | 1): Setup => ({
      up: [...both(0), ...both(1)],
      addresses: [
        [[first, 'a'], `192.168.100.${last}`],
        [[first, 'b'], `192.168.101.${last}`],
      ],
    });
    const crossed = facts(of(10, 0), of(11, 1));
    expect(cableMap(crossed).cables).toMatchObject([
      { ports: [0, 1], sure: true },
      { ports: [1, 0], sure: false },
    ]);
    expect(told(crossed)).toContain('two-cables');
  });

  it('believes what a node hears on a link before any network', () => {
    const one = node({ up: [...both(0), ...both(1)], peers: [[[0, 'a'], '10.0.0.2']] });
    const two = node({ up: [...both(0), ...both(1)], addresses: [[[1, 'a'], '10.0.0.2']] });
    expect(cableMap({ node1: one, node2: two, readAt: 0, reading: false }).cables[0]).toMatchObject({
      ports: [0, 1],
      sure: true,
    });
  });

  it('leaves open where cables lead that nothing tells apart', () => {
    const two: Setup = { up: [...both(0), ...both(1)] };
    expect(cableMap(facts(two, two)).cables.map(({ ports }) => ports)).toEqual([
      [0, null],
      [1, null],
      [null, 0],
      [null, 1],
    ]);
    expect(told(facts(two, two))).toEqual(['unclear']);
  });

  it('does not call two halves without readable addresses bare', () => {
    const addresses = { known: false, reason: 'timeout', detail: '', source: '' } as const;
    const unread = facts(joined(10), joined(11));
    const node1 = { ...unread.node1!, addresses };
    expect(states({ ...unread, node1 })).toEqual([['unknown', 'unknown']]);
  });
});

describe('cableAdvice', () => {
  it.each<[string, Facts, string[]]>([
    ['no cable at all', facts({ up: [] }, { up: [] }), ['no-signal']],
    ['a cable in one machine only', facts({ up: both(1) }, { up: [] }), ['one-end']],
    [
      'one half without a signal',
      facts({ ...joined(10), up: [[1, 'a']] }, { ...joined(11), up: [[1, 'a']] }),
      ['half-dead'],
    ],
    [
      'one half with a signal at one end',
      facts(joined(10), { ...joined(11), up: [[1, 'b']] }),
      ['half-dead'],
    ],
    [
      'addresses that do not meet',
      facts(joined(10), {
        up: both(1),
        addresses: [
          [[1, 'a'], '10.9.9.1'],
          [[1, 'b'], '192.168.101.11'],
        ],
      }),
      ['apart'],
    ],
    [
      'both halves in one network',
      facts(
        {
          up: both(1),
          addresses: [
            [[1, 'a'], '10.0.0.1'],
            [[1, 'b'], '10.0.0.2'],
          ],
        },
        {
          up: both(1),
          addresses: [
            [[1, 'a'], '10.0.0.3'],
            [[1, 'b'], '10.0.0.4'],
          ],
        },
      ),
      ['one-network'],
    ],
    [
      'two ports of one half',
      facts(
        {
          up: [
            [0, 'a'],
            [1, 'a'],
          ],
          addresses: [
            [[0, 'a'], '192.168.100.10'],
            [[1, 'a'], '192.168.101.10'],
          ],
        },
        {
          up: [
            [0, 'a'],
            [1, 'a'],
          ],
          addresses: [
            [[0, 'a'], '192.168.100.11'],
            [[1, 'a'], '192.168.101.11'],
          ],
        },
      ),
      ['half-dead', 'half-dead', 'same-half'],
    ],
    ['unlike packet sizes', facts({ ...joined(10), change: { mtu: 9000 } }, joined(11)), ['mtu', 'mtu']],
    ['two lanes', facts(joined(10), { ...joined(11), change: { pcieWidth: 2 } }), ['lanes']],
    [
      'a slow cable',
      facts(
        { ...joined(10), change: { speedMbps: 100_000 } },
        { ...joined(11), change: { speedMbps: 100_000 } },
      ),
      ['slow-cable'],
    ],
  ])('%s', (_, of, expected) => expect(told(of)).toEqual(expected));

  it('names a node whose adapter has left the bus', () => {
    const gone = facts(joined(10), joined(11));
    const node2 = { ...gone.node2!, ports: { known: true as const, value: [], source: '' } };
    expect(cableAdvice(cableMap({ ...gone, node2 }), names)).toMatchObject([
      { id: 'asleep', params: { node: 'two' } },
    ]);
  });
});
