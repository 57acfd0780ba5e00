import type { Playbook } from '../../engine/playbook';
import { environment } from './environment';
import { inputs } from './inputs';
import { packages } from './packages';
import { prerequisites } from './prerequisites';
import { emptyShared, type Shared } from './shared';
import { nccl, ncclTests } from './source';
import { verify } from './verify';

/** NVIDIA's "NCCL for two Sparks": the library and its tests built on both nodes, and the pair measured with them. */
export const ncclForTwoSparks: Playbook<Shared> = {
  id: 'nccl',
  minutes: 20,
  risk: 'low',
  inputs,
  stages: [prerequisites, packages, nccl, ncclTests, environment, verify],
  shared: emptyShared,
};
