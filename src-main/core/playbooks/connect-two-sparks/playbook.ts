import type { Playbook } from '../../engine/playbook';
import { cable } from './cable';
import { inputs } from './inputs';
import { network } from './network';
import { prerequisites } from './prerequisites';
import { emptyShared, type Shared } from './shared';
import { ssh } from './ssh';
import { user } from './user';
import { verify } from './verify';

/** NVIDIA's "Connect Two Sparks", driven from the laptop: the cable, its network, SSH between the nodes, and the proof. */
export const connectTwoSparks: Playbook<Shared> = {
  id: 'connect-two-sparks',
  minutes: 1,
  risk: 'medium',
  inputs,
  stages: [prerequisites, user, cable, network, ssh, verify],
  shared: emptyShared,
  account: (given) => given['user.name'],
};
