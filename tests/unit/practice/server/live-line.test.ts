import { describe, expect, test } from 'vitest';
import { benchCommand } from '../../../../src-main/core/benchmark/run/command';
import { liveLine } from '../../../../src-main/practice/server/live-line';

const isLive = (name: string) => ['iperf3', 'all_gather_perf'].includes(name);
const read = (script: string) => liveLine(script, isLive);

describe('a script that is one program which prints while it runs', () => {
  test('is recognised in the form in which the app starts tests', () => {
    const { text } = benchCommand('7', {
      program: 'iperf3',
      args: ['-c', "it's"],
      environment: { A: 'b c' },
      limitSeconds: 9,
    });
    expect(read(text)).toEqual({
      program: 'iperf3',
      args: ['-c', "it's"],
      env: { TWINSPARK_BENCH: '7', A: 'b c' },
      limitSeconds: 9,
      wrapper: 'stdbuf',
    });
  });

  test('is recognised as people type it, and by its path', () => {
    expect(read('iperf3 -s')).toMatchObject({ program: 'iperf3', args: ['-s'], wrapper: 'sh' });
    expect(read('timeout 3 /home/x/all_gather_perf -b 8')).toMatchObject({
      limitSeconds: 3,
      args: ['-b', '8'],
    });
  });

  test('is a shell only behind what starts it', () => {
    expect(read("env A=b sh -c 'echo $A; iperf3 -s'")).toMatchObject({ program: 'sh', env: { A: 'b' } });
    expect(read("sh -c 'iperf3 -s'")).toBeUndefined();
  });

  test.each([
    'iperf3 -s | head',
    'iperf3 -s >x',
    'iperf3 -s &',
    'iperf3 -c "$x"',
    'true; iperf3 -s',
    'ls',
    'env -i iperf3',
    'timeout x iperf3 -s',
  ])('is not %s', (script) => {
    expect(read(script)).toBeUndefined();
  });
});
