import { describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../../../src-main/contract/benchmark';
import { names, output, parserOf, printed, read, readable, readText, toolOf } from './benchmarks';

describe('iperf3', () => {
  it.each(['iperf3_one_stream_loopback.txt', 'iperf3_reverse_mbits_loopback.txt'])('reads %s', (name) => {
    const result = read(name);
    const reverse = name.includes('reverse');
    expect(result.parameters).toMatchObject({ streams: 1, direction: reverse ? 'reverse' : 'forward' });
    expect(result).toMatchObject({ status: 'done', warnings: [], parameters: { peer: '127.0.0.1' } });
    expect(printed(result)).toEqual(
      reverse
        ? [
            [1, 3976],
            [2.01, 2531],
          ]
        : [
            [1, 5.91],
            [2, 4.08],
          ],
    );
    expect(result.summary).toMatchObject(
      reverse
        ? { bandwidth: { bytesPerSecond: 406_250_000 }, retransmits: 54 }
        : {
            bandwidth: { bytesPerSecond: 621_250_000 },
            sentBandwidth: { bytesPerSecond: 625_000_000 },
            retransmits: 25,
          },
    );
  });

  it('reads four streams and their sum', () => {
    const result = read('iperf3_four_streams_loopback.txt');
    expect(result.series.map(({ id }) => id)).toEqual([
      'stream 5',
      'stream 7',
      'stream 9',
      'stream 12',
      'main',
    ]);
    expect(printed(result)).toEqual([
      [1.03, 813],
      [2.05, 1.81],
    ]);
    expect(result.summary).toMatchObject({ bandwidth: { printed: { value: 1.25 } }, retransmits: 21 });
  });

  it('keeps both directions apart', () => {
    const result = read('iperf3_bidir_loopback.txt');
    expect(result.parameters).toMatchObject({ direction: 'both', streams: 2 });
    expect(printed(result)).toEqual([
      [1, 2.98],
      [2.02, 1.64],
    ]);
    expect(printed(result, 'main reverse')).toEqual([
      [1, 797],
      [2.02, 459],
    ]);
    expect(result.summary).toMatchObject({
      bandwidth: { printed: { value: 2.29, unit: 'Gbits/sec' } },
      reverseBandwidth: { printed: { value: 623, unit: 'Mbits/sec' } },
    });
  });

  it('reads UDP and the side of the server', () => {
    expect(read('iperf3_udp_loopback.txt')).toMatchObject({
      parameters: { transport: 'udp' },
      summary: { bandwidth: { printed: { value: 351, unit: 'Mbits/sec' } } },
    });
    const server = read('iperf3_server.txt');
    expect(printed(server)).toEqual([
      [1, 5.87],
      [2, 4.07],
    ]);
    expect(server).toMatchObject({ status: 'done', warnings: [{ code: 'bench.warning.several' }] });
  });

  it('reads JSON, one document or an event a line, also without line breaks', () => {
    const text = output('iperf3_four_streams_loopback.json');
    const result = readText(text, 'iperf3');
    expect(result).toMatchObject({
      status: 'done',
      parameters: { streams: 4, transport: 'tcp', direction: 'forward' },
      summary: { bandwidth: { bytesPerSecond: 254_960_361 }, retransmits: 22 },
    });
    expect(readText(JSON.stringify(JSON.parse(text)), 'iperf3')).toEqual(result);
    const { start, intervals, end } = JSON.parse(text) as Record<string, unknown[]>;
    const events = [
      { event: 'start', data: start },
      ...intervals!.map((data) => ({ event: 'interval', data })),
      { event: 'end', data: end },
    ];
    expect(readText(`${events.map((one) => JSON.stringify(one)).join('\n')}\n`, 'iperf3')).toEqual(result);
    const both = read('iperf3_bidir_loopback.json');
    expect(both.summary).toMatchObject({
      bandwidth: { bytesPerSecond: 71_146_736 },
      reverseBandwidth: { bytesPerSecond: 112_986_239 },
    });
  });

  it('reads why there was nothing to measure, and how people quote a run', () => {
    for (const name of ['iperf3_refused.txt', 'iperf3_refused.json']) {
      expect(read(name)).toMatchObject({
        status: 'failed',
        error: 'unable to connect to server: Connection refused',
        series: [],
      });
    }
    expect(read('iperf3_bad_case_numbers.txt').summary).toMatchObject({
      bandwidth: { printed: { value: 19.3, unit: 'Gbits/sec' } },
      retransmits: 6405,
    });
  });
});

describe('ucx_perftest', () => {
  it('reads its MB/s as MiB/s: message rate times size', () => {
    const result = read('ucx_perftest_put_bw_loopback.txt');
    expect(result.summary.bandwidth).toEqual({
      bytesPerSecond: 47_720_694,
      printed: { value: 45.51, unit: 'MB/s' },
    });
    const [final] = result.series.find(({ id }) => id === 'main')!.points;
    expect(final).toMatchObject({ iterations: 20_000, messagesPerSecond: 728 });
    expect(Math.abs(728 * 65_536 - 47_720_694)).toBeLessThan(65_536);
    // Overhead is no latency.
    expect(final).not.toHaveProperty('latency');
    expect(printed(result, 'progress')?.slice(0, 2)).toEqual([
      [1, 34.25],
      [2, 48.01],
    ]);
  });

  it('reads latencies, whatever the percentile', () => {
    expect(read('ucx_perftest_get_loopback.txt').summary.latency).toEqual({
      averageUs: 10_283.693,
      typicalUs: 3883.36,
    });
    expect(read('ucx_perftest_final_only_loopback.txt').summary.latency).toEqual({
      averageUs: 197.469,
      typicalUs: 3.741,
    });
    expect(read('ucx_perftest_csv_loopback.txt').summary.latency).toEqual({
      averageUs: 1576.75,
      typicalUs: 3.797,
    });
    expect(read('ucx_perftest_tag_bw_percentiles_loopback.txt').summary).toMatchObject({
      bandwidth: { printed: { value: 96.45 } },
    });
  });

  it('tells an unfinished run, the way it took, its size and operation from the command', () => {
    expect(read('ucx_perftest_put_lat_loopback.txt')).toMatchObject({ status: 'running' });
    expect(read('ucx_perftest_put_bw_roce_gpu.txt').parameters).toMatchObject({
      operation: 'ucp_put_bw',
      transport: 'rdma',
      devices: ['mlx5_0'],
    });
    const grouped = output('ucx_perftest_thousands_loopback.txt')
      .replaceAll('2284', '1,002,284')
      .replace('141.05     141.05', '17,987.77   17,987.77');
    expect(printed(readText(grouped, 'ucx_perftest'), 'progress')).toEqual([[1, 17_987.77]]);
    const older =
      '[1795197388.648261] [spark-5c2d:5273 :0]  ucp_worker.c:1763 UCX  INFO    ep_cfg[0]: rma_am(tcp/enP2p1s0f1np1)\n';
    expect(readText(older, 'ucx_perftest').parameters).toMatchObject({
      transport: 'tcp',
      devices: ['enP2p1s0f1np1'],
    });
    expect(read('ucx_perftest_refused.txt')).toMatchObject({ status: 'failed' });
    expect(read('ucx_perftest_server.txt')).toMatchObject({ parameters: { operation: 'put bandwidth' } });
  });
});

describe('nixl and nixlbench', () => {
  it('reads the table by its headings', () => {
    const result = read('nixlbench_dram_single_rail_11.56GBs.txt');
    expect(result.series[0]!.points).toHaveLength(11);
    expect(result.series[0]!.points[0]).toEqual({
      x: 65_536,
      batch: 1,
      bandwidth: { bytesPerSecond: 6_804_727_000, printed: { value: 6.804727, unit: 'GB/Sec' } },
      latency: { averageUs: 9.6, percentiles: [{ rank: 99, us: 10 }] },
    });
    expect(printed(result)?.at(-1)).toEqual([67_108_864, 11.56331]);
    expect(result).toMatchObject({
      status: 'done',
      parameters: { operation: 'write', memory: 'DRAM', devices: ['rocep1s0f0'], backend: 'UCX', streams: 1 },
    });
    expect(printed(read('nixlbench_dram_dual_13.17GBs_same_pcie_half.txt'))?.at(-1)?.[1]).toBe(13.17373);
    expect(printed(read('nixlbench_vram_dual_0.57GBs.txt'))?.map(([, value]) => value)).toContain(0.574341);
    const old = read('nixlbench_legacy_columns.txt').series[0]!.points;
    expect(old[0]).toMatchObject({
      latency: { averageUs: 21.1726 },
      bandwidth: { printed: { value: 0.193457 } },
    });
    expect(parserOf('nixlbench').parse(output('nixlbench_help_head40.txt'))).toMatchObject({ known: false });
  });

  it("reads what programs over NIXL's Python API say", () => {
    expect(read('nixl_python_read_gpu_dualrail_4.9gbps.txt')).toMatchObject({
      status: 'done',
      parameters: { operation: 'read', memory: 'VRAM', backend: 'UCX', peer: '192.168.100.10' },
      series: [
        {
          points: [
            {
              x: 1_073_700_000,
              bandwidth: { bytesPerSecond: 612_500_000, printed: { value: 4.9, unit: 'Gbps' } },
              latency: { averageUs: 1_761_090 },
            },
          ],
        },
      ],
    });
    expect(read('nixl_import_ok.txt').parameters.backend).toBe('UCX');
    expect(read('nixl_agent_init_gpu.txt')).toMatchObject({ status: 'done', series: [] });
  });
});

describe('ping', () => {
  it('reads round trips as microseconds, and losses', () => {
    const result = read('ping_cx7_three.txt');
    expect(result.series[0]!.points.map(({ x, latency }) => [x, latency?.averageUs])).toEqual([
      [1, 565],
      [2, 444],
      [3, 886],
    ]);
    expect(result.summary).toEqual({
      packets: { sent: 3, received: 3 },
      latency: { minUs: 444, averageUs: 631, maxUs: 886, stdevUs: 186 },
    });
    expect(read('ping_quiet_loss.txt').summary.packets).toEqual({ sent: 4, received: 3 });
    expect(read('ping_quiet_loss.txt').series[0]!.points.map(({ x }) => x)).toEqual([1, 3, 4]);
    expect(read('ping_unreachable.txt')).toMatchObject({
      status: 'done',
      series: [],
      summary: { packets: { sent: 2, received: 0 } },
    });
    expect(readText('ping: spark.local: Name or service not known\n', 'ping')).toMatchObject({
      status: 'failed',
    });
  });
});

it.each(readable)('%s has the shape of the contract', (name) => {
  const result = read(name);
  expect(benchResultSchema.parse(result)).toEqual(result);
  expect(toolOf(name)).toBe(result.tool);
});

it('says where every fixture comes from', () => {
  for (const name of names) expect(output(name.replace(/\.\w+$/, '.src')).length, name).toBeGreaterThan(20);
});
