import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { environmentPrograms } from '../../../../src-main/contract/report';
import {
  pairEnvironment,
  variables,
  type EnvironmentLink,
} from '../../../../src-main/core/benchmark/environment';
import { environmentText } from '../../../../src-main/core/benchmark/environment-text';
import { Failure } from '../../../../src-main/core/failure';
import { address, facts } from '../playbooks/connect-two-sparks/builders';

const names = ['spark-5c2d', 'spark-bd26'] as const;

function link(half: 'a' | 'b', ports: readonly [0 | 1, 0 | 1] = [1, 1]): EnvironmentLink {
  const domain = half === 'a' ? 'p1' : 'P2p1';
  const subnet = half === 'a' ? 100 : 101;
  return {
    half,
    port: ports,
    netdev: [`en${domain}s0f${ports[0]}np${ports[0]}`, `en${domain}s0f${ports[1]}np${ports[1]}`],
    rdma: [`roce${domain}s0f${ports[0]}`, `roce${domain}s0f${ports[1]}`],
    address: [`192.168.${subnet}.10`, `192.168.${subnet}.11`],
  };
}

const straight = [link('a'), link('b')];
const crossed = [link('a', [0, 1]), link('b', [0, 1])];

/** What a shell has after the text was pasted into it. */
function pasted(text: string, ask: string): string {
  return execFileSync('bash', ['--norc', '-c', `set -eu\n${text}\n${ask}`], { encoding: 'utf8', env: {} });
}

describe('what a pair needs', () => {
  it('names both devices of the connected port and the interface of its first half', () => {
    const [one, two] = variables('nccl', pairEnvironment([...straight].reverse()));
    expect(one).toEqual({
      NCCL_SOCKET_IFNAME: 'enp1s0f1np1',
      NCCL_IB_HCA: 'rocep1s0f1,roceP2p1s0f1',
      NCCL_IB_MERGE_NICS: '1',
    });
    expect(two).toEqual(one);
    expect(variables('ucx', pairEnvironment(straight))[0]).toEqual({
      UCX_NET_DEVICES: 'rocep1s0f1:1,roceP2p1s0f1:1',
    });
  });

  it('gives each node its own names where ports are mixed, and MPI a network that both have', () => {
    const pair = pairEnvironment(crossed);
    expect(variables('nccl', pair).map((values) => values['NCCL_IB_HCA'])).toEqual([
      'rocep1s0f0,roceP2p1s0f0',
      'rocep1s0f1,roceP2p1s0f1',
    ]);
    expect(pair.subnet).toBeNull();
    const own = facts(0, { addresses: [address('enp1s0f0np0', '192.168.100.10/24')] });
    const known = pairEnvironment(crossed, { facts: [own, facts(1)] });
    expect(variables('mpi', known).map((values) => values['OMPI_MCA_btl_tcp_if_include'])).toEqual([
      '192.168.100.0/24',
      '192.168.100.0/24',
    ]);
  });

  it('never joins two ports of one half, and leaves a second cable out', () => {
    const two = [link('a', [0, 0]), link('a', [1, 1]), link('b', [1, 1])];
    expect(variables('nccl', pairEnvironment(two))[0]['NCCL_IB_HCA']).toBe('rocep1s0f1,roceP2p1s0f1');
  });

  it('takes a GID index only where one index is right for all devices of a node', () => {
    const gids = [
      { rocep1s0f1: 3, roceP2p1s0f1: 3 },
      { rocep1s0f1: 3, roceP2p1s0f1: 5 },
    ] as const;
    const [one, two] = variables('nccl', pairEnvironment(straight, { gids }));
    expect(one['NCCL_IB_GID_INDEX']).toBe('3');
    expect(two).not.toHaveProperty('NCCL_IB_GID_INDEX');
  });

  it('leaves devices out when one of them is not known', () => {
    const [first, second] = straight;
    const pair = pairEnvironment([first!, { ...second!, rdma: [null, 'roceP2p1s0f1'] }]);
    expect(variables('nccl', pair)[0]).toEqual({ NCCL_SOCKET_IFNAME: 'enp1s0f1np1' });
    expect(environmentText('ucx', [{ ...first!, rdma: [null, null] }], names)).toContain('could not be read');
  });

  it('says that there is no link', () => {
    expect(() => environmentText('nccl', [], names)).toThrow(Failure);
  });
});

describe('the text to paste', () => {
  it.each(environmentPrograms)('%s is taken by a shell as it stands', (program) => {
    for (const links of [straight, crossed]) pasted(environmentText(program, links, names), 'true');
  });

  it('says what is for both nodes once and the rest per node', () => {
    const text = environmentText('vllm', straight, names);
    expect(text.match(/export NCCL_IB_HCA=/g)).toHaveLength(1);
    expect(text).toContain('# only on spark-bd26\nexport VLLM_HOST_IP=192.168.100.11');
    const mixed = environmentText('nccl', crossed, names);
    expect(mixed).toContain('# only on spark-5c2d\nexport NCCL_SOCKET_IFNAME=enp1s0f0np0');
    expect(mixed).toContain('# only on spark-bd26\nexport NCCL_SOCKET_IFNAME=enp1s0f1np1');
  });

  it('brings mpirun and docker words that stay whole', () => {
    const mpi = environmentText('mpi', crossed, names);
    expect(pasted(mpi, 'printf "%s\\n" "${both[@]}"')).toBe(
      '--mca\noob_tcp_if_include\nenp1s0f0np0,enp1s0f1np1\n--mca\nbtl_tcp_if_include\nenp1s0f0np0,enp1s0f1np1\n',
    );
    expect(pasted(mpi, 'echo "${second[*]}"')).toContain(
      '-H 192.168.100.11 -x NCCL_SOCKET_IFNAME=enp1s0f1np1',
    );
    const docker = pasted(environmentText('docker', straight, names), 'printf "%s\\n" "${on_this_pair[@]}"');
    expect(docker.split('\n')).toEqual(
      expect.arrayContaining(['host', '/dev/infiniband', 'memlock=-1', 'VLLM_HOST_IP=192.168.100.11']),
    );
  });

  it('runs nothing that a node put into a name', () => {
    const hostile = 'x\'; touch /tmp/owned; "$(id)" `id`';
    const [first] = straight;
    const evil = { ...first!, netdev: [hostile, hostile], rdma: [hostile, hostile] } as const;
    const text = environmentText('nccl', [evil], ['a\ntouch /tmp/owned', 'b\r$(id)']);
    expect(pasted(text, 'printf %s "$NCCL_SOCKET_IFNAME"')).toBe(hostile);
    expect(text.split('\n').filter((line) => line.startsWith('touch'))).toEqual([]);
  });
});
