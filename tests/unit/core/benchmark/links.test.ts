import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src-main/core/failure';
import { benchLinks, chooseLinks } from '../../../../src-main/core/benchmark/links';
import { unreachableFacts } from '../../../../src-main/core/probe/unreachable';
import { names, nodeFacts, pairFacts, usual } from './pair-facts';

const halves = (facts: Parameters<typeof benchLinks>[0]) =>
  benchLinks(facts).map(({ half, netdev, address }) => [half, ...netdev, ...address]);

function refusal(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('nothing was refused');
}

describe('links of a pair', () => {
  it('are the halves with both ends up and addresses in one subnet, half a first', () => {
    expect(benchLinks(pairFacts())).toEqual([
      {
        half: 'a',
        port: [1, 1],
        netdev: ['enp1s0f1np1', 'enp1s0f1np1'],
        rdma: ['rocep1s0f1', 'rocep1s0f1'],
        address: ['192.168.100.10', '192.168.100.11'],
        mtu: [1500, 1500],
      },
      {
        half: 'b',
        port: [1, 1],
        netdev: ['enP2p1s0f1np1', 'enP2p1s0f1np1'],
        rdma: ['roceP2p1s0f1', 'roceP2p1s0f1'],
        address: ['192.168.101.10', '192.168.101.11'],
        mtu: [1500, 1500],
      },
    ]);
  });

  it('go from any port to any port, but never from one half to the other', () => {
    const other = nodeFacts({ enp1s0f0np0: '192.168.100.11/24', enP2p1s0f0np0: '192.168.101.11/24' });
    expect(halves([nodeFacts(usual(1)), other])).toEqual([
      ['a', 'enp1s0f1np1', 'enp1s0f0np0', '192.168.100.10', '192.168.100.11'],
      ['b', 'enP2p1s0f1np1', 'enP2p1s0f0np0', '192.168.101.10', '192.168.101.11'],
    ]);
    const crossed = nodeFacts({ enp1s0f1np1: '192.168.101.11/24', enP2p1s0f1np1: '192.168.100.11/24' });
    expect(halves([nodeFacts(usual(1)), crossed])).toEqual([]);
  });

  it('are told apart by half and port where all addresses are in one subnet', () => {
    const all = (node: number) =>
      nodeFacts({
        enp1s0f0np0: `192.168.0.${10 * node}/24`,
        enp1s0f1np1: `192.168.0.${10 * node + 1}/24`,
        enP2p1s0f0np0: `192.168.0.${10 * node + 2}/24`,
        enP2p1s0f1np1: `192.168.0.${10 * node + 3}/24`,
      });
    expect(halves([all(1), all(2)])).toEqual([
      ['a', 'enp1s0f0np0', 'enp1s0f0np0', '192.168.0.10', '192.168.0.20'],
      ['b', 'enP2p1s0f0np0', 'enP2p1s0f0np0', '192.168.0.12', '192.168.0.22'],
      ['a', 'enp1s0f1np1', 'enp1s0f1np1', '192.168.0.11', '192.168.0.21'],
      ['b', 'enP2p1s0f1np1', 'enP2p1s0f1np1', '192.168.0.13', '192.168.0.23'],
    ]);
    expect(chooseLinks([all(1), all(2)], 'both', names).map(({ port }) => port)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('are none without facts, in different subnets, or with one address on both nodes', () => {
    const gone = unreachableFacts('NODE_UNREACHABLE');
    expect(benchLinks([gone, nodeFacts(usual(2))])).toEqual([]);
    const elsewhere = nodeFacts({ enp1s0f1np1: '192.168.102.11/24', enP2p1s0f1np1: '192.168.101.11/16' });
    expect(halves([nodeFacts(usual(1)), elsewhere])).toEqual([]);
    expect(halves([nodeFacts(usual(1)), nodeFacts(usual(1))])).toEqual([]);
  });

  it('take the cable that has what is asked for', () => {
    const two = (node: 1 | 2) => nodeFacts({ ...usual(node), enp1s0f0np0: `10.0.0.${node}/30` });
    const facts = [two(1), two(2)] as const;
    expect(chooseLinks(facts, 'both', names).map(({ port }) => port[0])).toEqual([1, 1]);
    expect(chooseLinks(facts, 'a', names).map(({ address }) => address[0])).toEqual(['10.0.0.1']);
  });

  it('say which half is missing, and what is missing on which node', () => {
    const a = { enp1s0f1np1: '192.168.100.10/24' };
    const down = refusal(() => chooseLinks([nodeFacts(a), nodeFacts(usual(2))], 'both', names));
    expect(down.info).toMatchObject({ code: 'BENCH_NO_LINK', params: { half: 'b' } });
    expect(down.info.causes?.map(({ cause }) => cause)).toEqual([
      { code: 'bench.cause.port-down', params: { node: 'spark-a', port: 'enP2p1s0f1np1' } },
    ]);
    const bare = nodeFacts(a, {}, ['enP2p1s0f1np1']);
    const without = refusal(() => chooseLinks([nodeFacts(usual(1)), bare], 'b', names));
    expect(without.info.causes?.map(({ cause }) => cause)).toEqual([
      { code: 'bench.cause.no-address', params: { node: 'spark-b', port: 'enP2p1s0f1np1' } },
    ]);
    const nothing = refusal(() => chooseLinks([nodeFacts({}), nodeFacts({})], 'both', names));
    expect(nothing.info.params).toEqual({ half: 'both' });
    const unread = unreachableFacts('NODE_UNREACHABLE');
    expect(refusal(() => chooseLinks([unread, unread], 'a', names)).info.causes).toBeUndefined();
  });
});
