import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../../src-main/contract/facts';
import { parseEthtool } from '../../../../src-main/core/probe/ethtool';
import { parseIbdev2netdev } from '../../../../src-main/core/probe/ibdev2netdev';
import { parseIpLinks } from '../../../../src-main/core/probe/ip-json';
import { asFact, unknown, type Parsed } from '../../../../src-main/core/probe/parsed';
import { joinPorts, type PortSources } from '../../../../src-main/core/probe/ports';
import { parseSysfs } from '../../../../src-main/core/probe/sysfs';
import { printed } from './printed';
import { sample } from './samples';

const fact = <T>(parsed: Parsed<T>, source: string): Fact<T> => asFact(parsed, source);
const missing = unknown('command-missing', 'not here');
const nothing: PortSources = {
  ibdev2netdev: fact(missing, 'ibdev2netdev'),
  sysfs: fact(missing, 'sysfs'),
  links: fact(missing, 'ip'),
  ethtool: fact(missing, 'ethtool'),
};
const sysfs = fact(parseSysfs(printed['sysfs']!), 'sysfs');

describe('ports', () => {
  it('are ordered by port and half, whatever order the tool has, and joined with all that is known', () => {
    const ports = joinPorts({
      ibdev2netdev: fact(parseIbdev2netdev(sample('ibdev2netdev_port1_up_altorder.txt')), 'ibdev2netdev'),
      sysfs,
      links: fact(parseIpLinks(printed['ip addr json']!), 'ip'),
      ethtool: fact(parseEthtool(sample('ethtool_speed_200000_good.txt')), 'ethtool'),
    });
    const unread = { mac: null, mtu: null, pcieWidth: null };
    expect(ports).toEqual({
      known: true,
      source: 'ibdev2netdev',
      value: [
        {
          rdma: 'rocep1s0f0',
          netdev: 'enp1s0f0np0',
          up: false,
          port: 0,
          half: 'a',
          mac: '3c:6d:66:cc:b3:b6',
          mtu: 1500,
          speedMbps: null,
          pcieWidth: 4,
        },
        {
          rdma: 'roceP2p1s0f0',
          netdev: 'enP2p1s0f0np0',
          up: false,
          port: 0,
          half: 'b',
          ...unread,
          speedMbps: null,
        },
        {
          rdma: 'rocep1s0f1',
          netdev: 'enp1s0f1np1',
          up: true,
          port: 1,
          half: 'a',
          mac: '3c:6d:66:cc:b3:b7',
          mtu: 9000,
          speedMbps: 200000,
          pcieWidth: 2,
        },
        {
          rdma: 'roceP2p1s0f1',
          netdev: 'enP2p1s0f1np1',
          up: true,
          port: 1,
          half: 'b',
          ...unread,
          speedMbps: 200000,
        },
      ],
    });
  });

  it('come from sysfs where ibdev2netdev is missing', () => {
    const ports = joinPorts({ ...nothing, sysfs });
    expect(
      ports.known && ports.value.map(({ netdev, rdma, up, speedMbps }) => [netdev, rdma, up, speedMbps]),
    ).toEqual([
      ['enp1s0f0np0', 'rocep1s0f0', false, null],
      ['enp1s0f1np1', 'rocep1s0f1', true, 200000],
    ]);
    expect(ports.source).toBe('sysfs');
  });

  it('come from the interfaces where there is no RDMA device', () => {
    const text =
      'net/enp1s0f1np1/operstate:up\nnet/slot9/operstate:up\nnet/slot9/device/vendor:0x15b3\nnet/lo/mtu:1\n';
    const ports = joinPorts({ ...nothing, sysfs: fact(parseSysfs(text), 'sysfs') });
    expect(ports.known && ports.value.map(({ netdev, port, half }) => [netdev, port, half])).toEqual([
      ['enp1s0f1np1', 1, 'a'],
      ['slot9', null, null],
    ]);
  });

  it('place a renamed interface by its RDMA device', () => {
    const line = 'roceP2p1s0f1 port 1 ==> fast0 (Up)\n';
    const ports = joinPorts({ ...nothing, ibdev2netdev: fact(parseIbdev2netdev(line), 'ibdev2netdev') });
    expect(ports).toMatchObject({ known: true, value: [{ netdev: 'fast0', port: 1, half: 'b' }] });
  });

  it('are none, not unknown, on a node whose adapter has left the bus', () => {
    const lo = fact(parseSysfs('net/lo/operstate:unknown\n'), 'sysfs');
    expect(joinPorts({ ...nothing, sysfs: lo })).toEqual({ known: true, value: [], source: 'sysfs' });
    expect(joinPorts(nothing)).toMatchObject({ known: false, reason: 'command-missing' });
  });
});
