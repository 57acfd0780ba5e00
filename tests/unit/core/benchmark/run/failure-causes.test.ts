import { expect, it } from 'vitest';
import { causesOf } from '../../../../../src-main/core/benchmark/run/failure-causes';

it.each([
  ["Couldn't allocate MR", 'memlock'],
  [' IB device rocep1s0f9 not found', 'no-device'],
  [
    "UCX  WARN  network device 'rocep1s0f1:1' is not available, please use one or more of: 'lo'(tcp)",
    'no-device',
  ],
  ['UCX  ERROR no remote memory access transport to peer: Destination is unreachable', 'no-device'],
  ['iperf3: error - unable to start listener: Address already in use', 'port-taken'],
  ['nvidia@192.168.100.11: Permission denied (publickey,password).', 'peer-login'],
  ['Test NCCL failure common.cu:999 Cuda failure 2 out of memory', 'gpu-memory'],
  [' Failed to modify QP 300 to RTR', 'no-rdma-way'],
  ["Couldn't connect to 192.168.100.11:18515", 'no-way'],
  ['iperf3: error - control socket has closed unexpectedly', 'other-side-ended'],
])('%s', (said, cause) => {
  const [first, ...more] = causesOf(`a line before\n${said}\na line after`);
  expect(first?.cause.code).toBe(`bench.cause.${cause}`);
  expect(first?.remedy.code).toBe(`bench.remedy.${cause}`);
  expect(more).toEqual([]);
});

it('says nothing of what nobody knows', () => {
  expect(causesOf('something else')).toEqual([]);
});
