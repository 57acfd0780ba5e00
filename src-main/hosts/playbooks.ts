import type { Playbook } from '../core/engine/playbook';
import { benchmarkTools } from '../core/playbooks/benchmark-tools/playbook';
import { connectTwoSparks } from '../core/playbooks/connect-two-sparks/playbook';
import { ncclForTwoSparks } from '../core/playbooks/nccl/playbook';

/** Every playbook of this version, by the name that the command line takes. */
export const playbooks: ReadonlyMap<string, Playbook> = new Map(
  ([connectTwoSparks, benchmarkTools, ncclForTwoSparks] as Playbook[]).map((playbook) => [
    playbook.id,
    playbook,
  ]),
);
