import { expect, it } from 'vitest';
import { parseRdmaLink } from '../../../../src-main/core/probe/rdma-link';
import { sample } from './samples';

it('reads rdma link, a port a line', () => {
  expect(parseRdmaLink(sample('rdma_link_port0_up.txt'))).toEqual({
    known: true,
    value: [
      { rdma: 'rocep1s0f0', port: 1, state: 'ACTIVE', physicalState: 'LINK_UP', netdev: 'enp1s0f0np0' },
      { rdma: 'rocep1s0f1', port: 1, state: 'DOWN', physicalState: 'DISABLED', netdev: 'enp1s0f1np1' },
      { rdma: 'roceP2p1s0f0', port: 1, state: 'ACTIVE', physicalState: 'LINK_UP', netdev: 'enP2p1s0f0np0' },
      { rdma: 'roceP2p1s0f1', port: 1, state: 'DOWN', physicalState: 'DISABLED', netdev: 'enP2p1s0f1np1' },
    ],
  });
});

it('reads older forms, and a device without an interface', () => {
  const text = [
    'link mlx5_0/1: state ACTIVE physical_state LINK_UP netdev ens21f0',
    '8/1: mlx5_bond_0/1: state ACTIVE physical_state LINK_UP netdev reth0',
    'link mlx5_2/1 subnet_prefix fe80:0000 lid 1 state ACTIVE physical_state LINK_UP',
  ];
  expect(parseRdmaLink(text.slice(0, 2).join('\n'))).toMatchObject({
    known: true,
    value: [{ rdma: 'mlx5_0' }, { rdma: 'mlx5_bond_0', netdev: 'reth0' }],
  });
  expect(parseRdmaLink('link siw0/1 state ACTIVE physical_state LINK_UP')).toMatchObject({
    known: true,
    value: [{ rdma: 'siw0', netdev: null }],
  });
  // InfiniBand says its subnet before its state; a line that is not understood is not passed over.
  expect(parseRdmaLink(text.join('\n'))).toMatchObject({
    known: true,
    value: [{}, {}, { rdma: 'mlx5_2', state: 'ACTIVE', netdev: null }],
  });
});

it('says that a damaged line is damaged', () => {
  const whole = sample('rdma_link_port0_up.txt');
  expect(parseRdmaLink(whole.replace('physical_state DISABLED', 'physical_st'))).toMatchObject({
    known: false,
    reason: 'malformed',
  });
  expect(parseRdmaLink('nothing of it')).toMatchObject({ known: false });
});
