import { describe, expect, it } from 'vitest';
import { benchRequestSchema, type BenchRequestInput } from '../../../../../src-main/contract/bench-request';
import type { BenchResult } from '../../../../../src-main/contract/benchmark';
import { chooseLinks } from '../../../../../src-main/core/benchmark/links';
import { benchParsers } from '../../../../../src-main/core/benchmark/parse/tools';
import { benchCommand } from '../../../../../src-main/core/benchmark/run/command';
import { toolFor } from '../../../../../src-main/core/benchmark/tools/registry';
import type { NodeReadiness, ToolPlan } from '../../../../../src-main/core/benchmark/tools/tool';
import { nodeFacts, names, pairFacts, usual } from '../pair-facts';

const GIB = 1024 ** 3;
const id = '20261120T172119Z-1a2b3c4d';
const ready: NodeReadiness = { availableBytes: 110 * GIB, listening: new Set(), gids: {} };
const gids = { rocep1s0f1: 3, roceP2p1s0f1: 5 };

interface Given {
  readonly facts?: ReturnType<typeof pairFacts>;
  readonly readiness?: readonly [NodeReadiness, NodeReadiness];
  readonly pilot?: BenchResult;
}

function plan(
  input: BenchRequestInput,
  { facts = pairFacts(), readiness = [ready, ready], pilot }: Given = {},
): ToolPlan {
  const request = benchRequestSchema.parse(input);
  let next = 28_510;
  return toolFor(request).plan({
    id,
    request,
    facts,
    readiness,
    names,
    links: chooseLinks(facts, request.halves, names),
    pilot: pilot ?? null,
    port: () => next++,
  });
}

/** `NODE: COMMAND` in the order in which they are started, without what every command has in front. */
function commands({ connections }: ToolPlan): string[] {
  const before = /^TWINSPARK_BENCH=\S+ exec timeout --foreground -k 2 \d+ /;
  return connections.flatMap(({ server, client }) =>
    [server, client].flatMap((placed) =>
      placed === undefined
        ? []
        : [
            `${placed.node + 1}: ${benchCommand(id, placed.program).text.replace(before, '').replace('stdbuf -oL ', '')}`,
          ],
    ),
  );
}

describe('what each tool runs where', () => {
  it('ping, bound to the interface', () => {
    expect(commands(plan({ tool: 'ping', halves: 'both', count: 3 }))).toEqual([
      '1: ping -4 -n -c 3 -i 0.2 -W 1 -w 7 -I enp1s0f1np1 192.168.100.11',
      '1: ping -4 -n -c 3 -i 0.2 -W 1 -w 7 -I enP2p1s0f1np1 192.168.101.11',
    ]);
    expect(commands(plan({ tool: 'ping', halves: 'a', direction: 'reverse', count: 3 }))).toEqual([
      '2: ping -4 -n -c 3 -i 0.2 -W 1 -w 7 -I enp1s0f1np1 192.168.100.10',
    ]);
  });

  it('iperf3, bound at both ends, a port for each server', () => {
    const both = plan({ tool: 'iperf3', halves: 'both', seconds: 3, streams: 8 });
    expect(commands(both)).toEqual([
      '2: iperf3 -s -1 -B 192.168.100.11 -p 28510 --forceflush',
      '1: iperf3 -c 192.168.100.11 -B 192.168.100.10 -p 28510 -t 3 -P 8 -i 0.5 --connect-timeout 3000 --forceflush',
      '2: iperf3 -s -1 -B 192.168.101.11 -p 28511 --forceflush',
      '1: iperf3 -c 192.168.101.11 -B 192.168.101.10 -p 28511 -t 3 -P 8 -i 0.5 --connect-timeout 3000 --forceflush',
    ]);
    expect(both).toMatchObject({ expectedSeconds: 3, connections: [{ halves: 'a' }, { halves: 'b' }] });
    expect(commands(plan({ tool: 'iperf3', halves: 'a', direction: 'reverse', seconds: 90 }))[1]).toContain(
      ' -t 90 -P 4 -R -i 1 ',
    );
    expect(commands(plan({ tool: 'iperf3', halves: 'a', direction: 'both' }))[1]).toContain(' --bidir ');
  });

  it('perftest with the device and, where it is known, the GID of each side', () => {
    const readiness = [{ ...ready, gids }, ready] as const;
    expect(commands(plan({ tool: 'ib_write_bw', halves: 'both' }, { readiness }))).toEqual([
      '2: ib_write_bw -d rocep1s0f1 -i 1 -p 28510 -F --report_gbits -q 4 -s 1048576 -D 5',
      '1: ib_write_bw -d rocep1s0f1 -i 1 -x 3 -p 28510 -F --report_gbits -q 4 -s 1048576 -D 5 192.168.100.11',
      '2: ib_write_bw -d roceP2p1s0f1 -i 1 -p 28511 -F --report_gbits -q 4 -s 1048576 -D 5',
      '1: ib_write_bw -d roceP2p1s0f1 -i 1 -x 5 -p 28511 -F --report_gbits -q 4 -s 1048576 -D 5 192.168.101.11',
    ]);
    const sweep = plan({ tool: 'ib_write_bw', halves: 'a', sizes: 'all', direction: 'reverse', streams: 1 });
    expect(sweep.expectedSeconds).toBeNull();
    expect(commands(sweep)).toEqual([
      '1: ib_write_bw -d rocep1s0f1 -i 1 -p 28510 -F --report_gbits -q 1 -a',
      '2: ib_write_bw -d rocep1s0f1 -i 1 -p 28510 -F --report_gbits -q 1 -a 192.168.100.10',
    ]);
    expect(commands(plan({ tool: 'ib_write_lat', halves: 'a' }))[1]).toBe(
      '1: ib_write_lat -d rocep1s0f1 -i 1 -p 28510 -F -s 2 -n 10000 192.168.100.11',
    );
    expect(commands(plan({ tool: 'ib_read_lat', halves: 'b', sizes: 'all' }))[1]).toBe(
      '1: ib_read_lat -d roceP2p1s0f1 -i 1 -p 28510 -F -a -n 1000 192.168.101.11',
    );
  });

  it('perftest is refused where an end has no RDMA device', () => {
    const facts: ReturnType<typeof pairFacts> = [nodeFacts(usual(1)), nodeFacts(usual(2), { rdma: null })];
    expect(() => plan({ tool: 'ib_write_bw', halves: 'b' }, { facts })).toThrow(
      expect.objectContaining({
        info: expect.objectContaining({
          code: 'BENCH_NO_LINK',
          params: { half: 'b' },
          node: 'spark-b',
        }) as unknown,
      }),
    );
  });

  describe('ucx_perftest', () => {
    const pilot = (messagesPerSecond: number): BenchResult => {
      const parsed = benchParsers.get('ucx_perftest')!.parse('Waiting for connection...\n');
      if (!parsed.known) throw new Error(parsed.detail);
      return {
        ...parsed.value,
        series: [{ id: 'main', axis: 'size', points: [{ x: 8, messagesPerSecond }] }],
      };
    };

    it('runs a pilot first, then as many messages as fill the time', () => {
      const first = plan({ tool: 'ucx_perftest', halves: 'both' });
      expect(first.pilot).toBe(true);
      expect(commands(first)).toEqual([
        '2: env UCX_LOG_LEVEL=info UCX_NET_DEVICES=rocep1s0f1:1,roceP2p1s0f1:1 UCX_MAX_RMA_RAILS=2 ucx_perftest -p 28510 -t ucp_put_bw -s 1048576 -n 64 -w 4',
        '1: env UCX_LOG_LEVEL=info UCX_NET_DEVICES=rocep1s0f1:1,roceP2p1s0f1:1 UCX_MAX_RMA_RAILS=2 ucx_perftest 192.168.100.11 -p 28510 -t ucp_put_bw -s 1048576 -n 64 -w 4',
      ]);
      const real = plan({ tool: 'ucx_perftest', halves: 'a' }, { pilot: pilot(11_000) });
      expect(real.pilot).toBeUndefined();
      expect(commands(real)[1]).toBe(
        '1: env UCX_LOG_LEVEL=info UCX_NET_DEVICES=rocep1s0f1:1 ucx_perftest 192.168.100.11 -p 28510 -t ucp_put_bw -s 1048576 -n 55000 -w 1000',
      );
      expect(real.connections[0]?.head).toContain(' -t ucp_put_bw -s 1048576 ');
    });

    it('asks one by one for a latency, and many at once for a bandwidth', () => {
      const test = (operation: 'get_bw' | 'get_lat' | 'put_lat', size: number) =>
        / -t (.*)$/.exec(
          commands(plan({ tool: 'ucx_perftest', halves: 'a', operation, size }))[1] ?? '',
        )?.[1];
      expect(test('get_bw', 1024)).toBe('ucp_get -O 32 -s 1024 -n 20000 -w 1000');
      expect(test('get_lat', 8)).toBe('ucp_get -O 1 -s 8 -n 500 -w 25');
      expect(test('put_lat', GIB)).toBe(`ucp_put_lat -s ${GIB} -n 16 -w 1`);
    });

    it('takes interfaces, and so TCP, where an end has no RDMA device', () => {
      const facts: ReturnType<typeof pairFacts> = [nodeFacts(usual(1)), nodeFacts(usual(2), { rdma: null })];
      for (const command of commands(plan({ tool: 'ucx_perftest', halves: 'b' }, { facts })))
        expect(command).toContain(' UCX_NET_DEVICES=enP2p1s0f1np1 ');
    });
  });

  describe('nccl', () => {
    it('runs the largest size that fits the memory of both, by the playbook’s script', () => {
      const [command = ''] = commands(plan({ tool: 'nccl' }));
      expect(command).toContain(
        `env 'OMPI_MCA_orte_launch_agent=env TWINSPARK_BENCH=${id} orted' /bin/sh -c `,
      );
      expect(command).toContain('-b 17179869184 -e 17179869184 -f 2');
      expect(command).toContain('NCCL_IB_HCA=rocep1s0f1,roceP2p1s0f1');
      const small = [ready, { ...ready, availableBytes: 16 * GIB }] as const;
      expect(commands(plan({ tool: 'nccl' }, { readiness: small }))[0]).toContain(
        '-b 4294967296 -e 4294967296',
      );
      const one = commands(
        plan({ tool: 'nccl', halves: 'b', operation: 'all_reduce', fromBytes: 8, toBytes: 1024 }),
      );
      expect(one[0]).toContain('/all_reduce_perf -b 8 -e 1024');
      expect(one[0]).toContain('NCCL_IB_HCA=roceP2p1s0f1 ');
    });

    it('is refused when a size does not fit, naming the node with less', () => {
      const readiness = [ready, { ...ready, availableBytes: 30 * GIB }] as const;
      expect(() => plan({ tool: 'nccl', toBytes: 16 * GIB }, { readiness })).toThrow(
        expect.objectContaining({
          info: expect.objectContaining({ code: 'BENCH_MEMORY', node: 'spark-b' }) as unknown,
        }),
      );
    });

    it('takes longer for a sweep', () => {
      const expected = (fromBytes: number) =>
        plan({ tool: 'nccl', fromBytes, toBytes: GIB }).expectedSeconds ?? 0;
      expect(expected(1024)).toBeGreaterThan(expected(GIB));
    });
  });

  it('says what is needed on which node', () => {
    const needs = (input: BenchRequestInput) => {
      const request = benchRequestSchema.parse(input);
      return toolFor(request)
        .needs(request, pairFacts())
        .map((need) => `${need.node + 1} ${need.program} ${need.package}`);
    };
    expect(needs({ tool: 'ping', halves: 'a', direction: 'reverse' })).toEqual(['2 ping iputils-ping']);
    expect(needs({ tool: 'iperf3', halves: 'a' })).toEqual(['1 iperf3 iperf3', '2 iperf3 iperf3']);
    expect(needs({ tool: 'ib_read_lat', halves: 'a' })).toEqual([
      '1 ib_read_lat perftest',
      '2 ib_read_lat perftest',
    ]);
    expect(needs({ tool: 'ucx_perftest', halves: 'a' })).toContain('2 ucx_perftest ucx-utils');
    expect(needs({ tool: 'nccl' })).toEqual([
      '1 all_gather_perf nccl-tests',
      '2 all_gather_perf nccl-tests',
      '1 mpirun openmpi-bin',
      '2 mpirun openmpi-bin',
    ]);
  });
});
