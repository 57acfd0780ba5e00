import { describe, expect, it } from 'vitest';
import { output, parserOf, printed, read, readText } from './benchmarks';

const KIB = 1024;
const GIB = 1024 ** 3;

describe('perftest', () => {
  it('reads MB/sec as MiB/s, to the byte', () => {
    const result = read('ib_write_bw_MBsec_units.txt');
    const [point] = result.series[0]!.points;
    expect(point).toEqual({
      x: 64 * KIB,
      iterations: 5000,
      bandwidth: { bytesPerSecond: 11_568_246_948, printed: { value: 11032.34, unit: 'MB/sec' } },
      peakBandwidth: { bytesPerSecond: 11_568_561_521, printed: { value: 11032.64, unit: 'MB/sec' } },
      messagesPerSecond: 176_518,
    });
    expect((point!.bandwidth!.bytesPerSecond * 8) / 1e9).toBeCloseTo(92.55, 2);
    expect(result).toMatchObject({
      status: 'done',
      parameters: { operation: 'write', streams: 1, mtu: 1024, devices: ['rocep1s0f0'], transport: 'rdma' },
    });
  });

  it('reads Gb/sec between tabs, with a peak that was not measured', () => {
    const result = read('ib_write_bw_1MiB_q4_99.61_tabs.txt');
    expect(result.series[0]!.points).toEqual([
      {
        x: 1_048_576,
        iterations: 71_244,
        bandwidth: { bytesPerSecond: 12_451_250_000, printed: { value: 99.61, unit: 'Gb/sec' } },
        messagesPerSecond: 11_874,
      },
    ]);
    expect(result.parameters).toMatchObject({ streams: 4, mtu: 4096, devices: ['roceP2p1s0f1'] });
  });

  it('reads each row of an endless run', () => {
    const first = read('ib_write_bw_infinite_half0_rocep1s0f0_92.57.txt');
    expect(printed(first)?.map(([, value]) => value)).toEqual([92.57, 92.57, 92.57, 92.56, 92.57]);
    const second = read('ib_write_bw_infinite_half1_roceP2p1s0f0_97.28.txt');
    expect(printed(second)?.map(([, value]) => value)).toEqual([97.28, 97.28, 97.28, 97.28, 97.29, 97.28]);
    expect(second).toMatchObject({ status: 'running', warnings: [{ code: 'bench.warning.truncated' }] });
  });

  it('reads a run over rdma_cm', () => {
    expect(printed(read('ib_write_bw_rdmacm_q4_111.61.txt'))).toEqual([[64 * KIB, 111.61]]);
  });

  it('reads latencies with their percentiles', () => {
    expect(read('ib_write_lat_1.47us.txt').series[0]!.points).toEqual([
      {
        x: 2,
        iterations: 1000,
        latency: {
          minUs: 1.42,
          maxUs: 1.93,
          typicalUs: 1.47,
          averageUs: 1.47,
          stdevUs: 0,
          percentiles: [
            { rank: 99, us: 1.57 },
            { rank: 99.9, us: 1.93 },
          ],
        },
      },
    ]);
    expect(read('ib_read_lat_two_bytes.txt')).toMatchObject({
      parameters: { operation: 'read' },
      series: [{ points: [{ latency: { typicalUs: 5.49, averageUs: 5.5 } }] }],
    });
  });

  it('tells a server that waits, and a client that found none', () => {
    expect(read('ib_write_bw_server_waiting.txt')).toMatchObject({ status: 'waiting', series: [] });
    expect(read('perftest_connect_error.txt')).toMatchObject({
      status: 'failed',
      error: 'Unable to init the socket connection',
      series: [],
    });
  });

  it("does not read another shape's table", () => {
    expect(parserOf('ib_write_lat').parse(output('ib_read_lat_two_bytes.txt')).known).toBe(true);
    const wrong = readText(output('ib_write_bw_MBsec_units.txt'), 'ib_write_lat');
    expect(wrong.series).toEqual([]);
  });
});

describe('nccl', () => {
  it('reads a sweep, in and out of place', () => {
    const result = read('all_gather_perf_512M-16G_avg_22.12.txt');
    const sizes = [0.5, 1, 2, 4, 8, 16].map((size) => size * GIB);
    const bus = (id: string) => printed(result, id, 'busBandwidth');
    expect(bus('out-of-place')).toEqual(
      [18.39, 19.93, 21.8, 22.93, 23.43, 23.74].map((value, at) => [sizes[at], value]),
    );
    expect(bus('in-place')).toEqual(
      [19.48, 21, 22.95, 23.62, 23.97, 24.2].map((value, at) => [sizes[at], value]),
    );
    expect(printed(result, 'in-place')?.at(-1)).toEqual([16 * GIB, 48.4]);
    expect(result).toMatchObject({
      status: 'done',
      parameters: { operation: 'all_gather', ranks: 2, version: '2.19.6' },
      summary: { averageBusBandwidth: { bytesPerSecond: 22_120_500_000 }, wrong: 0 },
      warnings: [],
    });
    expect(result.series[0]!.points[0]).toMatchObject({ latency: { averageUs: 14594.4 }, wrong: 0 });
  });

  it('reads one size, and an end that is cut', () => {
    expect(printed(read('all_gather_perf_16G_dell_22.96.txt'), 'out-of-place', 'busBandwidth')).toEqual([
      [16 * GIB, 22.94],
    ]);
    const cut = read('all_gather_perf_16G_before_mtu_18.94_cut.txt');
    expect(printed(cut, 'out-of-place', 'busBandwidth')).toEqual([[16 * GIB, 18.94]]);
    expect(printed(cut, 'in-place', 'busBandwidth')).toEqual([[16 * GIB, 20.95]]);
    expect(cut).toMatchObject({ status: 'running', warnings: [{ code: 'bench.warning.truncated' }] });
    expect(cut.summary.averageBusBandwidth).toBeUndefined();
  });

  it('reads the old columns, without a root and with an error', () => {
    const result = read('deepops_nccl_allreduce_old_format_dgxa100.txt');
    expect(printed(result, 'out-of-place', 'busBandwidth')).toHaveLength(13);
    expect(printed(result, 'out-of-place', 'busBandwidth')?.[0]).toEqual([1_048_576, 15.02]);
    expect(printed(result, 'in-place', 'busBandwidth')?.at(-1)).toEqual([4 * GIB, 191.56]);
    expect(result.summary.averageBusBandwidth?.printed).toEqual({ value: 113.289, unit: 'GB/s' });
  });

  it('reads a table with only one half', () => {
    const text = [
      '#       size         count    type   redop     time   algbw   busbw  #wrong',
      '     1048576        262144   float     sum   165.33    6.34    6.34       0',
      '   134217728      33554432   float     sum  18927.2    7.09    7.09       N/A',
      '# Avg bus bandwidth    : 2.97489',
      '',
    ].join('\n');
    const result = readText(text, 'nccl');
    expect(printed(result, 'out-of-place')).toEqual([
      [1_048_576, 6.34],
      [134_217_728, 7.09],
    ]);
    expect(result.series).toHaveLength(1);
    expect(result.series[0]!.points[1]).not.toHaveProperty('wrong');
  });

  it('reads RESULT lines', () => {
    const result = read('glimmer_nccl_pair_allreduce_single_hca.txt');
    expect(printed(result, 'main', 'busBandwidth')).toEqual([
      [8, 0.0002],
      [1_048_576, 4.5889],
      [8_388_608, 10.4844],
      [67_108_864, 11.7735],
      [268_435_456, 11.9838],
    ]);
    expect(result).toMatchObject({ status: 'done', parameters: { ranks: 2 }, summary: { wrong: 0 } });
  });

  it('tells from the log which way the data go', () => {
    expect(read('nccl_info_net_ib_lines.txt').parameters).toMatchObject({ transport: 'rdma' });
    expect(read('nccl_tcp_fallback_composed.txt').parameters).toMatchObject({
      transport: 'tcp',
      devices: ['enP7s7'],
    });
  });
});
