import { expect, it } from 'vitest';
import { network } from '../../../../src-main/core/probe/ip-address';
import {
  parseIpAddresses,
  parseIpLinks,
  parseIpRoutes,
  parseIpRoutes6,
} from '../../../../src-main/core/probe/ip-json';
import { parseIpText } from '../../../../src-main/core/probe/ip-text';
import { printed } from './printed';
import { sample } from './samples';

const bad = { known: false, reason: 'malformed' };

it.each([
  ['ip_addr_show_linklocal_markup.txt', '169.254.35.62', 16, 'link'],
  ['ip_addr_show_static_markup.txt', '192.168.100.10', 24, 'global'],
])('%s', (name, address, prefix, scope) => {
  const at = { interface: 'enp1s0f1np1', dynamic: false };
  expect(parseIpText(sample(name))).toEqual({
    known: true,
    value: {
      links: [{ name: 'enp1s0f1np1', mac: '3c:6d:66:cc:b3:b7', mtu: 1500, enabled: true, up: true }],
      addresses: [
        { ...at, family: 'inet', address, prefix, scope },
        { ...at, family: 'inet6', address: 'fe80::3e6d:66ff:fecc:b3b7', prefix: 64, scope: 'link' },
      ],
    },
  });
});

it('ip_link_show_cx7_mtu1500.txt', () => {
  const link = { mtu: 1500, enabled: true, up: true };
  expect(parseIpText(sample('ip_link_show_cx7_mtu1500.txt'))).toEqual({
    known: true,
    value: {
      links: [
        { name: 'enp1s0f0np0', mac: '30:c5:99:3e:6a:13', ...link },
        { name: 'enp1s0f1np1', mac: '30:c5:99:3e:6a:14', ...link },
      ],
      addresses: [],
    },
  });
});

it('plain text: a virtual cable, an address by DHCP, a port that is down', () => {
  const text = [
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000',
    '    inet 127.0.0.1/8 scope host lo',
    '7: veth1@if8: <NO-CARRIER,BROADCAST,UP> mtu 1500 qdisc noqueue state DOWN group default',
    '    inet 10.0.0.1 peer 10.0.0.2/32 scope global dynamic veth1',
  ].join('\n');
  expect(parseIpText(text)).toMatchObject({
    known: true,
    value: {
      links: [
        { name: 'lo', up: true, mac: null },
        { name: 'veth1', enabled: true, up: false },
      ],
      addresses: [{ address: '127.0.0.1' }, { address: '10.0.0.1', prefix: 32, dynamic: true }],
    },
  });
});

it('JSON: links and addresses of both families', () => {
  const text = printed['ip addr json']!;
  expect(parseIpLinks(text)).toEqual({
    known: true,
    value: [
      { name: 'enp1s0f1np1', mac: '3c:6d:66:cc:b3:b7', mtu: 9000, enabled: true, up: true },
      { name: 'enP7s7', mac: '3c:6d:66:cc:b3:b1', mtu: 1500, enabled: true, up: false },
    ],
  });
  const cx = { interface: 'enp1s0f1np1', dynamic: false };
  expect(parseIpAddresses(text)).toEqual({
    known: true,
    value: [
      { ...cx, family: 'inet', address: '192.168.100.10', prefix: 24, scope: 'global' },
      { ...cx, family: 'inet6', address: 'fe80::3e6d:66ff:fecc:b3b7', prefix: 64, scope: 'link' },
      {
        interface: 'enP7s7',
        family: 'inet',
        address: '192.168.1.50',
        prefix: 24,
        scope: 'global',
        dynamic: true,
      },
    ],
  });
});

it('JSON: routes, also over several hops, without a way, and of IPv6', () => {
  expect(parseIpRoutes(printed['ip route json']!)).toEqual({
    known: true,
    value: [
      { destination: '0.0.0.0/0', via: '192.168.1.1', interface: 'enP7s7' },
      { destination: '192.168.100.0/24', via: null, interface: 'enp1s0f1np1' },
      { destination: '10.9.8.7/32', via: '192.168.1.2', interface: 'enP7s7' },
      { destination: '10.9.8.7/32', via: null, interface: 'enp1s0f1np1' },
      { destination: '10.0.0.0/8', via: null, interface: null },
    ],
  });
  const six = '[{"dst":"default","gateway":"fe80::1","dev":"enP7s7"},{"dst":"FD00:0::/64","dev":"enP7s7"}]';
  expect(parseIpRoutes6(six)).toEqual({
    known: true,
    value: [
      { destination: '::/0', via: 'fe80::1', interface: 'enP7s7' },
      { destination: 'fd00::/64', via: null, interface: 'enP7s7' },
    ],
  });
});

it.each([
  '[{"dst":"default","dev":"a b"}]',
  '[{"dst":"999.0.0.0/8"}]',
  '[{"dst":"10.0.0.0/33"}]',
  '[{"dst":"10.0.0.0/8","gateway":"$(id)"}]',
  '{"dst":"default"}',
  '[{"dst":"def',
  '[null]',
])('routes do not guess from %j', (text) => expect(parseIpRoutes(text)).toMatchObject(bad));

it('networks in CIDR form', () => {
  expect(network('10.0.0.1')).toBe('10.0.0.1/32');
  expect(network('FE80:0:0::/10')).toBe('fe80::/10');
  for (const text of ['10.1/8', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/ 8', 'fe80::1%eth0', '']) {
    expect(network(text)).toBeNull();
  }
});
