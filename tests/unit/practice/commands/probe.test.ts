import { describe, expect, it } from 'vitest';
import { parseAvahi } from '../../../../src-main/core/probe/avahi';
import { parseDisks } from '../../../../src-main/core/probe/disks';
import { parseEthtool } from '../../../../src-main/core/probe/ethtool';
import { parseIbdev2netdev } from '../../../../src-main/core/probe/ibdev2netdev';
import { parseIbstat } from '../../../../src-main/core/probe/ibstat';
import { parseIbvDevinfo } from '../../../../src-main/core/probe/ibv-devinfo';
import { parseIpAddresses, parseIpLinks, parseIpRoutes } from '../../../../src-main/core/probe/ip-json';
import { parseIpText } from '../../../../src-main/core/probe/ip-text';
import { parseKernel } from '../../../../src-main/core/probe/kernel';
import { parseLspciLink, parseLspciList } from '../../../../src-main/core/probe/lspci';
import { parseNvidiaSmi } from '../../../../src-main/core/probe/nvidia-smi';
import { parseUfw } from '../../../../src-main/core/probe/ufw';
import { machines, sh } from '../machine/fixture';

type Parser = (text: string) => { known: boolean; value?: unknown };

/** What the app's own parsers make of the commands' outputs. */
const shapes: [string, Parser, unknown][] = [
  [
    'ip -j addr',
    parseIpLinks,
    expect.arrayContaining([expect.objectContaining({ name: 'enp1s0f1np1', up: true })]),
  ],
  [
    'ip -j addr',
    parseIpAddresses,
    expect.arrayContaining([expect.objectContaining({ address: '192.0.2.11', dynamic: true })]),
  ],
  [
    'ip -j -4 route',
    parseIpRoutes,
    expect.arrayContaining([expect.objectContaining({ destination: '0.0.0.0/0' })]),
  ],
  [
    'ip addr',
    parseIpText,
    expect.objectContaining({
      links: expect.arrayContaining([expect.objectContaining({ name: 'lo' })]) as unknown,
    }),
  ],
  [
    'ibdev2netdev',
    parseIbdev2netdev,
    expect.arrayContaining([{ rdma: 'rocep1s0f1', rdmaPort: 1, netdev: 'enp1s0f1np1', up: true }]),
  ],
  [
    'ibstat',
    parseIbstat,
    expect.arrayContaining([expect.objectContaining({ rdma: 'rocep1s0f1', state: 'Active', rateGbps: 200 })]),
  ],
  [
    'ibv_devinfo',
    parseIbvDevinfo,
    expect.arrayContaining([
      expect.objectContaining({ rdma: 'rocep1s0f0', state: 'PORT_DOWN', activeMtu: 1024 }),
    ]),
  ],
  [
    'ethtool enp1s0f1np1; ethtool enp1s0f0np0',
    parseEthtool,
    [
      { interface: 'enp1s0f1np1', speedMbps: 200_000 },
      { interface: 'enp1s0f0np0', speedMbps: null },
    ],
  ],
  ['uname -snrm', parseKernel, expect.objectContaining({ arch: 'aarch64' })],
  [
    'cat /proc/mounts; echo --; df -P -B1 -l',
    parseDisks,
    expect.arrayContaining([expect.objectContaining({ mount: '/', readOnly: false })]),
  ],
  ['lspci', parseLspciList, expect.arrayContaining([expect.objectContaining({ slot: '0000:01:00.1' })])],
  [
    'lspci -vv -s 0000:01:00.1',
    parseLspciLink,
    expect.objectContaining({ current: { speedGts: 32, width: 4 } }),
  ],
  [
    'nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader',
    parseNvidiaSmi,
    [{ name: 'NVIDIA GB10', memoryMib: null, driver: '580.126.09' }],
  ],
  ['nvidia-smi', parseNvidiaSmi, [{ name: 'NVIDIA GB10', memoryMib: null, driver: '580.126.09' }]],
  [
    'ufw allow in on enp1s0f1np1 from 10.0.0.2 comment x >/dev/null; ufw enable >/dev/null; ufw status',
    parseUfw,
    expect.objectContaining({ active: true }),
  ],
  [
    'avahi-browse -p -r -t _ssh._tcp',
    parseAvahi,
    expect.arrayContaining([
      expect.objectContaining({ name: 'spark-b2e7', address: '192.0.2.12', port: 22 }),
    ]),
  ],
];

describe('outputs of a practice machine', () => {
  it.each(shapes)('%s is read by the probe', async (script, parse, value) => {
    const { a } = machines();
    const { out, code } = await sh(a, script);
    expect(code).toBe(0);
    expect(parse(out)).toEqual({ known: true, value });
  });
});
