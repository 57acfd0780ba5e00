import { expect, it } from 'vitest';
import { parseEthtool } from '../../../../src-main/core/probe/ethtool';
import { parseIbdev2netdev } from '../../../../src-main/core/probe/ibdev2netdev';
import { parseIbstat } from '../../../../src-main/core/probe/ibstat';
import { parseIbvDevinfo } from '../../../../src-main/core/probe/ibv-devinfo';
import { parseLspciLink, parseLspciList } from '../../../../src-main/core/probe/lspci';
import { parseRateState, parseSysfs } from '../../../../src-main/core/probe/sysfs';
import { truncated } from './damage';
import { printed } from './printed';
import { sample } from './samples';

const bad = { known: false, reason: 'malformed' };
const a0 = { rdma: 'rocep1s0f0', rdmaPort: 1, netdev: 'enp1s0f0np0' };
const a1 = { rdma: 'rocep1s0f1', rdmaPort: 1, netdev: 'enp1s0f1np1' };
const b0 = { rdma: 'roceP2p1s0f0', rdmaPort: 1, netdev: 'enP2p1s0f0np0' };
const b1 = { rdma: 'roceP2p1s0f1', rdmaPort: 1, netdev: 'enP2p1s0f1np1' };
const up = <T>(line: T) => ({ ...line, up: true });
const down = <T>(line: T) => ({ ...line, up: false });

it.each([
  ['ibdev2netdev_all_four_up.txt', [up(a0), up(a1), up(b0), up(b1)]],
  ['ibdev2netdev_port0_up_spark-5c2d.txt', [up(a0), down(a1), up(b0), down(b1)]],
  ['ibdev2netdev_port0_up_spark-bd26.txt', [up(a0), down(a1), up(b0), down(b1)]],
  ['ibdev2netdev_port1_up_altorder.txt', [down(b0), up(b1), down(a0), up(a1)]],
])('%s', (name, value) => {
  expect(parseIbdev2netdev(sample(name))).toEqual({ known: true, value });
  expect(parseIbdev2netdev(sample(name) + sample(name))).toEqual({ known: true, value });
});

it('a cut ibdev2netdev is unknown or whole lines, never a wrong state', () => {
  const whole = parseIbdev2netdev(sample('ibdev2netdev_port1_up_altorder.txt'));
  for (const text of truncated(sample('ibdev2netdev_port1_up_altorder.txt'), 200)) {
    const part = parseIbdev2netdev(text);
    if (part.known && whole.known) expect(part.value).toEqual(whole.value.slice(0, part.value.length));
  }
});

it.each([
  'rocep1s0f1 port 1 ==> enp1s0f1np1 (Aktiv)\n',
  'rocep1s0f1 port 1 ==> enp1s0f1np1\u0007 (Up)\n',
  'rocep1s0f1 port 1 ==> $(reboot) (Up) ; x\n',
  `rocep1s0f1 port 1 ==> ${'e'.repeat(16)} (Up)\n`,
  'rocep1s0f1 port 1 ==> a (Up)\nrocep1s0f1 port 1 ==> a (Down)\n',
  'bash: ibdev2netdev: command not found\n',
])('ibdev2netdev does not guess from %j', (text) => expect(parseIbdev2netdev(text)).toMatchObject(bad));

it('ethtool: the negotiated speed by interface', () => {
  expect(parseEthtool(sample('ethtool_speed_200000_good.txt'))).toEqual({
    known: true,
    value: [
      { interface: 'enp1s0f1np1', speedMbps: 200000 },
      { interface: 'enP2p1s0f1np1', speedMbps: 200000 },
    ],
  });
  const text =
    'Settings for enP7s7:\n\tSpeed: Unknown!\n\tDuplex: Full\nSettings for eth1:\n\tSpeed: 10000Mb/s\n';
  expect(parseEthtool(text)).toEqual({
    known: true,
    value: [
      { interface: 'enP7s7', speedMbps: null },
      { interface: 'eth1', speedMbps: 10000 },
    ],
  });
  for (const speed of ['200.000Mb/s', '200000', '-1Mb/s'])
    expect(parseEthtool(`Speed: ${speed}\n`)).toMatchObject(bad);
});

it('lspci: link and list', () => {
  const x4 = { speedGts: 32, width: 4 };
  expect(parseLspciLink(sample('lspci_lnksta_x4_good.txt'))).toEqual({
    known: true,
    value: { capable: x4, current: x4 },
  });
  expect(parseLspciLink('\t\tLnkSta:\tSpeed 16GT/s (downgraded), Width x2 (downgraded)\n')).toEqual({
    known: true,
    value: { capable: null, current: { speedGts: 16, width: 2 } },
  });
  const list = parseLspciList(sample('lspci_mellanox.txt'));
  expect(list.known && list.value.map((one) => one.slot)).toEqual([
    '0000:01:00.0',
    '0000:01:00.1',
    '0002:01:00.0',
    '0002:01:00.1',
  ]);
  expect(list.known && list.value[0]).toEqual({
    slot: '0000:01:00.0',
    type: 'Ethernet controller',
    name: 'Mellanox Technologies MT2910 Family [ConnectX-7]',
  });
});

it('ibv_devinfo: the RDMA MTU follows that of the interface', () => {
  const whole = { firmware: '28.45.4028', maxMtu: 4096, linkLayer: 'Ethernet' };
  const active = { ...whole, state: 'PORT_ACTIVE', activeMtu: 1024 };
  expect(parseIbvDevinfo(sample('ibv_devinfo_four_active_mtu1024.txt'))).toEqual({
    known: true,
    value: [
      { rdma: 'rocep1s0f0', ...active },
      { rdma: 'rocep1s0f1', ...active },
      { rdma: 'roceP2p1s0f0', ...active },
      { rdma: 'roceP2p1s0f1', ...active },
    ],
  });
  const down = { ...whole, state: 'PORT_DOWN', activeMtu: 1024 };
  expect(parseIbvDevinfo(sample('ibv_devinfo_nodeA_port1_mtu9000.txt'))).toEqual({
    known: true,
    value: [
      { rdma: 'rocep1s0f0', ...down },
      { rdma: 'rocep1s0f1', ...active, activeMtu: 4096 },
      { rdma: 'roceP2p1s0f0', ...down },
      { rdma: 'roceP2p1s0f1', ...active, activeMtu: 4096 },
    ],
  });
});

it('ibv_devinfo: what is cut off is null', () => {
  const text = sample('ibv_devinfo_four_active_mtu1024.txt');
  expect(parseIbvDevinfo(text.slice(0, text.indexOf('\t\t\tstate')))).toEqual({
    known: true,
    value: [
      {
        rdma: 'rocep1s0f0',
        firmware: '28.45.4028',
        state: null,
        activeMtu: null,
        maxMtu: null,
        linkLayer: null,
      },
    ],
  });
});

it('ibstat', () => {
  const active = {
    firmware: '28.45.4028',
    state: 'Active',
    physicalState: 'LinkUp',
    rateGbps: 200,
    linkLayer: 'Ethernet',
  };
  expect(parseIbstat(sample('ibstat_geerling_first_three.txt'))).toEqual({
    known: true,
    value: [
      { rdma: 'roceP2p1s0f0', ...active },
      { rdma: 'roceP2p1s0f1', ...active, state: 'Down', physicalState: 'Disabled', rateGbps: 40 },
      { rdma: 'rocep1s0f0', ...active },
    ],
  });
});

it('sysfs: rate and state as people paste them', () => {
  expect(parseRateState(sample('sysfs_rate_state.txt'))).toEqual({
    known: true,
    value: [
      { rdma: 'rocep1s0f0', rateGbps: 40, state: 'DOWN' },
      { rdma: 'rocep1s0f1', rateGbps: 200, state: 'ACTIVE' },
      { rdma: 'roceP2p1s0f0', rateGbps: 40, state: 'DOWN' },
      { rdma: 'roceP2p1s0f1', rateGbps: 200, state: 'ACTIVE' },
    ],
  });
});

it('sysfs: interfaces and RDMA devices', () => {
  const port = { vendor: '0x15b3' };
  expect(parseSysfs(printed['sysfs']!)).toEqual({
    known: true,
    value: {
      interfaces: [
        {
          name: 'enp1s0f0np0',
          mac: '3c:6d:66:cc:b3:b6',
          mtu: 1500,
          up: false,
          speedMbps: null,
          pcieWidth: 4,
          ...port,
        },
        {
          name: 'enp1s0f1np1',
          mac: '3c:6d:66:cc:b3:b7',
          mtu: 9000,
          up: true,
          speedMbps: 200000,
          pcieWidth: 2,
          ...port,
        },
        {
          name: 'lo',
          mac: '00:00:00:00:00:00',
          mtu: null,
          up: false,
          speedMbps: null,
          pcieWidth: null,
          vendor: null,
        },
      ],
      devices: [
        { ...a0, state: 'DOWN', rateGbps: 40 },
        { ...a1, state: 'ACTIVE', rateGbps: 200 },
      ],
    },
  });
});
