import { mkdtempSync, writeFileSync, rmSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { benchToolNames } from '../../../../src-main/contract/benchmark';
import { toolParsers } from '../../../../src-main/core/probe/parse-tool';
import { parseTools } from '../../../../src-main/hosts/cli/parse-tools';
import { INPUT_LIMIT, readInput } from '../../../../src-main/hosts/cli/read-input';
import type { Io } from '../../../../src-main/hosts/cli/io';
import { run } from '../../../../src-main/hosts/cli/run';
import { plain } from '../../../../src-main/words/plain';

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));
const bench = (name: string) => path.join(fixtures, 'benchmarks', name);
const sample = (name: string) => path.join(fixtures, 'samples', name);
const scratch = mkdtempSync(path.join(os.tmpdir(), 'twinspark-parse-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function parse(argv: readonly string[], stdin?: Io['stdin'], interrupted = false) {
  const said = { out: '', err: '' };
  const code = await run(['parse', ...argv], {
    io: {
      stdout: { write: (text) => (said.out += text) },
      stderr: { write: (text) => (said.err += text) },
      ...(stdin === undefined ? {} : { stdin }),
      env: { LANG: 'C' },
      cwd: fixtures,
      home: '/home/me',
      localUser: 'me',
      interactive: false,
      asker: () => Promise.reject(new Error('nobody is asked')),
    },
    version: '1.2.3',
    compose: () => Promise.reject(new Error('no node is needed')),
    playbooks: () => Promise.resolve([]),
    process: {
      on: (_name: string, handler: () => void) => {
        if (interrupted) handler();
      },
      off: () => undefined,
    } as unknown as NodeJS.Process,
    leave: () => undefined,
  });
  const objects = said.out.trim() === '' ? [] : said.out.trim().split('\n');
  return { code, ...said, objects: () => objects.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

function* pieces(text: string): Generator<Uint8Array> {
  for (let at = 0; at < text.length; at += 100) yield Buffer.from(text.slice(at, at + 100));
}

async function* piped(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) for (const piece of pieces(text)) yield await Promise.resolve(piece);
}

describe('twinspark parse --json', () => {
  it.each([
    ['ping', bench('ping_cx7_three.txt'), { summary: { packets: { sent: 3, received: 3 } } }],
    [
      'iperf3',
      bench('iperf3_one_stream_loopback.txt'),
      { summary: { bandwidth: { bytesPerSecond: 621_250_000 } } },
    ],
    ['iperf3', bench('iperf3_one_stream_loopback.json'), { parameters: { version: 'iperf 3.12' } }],
    ['ib_write_bw', bench('ib_write_bw_MBsec_units.txt'), { series: [{ points: [{ x: 65_536 }] }] }],
    [
      'ib_write_lat',
      bench('ib_write_lat_1.47us.txt'),
      { series: [{ points: [{ latency: { typicalUs: 1.47 } }] }] },
    ],
    ['ib_read_lat', bench('ib_read_lat_two_bytes.txt'), { parameters: { operation: 'read' } }],
    ['ucx_perftest', bench('ucx_perftest_put_bw_loopback.txt'), { status: 'done' }],
    ['nccl', bench('all_gather_perf_16G_dell_22.96.txt'), { parameters: { ranks: 2 } }],
    ['nixl', bench('nixl_python_read_gpu_dualrail_4.9gbps.txt'), { parameters: { memory: 'VRAM' } }],
    ['nixlbench', bench('nixlbench_dram_single_rail_11.56GBs.txt'), { status: 'done' }],
    ['ibdev2netdev', sample('ibdev2netdev_all_four_up.txt'), {}],
    ['ip', sample('ip_addr_show_static_markup.txt'), {}],
    ['ethtool', sample('ethtool_speed_200000_good.txt'), [{ speedMbps: 200_000 }, { speedMbps: 200_000 }]],
    ['ibv_devinfo', sample('ibv_devinfo_four_active_mtu1024.txt'), {}],
    [
      'rdma',
      sample('rdma_link_port0_up.txt'),
      [{ rdma: 'rocep1s0f0', port: 1, state: 'ACTIVE', netdev: 'enp1s0f0np0' }, {}, {}, {}],
    ],
    ['dgx-release', sample('dgx-release_7.5.0.txt'), { version: '7.5.0' }],
    ['nvidia-smi', sample('nvidia-smi_gb10_580.126.09.txt'), [{ driver: '580.126.09' }]],
    ['lspci', sample('lspci_lnksta_x4_good.txt'), { current: { width: 4 } }],
  ])('%s: one object, exit 0', async (tool, file, value) => {
    const { code, objects, err } = await parse([tool, file, '--json']);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(objects()).toHaveLength(1);
    const [object] = objects();
    expect(object).toMatchObject({ type: 'result', command: 'parse', tool, exitCode: 0 });
    expect(object!['value']).toMatchObject(value);
  });

  it('judges, with the advice in words', async () => {
    const { objects } = await parse(['nccl', bench('nccl_tcp_fallback_composed.txt'), '--json']);
    expect(objects()[0]).toMatchObject({
      verdict: { level: 'bad', causes: [{ cause: { code: 'bench.cause.tcp-fallback' } }] },
      advice: [{ cause: 'NCCL went over TCP sockets instead of RDMA.' }],
    });
  });

  it('reads standard input, in pieces and with the mark of Windows', async () => {
    const text = 'rocep1s0f1 port 1 ==> enp1s0f1np1 (Up)\n';
    for (const argv of [
      ['ibdev2netdev', '--json'],
      ['ibdev2netdev', '-', '--json'],
    ]) {
      expect((await parse(argv, () => piped(text))).objects()[0]).toMatchObject({ exitCode: 0 });
    }
    const file = path.join(scratch, 'utf16.txt');
    writeFileSync(file, Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect((await parse(['ibdev2netdev', file, '--json'])).code).toBe(0);
  });

  it.each([
    [['cat'], 2, 'USAGE'],
    [['ping', '/nowhere/at/all'], 2, 'INPUT_UNREADABLE'],
    [['ping', fixtures], 2, 'INPUT_UNREADABLE'],
    [['ping', '-'], 2, 'INPUT_UNREADABLE'],
    [['ping', bench('ib_write_lat_1.47us.txt')], 1, 'NOT_UNDERSTOOD'],
    [['ethtool', bench('ib_write_lat_1.47us.txt')], 1, 'NOT_UNDERSTOOD'],
    [['nixlbench', bench('nixlbench_help_head40.txt')], 1, 'NOT_UNDERSTOOD'],
    [['ib_write_bw', bench('perftest_connect_error.txt')], 1, 'NOT_UNDERSTOOD'],
  ])('%j ends with %i and the cause', async (argv, exit, failure) => {
    const { code, objects, err } = await parse([...argv, '--json']);
    expect(code).toBe(exit);
    expect(objects()).toHaveLength(1);
    expect(objects()[0]).toMatchObject({ type: 'result', exitCode: exit, failure: { code: failure } });
    expect(err).not.toMatch(/failure\.|INTERNAL/);
  });

  it('hands on what the tool said of its failure', async () => {
    const { objects, err } = await parse(['iperf3', bench('iperf3_refused.txt'), '--json']);
    expect(objects()[0]).toMatchObject({
      failure: {
        params: { reason: 'tool-failed' },
        evidence: 'unable to connect to server: Connection refused',
      },
    });
    expect(err).toContain('Connection refused');
  });

  it('stops at Ctrl-C while standard input is silent', async () => {
    const silent = async function* (): AsyncGenerator<Uint8Array> {
      await new Promise(() => undefined);
      yield new Uint8Array();
    };
    expect((await parse(['ping'], silent, true)).code).toBe(130);
  });

  it('reads no more than its bound', async () => {
    let given = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      const piece = new Uint8Array(8 * 1024 * 1024);
      for (;;) {
        given += piece.byteLength;
        yield await Promise.resolve(piece);
      }
    };
    await expect(readInput('-', endless(), new AbortController().signal)).rejects.toMatchObject({
      info: { code: 'INPUT_UNREADABLE', params: { reason: 'too-large' } },
    });
    expect(given).toBeLessThanOrEqual(INPUT_LIMIT + 8 * 1024 * 1024);
  });
});

describe('twinspark parse for people', () => {
  it('shows the figures, the verdict and what helps', async () => {
    const { out, code } = await parse(['nccl', bench('nccl_tcp_fallback_composed.txt')]);
    expect(code).toBe(0);
    expect(out).toMatch(/17179869184 +5\.99 GB\/s +3 GB\/s/);
    expect(out).toMatch(/Bad {2}3\.0 GB\/s|Bad {2}3 GB\/s/);
    expect(out).toContain('NCCL went over TCP sockets');
    expect(out).not.toMatch(/bench\.|undefined|\?/);
  });

  it.each([
    ['rdma', sample('rdma_link_port0_up.txt'), /rocep1s0f1 +1 +DOWN/],
    ['dgx-release', sample('dgx-release_7.5.0.txt'), /version +7\.5\.0/],
    ['ip', sample('ip_addr_show_static_markup.txt'), /enp1s0f/],
    ['iperf3', bench('iperf3_four_streams_loopback.txt'), /1\.81 Gbits\/sec/],
    ['ping', bench('ping_quiet_loss.txt'), /3 of 4 packets/],
  ])('%s as a table', async (tool, file, expected) => {
    const { out, code } = await parse([tool, file]);
    expect(code).toBe(0);
    expect(out).toMatch(expected);
    for (const line of out.split('\n')) expect(plain(line)).toBe(line);
  });

  it('speaks Korean', async () => {
    const { out } = await parse(['nccl', bench('nccl_tcp_fallback_composed.txt'), '--lang', 'ko']);
    expect(out).toContain('NCCL이 RDMA 대신 TCP 소켓을 썼습니다.');
  });
});

it('offers only tools that have a parser, and every benchmark', () => {
  const known = new Set<string>([...benchToolNames, ...Object.keys(toolParsers)]);
  expect(parseTools.filter((name) => !known.has(name))).toEqual([]);
  expect(benchToolNames.filter((name) => !parseTools.includes(name))).toEqual([]);
});
