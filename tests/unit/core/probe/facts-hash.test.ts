import { expect, it } from 'vitest';
import type { NodeFacts } from '../../../../src-main/contract/facts';
import { canonicalJson } from '../../../../src-main/core/canonical';
import { factsHash } from '../../../../src-main/core/probe/facts-hash';
import { unreachableFacts } from '../../../../src-main/core/probe/unreachable';

const known = <T>(value: T, source = 'test') => ({ known: true as const, value, source });
const address = {
  interface: 'enP7s7',
  family: 'inet' as const,
  address: '10.0.0.1',
  prefix: 8,
  scope: 'global',
};
const base: NodeFacts = {
  ...unreachableFacts('test'),
  uptimeSeconds: known(1),
  clockMs: known(1),
  memory: known({ totalBytes: 2, availableBytes: 1 }),
  disks: known([{ mount: '/', sizeBytes: 2, availableBytes: 1, readOnly: false }]),
  addresses: known([{ ...address, dynamic: true }]),
  routes: known([
    { destination: '10.0.0.0/8', via: null, interface: 'enP7s7' },
    { destination: '0.0.0.0/0', via: '10.0.0.2', interface: 'enP7s7' },
  ]),
  links: known([{ name: 'enP7s7', mac: null, mtu: 1500, enabled: true, up: true }]),
  tools: known({ ip: '/bin/ip', git: '/bin/git' }),
};
const changed = (change: Partial<NodeFacts>) => factsHash({ ...base, ...change });
const hash = factsHash(base);

it('is SHA-256 in hex', () => expect(hash).toMatch(/^[0-9a-f]{64}$/));

it.each<[string, Partial<NodeFacts>]>([
  ['time', { uptimeSeconds: known(9), clockMs: known(9) }],
  ['memory', { memory: known({ totalBytes: 2, availableBytes: 2 }) }],
  ['fill levels', { disks: known([{ mount: '/', sizeBytes: 2, availableBytes: 0, readOnly: false }]) }],
  ['neighbours', { peers: known([]) }],
  ['the order of keys', { tools: known({ git: '/bin/git', ip: '/bin/ip' }) }],
  ['the order of routes', { routes: known([...(base.routes.known ? base.routes.value : [])].reverse()) }],
  ['the command that a fact came from', { tools: known({ git: '/bin/git', ip: '/bin/ip' }, 'other') }],
  [
    'temporary IPv6 addresses',
    {
      addresses: known([
        { ...address, dynamic: true },
        { ...address, family: 'inet6', address: 'fd00::1', dynamic: true },
      ]),
    },
  ],
  [
    'containers that come and go',
    {
      links: known([
        { name: 'veth12ab', mac: null, mtu: 1500, enabled: true, up: true },
        { name: 'enP7s7', mac: null, mtu: 1500, enabled: true, up: true },
      ]),
    },
  ],
  [
    'why something is unknown',
    { gpus: { known: false, reason: 'unreachable', detail: 'other', source: 'x' } },
  ],
])('does not depend on %s', (_, change) => expect(changed(change)).toBe(hash));

it.each<[string, Partial<NodeFacts>]>([
  ['an address', { addresses: known([]) }],
  ['a read-only disk', { disks: known([{ mount: '/', sizeBytes: 2, availableBytes: 1, readOnly: true }]) }],
  ['a tool', { tools: known({ ip: '/bin/ip' }) }],
  ['an MTU', { links: known([{ name: 'enP7s7', mac: null, mtu: 9000, enabled: true, up: true }]) }],
  ['an empty list in place of an unknown one', { gpus: known([]) }],
  ['another reason', { gpus: { known: false, reason: 'timeout', detail: '', source: '' } }],
])('depends on %s', (_, change) => expect(changed(change)).not.toBe(hash));

it('canonical JSON orders keys at every depth and leaves out what is undefined', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: undefined, A: 'x' })).toBe(
    '{"A":"x","b":[{"c":null,"d":1}]}',
  );
});
