import { describe, expect, it } from 'vitest';
import { benchVerdictSchema, type BenchResult } from '../../../../../src-main/contract/benchmark';
import { combine } from '../../../../../src-main/core/benchmark/combine';
import type { JudgeContext } from '../../../../../src-main/core/benchmark/verdict/context';
import { healthyBand, judge } from '../../../../../src-main/core/benchmark/verdict/judge';
import { causes, table } from '../../../../../src-main/core/benchmark/verdict/table';
import en from '../../../../../resources/locales/en.json';
import ko from '../../../../../resources/locales/ko.json';
import { read } from '../benchmarks';
import { GIB, causesOf, gather, latency, nixl, tcp, ucx, write } from './results';

describe('figures that healthy pairs print are healthy, the bounds of the table included', () => {
  it.each<[string, BenchResult, JudgeContext]>([
    ...[92, 92.57, 97.28, 98, 111, 111.61].map((rate): [string, BenchResult, JudgeContext] => [
      `ib_write_bw ${rate}`,
      write(rate),
      { halves: 1 },
    ]),
    ...[185, 189.85, 198].map((rate): [string, BenchResult, JudgeContext] => [
      `both halves ${rate}`,
      write(rate, ['rocep1s0f1', 'roceP2p1s0f1']),
      { halves: 2 },
    ]),
    ...[1.4, 1.47, 1.9].map((us): [string, BenchResult, JudgeContext] => [`latency ${us}`, latency(us), {}]),
    ...[34, 35].map((rate): [string, BenchResult, JudgeContext] => [`iperf3 ${rate}`, tcp(rate, 1), {}]),
    ...[93, 96, 111].map((rate): [string, BenchResult, JudgeContext] => [
      `iperf3 streams ${rate}`,
      tcp(rate, 4),
      { halves: 1 },
    ]),
    ...[160, 198].map((rate): [string, BenchResult, JudgeContext] => [
      `iperf3 both ${rate}`,
      tcp(rate, 16),
      { halves: 2 },
    ]),
    ...[21.875, 21.9, 24.2].map((rate): [string, BenchResult, JudgeContext] => [
      `all_gather 16 GiB ${rate}`,
      gather(16 * GIB, rate),
      { halves: 2 },
    ]),
    ...[68, 70].map((rate): [string, BenchResult, JudgeContext] => [
      `iperf3 both, one stream each ${rate}`,
      tcp(rate, 2),
      { halves: 2 },
    ]),
    ...[12, 12.8, 13.5].map((rate): [string, BenchResult, JudgeContext] => [
      `all_gather over the one half that was meant ${rate}`,
      gather(16 * GIB, rate, { devices: ['rocep1s0f1'] }),
      { halves: 1 },
    ]),
    ['all_gather 512 MiB', gather(GIB / 2, 18.4), { halves: 2 }],
    ['all_gather 1 GiB', gather(GIB, 19.8), { halves: 2 }],
    ['all_gather 4 GiB', gather(4 * GIB, 22.5), { halves: 2 }],
    ['NIXL DRAM', nixl(11.5, 'DRAM'), {}],
    ['NIXL VRAM low', nixl(0.26, 'VRAM'), {}],
    ['NIXL VRAM high', nixl(0.6, 'VRAM'), {}],
  ])('%s', (_name, one, context) => {
    const verdict = judge(one, context);
    expect(verdict).toMatchObject({ level: 'healthy', causes: [] });
    expect(benchVerdictSchema.parse(verdict)).toEqual(verdict);
  });

  it.each([
    ['ib_write_bw_infinite_half0_rocep1s0f0_92.57.txt', 92.568],
    ['ib_write_bw_infinite_half1_roceP2p1s0f0_97.28.txt', 97.282],
    ['ib_write_bw_MBsec_units.txt', 92.546],
    ['ib_write_bw_1MiB_q4_99.61_tabs.txt', 99.61],
    ['ib_write_bw_rdmacm_q4_111.61.txt', 111.61],
    ['ib_write_lat_1.47us.txt', 1.47],
    ['all_gather_perf_16G_dell_22.96.txt', 22.96],
    ['all_gather_perf_512M-16G_avg_22.12.txt', 23.97],
    ['nixlbench_dram_single_rail_11.56GBs.txt', 11.563],
    ['nixlbench_vram_dual_0.57GBs.txt', 0.434],
    ['nixl_python_read_gpu_dualrail_4.9gbps.txt', 0.613],
  ])('%s', (name, value) => {
    expect(judge(read(name))).toMatchObject({ level: 'healthy', measured: { value }, causes: [] });
  });

  it('adds two halves measured at once', () => {
    const sum = combine(
      read('ib_write_bw_infinite_half0_rocep1s0f0_92.57.txt'),
      read('ib_write_bw_infinite_half1_roceP2p1s0f0_97.28.txt'),
    )!;
    expect(judge(sum)).toMatchObject({
      level: 'healthy',
      row: 'ib_write_bw-both',
      measured: { value: 189.85 },
    });
    expect(combine(write(92), tcp(90, 4))).toBeNull();
  });

  it('a ping that loses nothing, however long it took', () => {
    expect(judge(read('ping_cx7_three.txt'))).toMatchObject({ level: 'healthy', measured: null, row: null });
  });
});

describe('every row of the table', () => {
  const of: Record<string, (value: number) => [BenchResult, JudgeContext]> = {
    'ib_write_bw-both': (value) => [write(value, ['rocep1s0f1', 'roceP2p1s0f1']), { halves: 2 }],
    'ib_write_bw-half': (value) => [write(value), { halves: 1 }],
    ib_write_lat: (value) => [latency(value), {}],
    'iperf3-both': (value) => [tcp(value, 8), { halves: 2 }],
    'iperf3-both-one-stream': (value) => [tcp(value, 2), { halves: 2 }],
    'iperf3-one-stream': (value) => [tcp(value, 1), {}],
    'iperf3-streams': (value) => [tcp(value, 8), { halves: 1 }],
    'all_gather-half': (value) => [gather(16 * GIB, value), { halves: 1 }],
    'all_gather-16G': (value) => [gather(16 * GIB, value), { halves: 2 }],
    'all_gather-4G': (value) => [gather(4 * GIB, value), { halves: 2 }],
    'all_gather-1G': (value) => [gather(GIB, value), { halves: 2 }],
    'all_gather-512M': (value) => [gather(GIB / 2, value), { halves: 2 }],
    'nixl-vram': (value) => [nixl(value, 'VRAM'), {}],
    'nixl-both': (value) => [nixl(value, 'DRAM', ['all']), {}],
    'nixl-dram': (value) => [nixl(value, 'DRAM'), {}],
    'ucx-bandwidth': (value) => [ucx(value, { devices: ['rocep1s0f1'] }), { halves: 1 }],
  };

  it.each(table)('$id: applied, suspicious past its bound, bad past the other', (row) => {
    const judged = (value: number) => judge(...of[row.id]!(value));
    const past = (bound: number, by: number) => bound * (row.metric === 'latency' ? 1 + by : 1 - by);
    if (row.suspicious !== null) {
      const at = judged(past(row.suspicious, -0.01));
      expect(at.row).toBe(row.id);
      expect(at.level).toBe(row.healthy === null ? 'unknown' : 'healthy');
      const beyond = judged(past(row.suspicious, 0.01));
      expect(beyond.level).toBe('suspicious');
      expect(beyond.causes.length).toBeGreaterThan(0);
    }
    if (row.bad !== null) expect(judged(past(row.bad, 0.01)).level).toBe('bad');
    if (row.healthy !== null) {
      const [one, context] = of[row.id]!(row.healthy[0]);
      expect(healthyBand(one, context.halves)).toEqual({
        from: row.healthy[0],
        to: row.healthy[1],
        unit: row.unit,
      });
    }
  });

  it('has a test, and its causes have words in both languages', () => {
    expect(table.map(({ id }) => id).sort()).toEqual(Object.keys(of).sort());
    for (const cause of causes) {
      for (const kind of ['cause', 'remedy']) {
        expect(en).toHaveProperty([`bench.${kind}.${cause}`]);
        expect(ko).toHaveProperty([`bench.${kind}.${cause}`]);
      }
    }
  });
});

describe('what is not judged', () => {
  it('a run on other hardware, small messages, both ways at once, tools without figures', () => {
    expect(judge(read('deepops_nccl_allreduce_old_format_dgxa100.txt')).level).toBe('unknown');
    expect(judge(gather(16 * GIB, 180, { ranks: 8 })).level).toBe('unknown');
    const small = write(13);
    small.series[0]!.points[0]!.x = 512;
    expect(judge(small, { halves: 1 })).toMatchObject({ level: 'unknown', causes: [] });
    expect(judge({ ...write(150), parameters: { ...write(150).parameters, direction: 'both' } }).level).toBe(
      'unknown',
    );
    expect(judge(read('ib_read_lat_two_bytes.txt'))).toMatchObject({ level: 'unknown', row: null });
    expect(judge(read('ib_write_bw_server_waiting.txt'))).toMatchObject({ level: 'unknown', measured: null });
    expect(judge(write(400), { halves: 2 })).toMatchObject({ level: 'unknown' });
  });

  it('a sweep by its average', () => {
    const sweep = read('all_gather_perf_512M-16G_avg_22.12.txt');
    expect(judge(sweep)).toMatchObject({ sizeBytes: 16 * GIB, notes: [{ code: 'bench.note.sweep' }] });
    const cut = read('all_gather_perf_16G_before_mtu_18.94_cut.txt');
    expect(judge(cut)).toMatchObject({ level: 'suspicious', measured: { value: 19.945, unit: 'GB/s' } });
    expect(causesOf(cut)).toContain('small-mtu');
  });
});
