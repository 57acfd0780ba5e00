import { expect, it } from 'vitest';
import { parseAvahi } from '../../../../src-main/core/probe/avahi';
import { parseUfw } from '../../../../src-main/core/probe/ufw';
import { printed } from './printed';
import { sample } from './samples';

const bad = { known: false, reason: 'malformed' };

it('avahi-browse: resolved neighbours, escapes undone, hostile names left out', () => {
  expect(parseAvahi(printed['avahi-browse']!)).toEqual({
    known: true,
    value: [
      {
        interface: 'enP7s7',
        name: 'spark 5c2d (Ann)',
        host: 'spark-5c2d.local',
        address: '192.168.1.51',
        port: 22,
      },
      { interface: 'enP7s7', name: 'spark-5c2d', host: 'spark-5c2d.local', address: 'fe80::1', port: 22 },
    ],
  });
});

it('avahi-browse: a line that somebody shortened is none', () => {
  expect(parseAvahi(sample('avahi_browse_line_shape.txt'))).toMatchObject(bad);
  expect(parseAvahi('Failed to create client object: Daemon not running\n')).toMatchObject(bad);
  expect(parseAvahi('+;enP7s7;IPv4;spark;_ssh._tcp;local\n')).toEqual({ known: true, value: [] });
});

it('ufw: rules in single spaces', () => {
  expect(parseUfw(printed['ufw active']!)).toEqual({
    known: true,
    value: {
      active: true,
      rules: [
        '22/tcp ALLOW Anywhere',
        'Anywhere on enp1s0f1np1 ALLOW 192.168.100.0/24 # twinspark',
        '22/tcp (v6) ALLOW Anywhere (v6)',
      ],
    },
  });
  expect(parseUfw('Status: active\n')).toEqual({ known: true, value: { active: true, rules: [] } });
  expect(parseUfw('Status: inactive\n')).toEqual({ known: true, value: { active: false, rules: [] } });
});

it.each(['Statut : actif\n', 'Status: act', 'Status: active\nStatus: inactive\n', 'ERROR: not root\n'])(
  'ufw does not guess from %j',
  (text) => expect(parseUfw(text)).toMatchObject(bad),
);
