import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CxPort } from '../../../../../src-main/contract/facts';
import {
  freePorts,
  parsePrepared,
  prepareScript,
  type NodeBefore,
} from '../../../../../src-main/core/benchmark/run/prepare';
import { LocalSession } from '../../probe/local-session';
import { nodeFacts, usual } from '../pair-facts';

const facts = nodeFacts(usual(1));
const ports: readonly CxPort[] = facts.ports.known ? facts.ports.value : [];
const before: NodeBefore = {
  node: 'spark-a',
  needs: [{ node: 0, program: 'sh', package: 'dash' }],
  ports,
  addresses: new Map([
    ['rocep1s0f1', '192.168.100.10'],
    ['roceP2p1s0f1', '192.168.101.10'],
  ]),
};
const first = '/sys/class/infiniband/rocep1s0f1';

describe('what one look shows before a test', () => {
  it('is read from its lines', () => {
    const output = [
      'ended 812 iperf3',
      '/proc/uptime:4711.25 9000.00',
      '/sys/class/net/enp1s0f1np1/statistics/tx_bytes:1000',
      '/sys/class/net/enp1s0f1np1/statistics/rx_bytes:2000',
      '/sys/class/net/enp1s0f0np0/carrier:0',
      `${first}/ports/1/counters/port_xmit_data:25`,
      `${first}/ports/1/counters/port_rcv_data:50`,
      '/proc/meminfo:MemAvailable:   115343360 kB',
      'tcp    0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0',
      'tcp    1: 0B64A8C0:6F5E 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000',
      'tcp    2: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000',
      `${first}/fw_ver:28.45.4028`,
      `${first}/ports/1/state:4: ACTIVE`,
      `${first}/ports/1/gid_attrs/types/1:RoCE v2`,
      `${first}/ports/1/gid_attrs/types/3:RoCE v2`,
      `${first}/ports/1/gids/0:0000:0000:0000:0000:0000:ffff:c0a8:640a`,
      `${first}/ports/1/gids/2:0000:0000:0000:0000:0000:ffff:c0a8:640a`,
      `${first}/ports/1/gids/3:0000:0000:0000:0000:0000:ffff:c0a8:640a`,
      `${first}/ports/1/gids/1:0000:0000:0000:0000:0000:ffff:0a00:0001`,
      '',
    ].join('\n');
    const read = parsePrepared(before, output);
    expect(read).toMatchObject({
      availableBytes: 115_343_360 * 1024,
      listening: new Set([22, 28_510, 8080]),
      // The index of RoCE v2 for the address of the tested link: neither v1's, nor that of another address.
      gids: { rocep1s0f1: 3 },
      firmware: '28.45.4028',
      devices: new Set(['rocep1s0f1']),
      leftovers: { ended: ['iperf3 (812)'], stays: [] },
      counters: { atSeconds: 4711.25, down: ['enp1s0f0np0'] },
    });
    expect(read.counters.links.find(({ netdev }) => netdev === 'enp1s0f1np1')).toMatchObject({
      netBytes: { sent: 1000, received: 2000 },
      rdmaBytes: { sent: 100, received: 200 },
    });
    expect(read.counters.links.find(({ netdev }) => netdev === 'enP2p1s0f1np1')).toMatchObject({
      netBytes: null,
      rdmaBytes: null,
    });
  });

  it('is nothing of what cannot be read, and never wrong of what is damaged', () => {
    for (const output of [
      '',
      'tcp \u0000\n/proc/meminfo:MemAvailable: much\n/sys:x',
      '/proc/uptime:soon\n',
    ]) {
      expect(parsePrepared(before, output)).toMatchObject({
        availableBytes: null,
        listening: new Set(),
        gids: {},
        firmware: null,
        counters: { atSeconds: null, down: [] },
      });
    }
  });

  it.skipIf(!existsSync('/proc/uptime'))(
    'comes from a script that any sh runs, and which looks for the programs',
    async () => {
      const session = new LocalSession();
      // Without the part that ends what this user left: other tests of this machine may be at work.
      const script = (needs: NodeBefore['needs']) =>
        prepareScript({ ...before, needs }).text.replace(/^marked\(\)[^]*?^fi$/m, '');
      const run = async (needs: NodeBefore['needs']) => {
        const { code, stdout, stderr } = await session.exec({ script: script(needs), root: true });
        expect([code, stderr]).toEqual([0, '']);
        return stdout;
      };
      const found = parsePrepared(before, await run(before.needs));
      expect(found.availableBytes).toBeGreaterThan(0);
      expect(found.counters.atSeconds).toBeGreaterThan(0);
      const needs = [{ node: 0, program: "no 'such' tool", package: 'none' }] as const;
      const output = await run(needs);
      expect(() => parsePrepared({ ...before, needs }, output)).toThrow(
        expect.objectContaining({ code: 'BENCH_TOOL_MISSING' }),
      );
    },
  );

  it('gives ports that nobody listens on, each once', () => {
    const next = freePorts(new Set([28_510, 28_512]));
    expect([next(), next(), next()]).toEqual([28_511, 28_513, 28_514]);
  });
});
