import { describe, expect, it } from 'vitest';
import { benchCommand } from '../../../../../src-main/core/benchmark/run/command';

const id = '20261120T172119Z-1a2b3c4d';

describe('the form of a test’s command', () => {
  it('is one foreground program under a limit, with the mark in its environment', () => {
    const args = ['-s', '-1', '-B', '192.168.100.11', '-p', '52010', '--forceflush'];
    expect(benchCommand(id, { program: 'iperf3', args, limitSeconds: 15 }).text).toBe(
      `TWINSPARK_BENCH=${id} exec timeout --foreground -k 2 15 stdbuf -oL iperf3 -s -1 -B 192.168.100.11 -p 52010 --forceflush`,
    );
  });

  it('gives variables by env, and quotes what is not plain', () => {
    const environment = { UCX_NET_DEVICES: 'rocep1s0f1:1,roceP2p1s0f1:1', PATHS: '/home/a b' };
    const command = benchCommand(id, {
      program: 'ucx_perftest',
      args: ["it's"],
      environment,
      limitSeconds: 9,
    });
    expect(command.text).toBe(
      `TWINSPARK_BENCH=${id} exec timeout --foreground -k 2 9 env UCX_NET_DEVICES=rocep1s0f1:1,roceP2p1s0f1:1 'PATHS=/home/a b' stdbuf -oL ucx_perftest 'it'\\''s'`,
    );
  });
});
