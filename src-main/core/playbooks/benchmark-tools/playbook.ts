import type { InputSpec, Playbook } from '../../engine/playbook';
import { packages } from './packages';
import { toolPackages } from './tools';

const inputs = toolPackages.map((name): InputSpec => ({
  key: `packages.${name}`,
  default: 'install',
  values: ['install', 'skip'],
}));

/** The programs that the benchmarks run, where a node lacks them; a rollback removes exactly what came. */
export const benchmarkTools: Playbook<undefined> = {
  id: 'benchmark-tools',
  minutes: 1,
  risk: 'low',
  inputs,
  stages: [packages],
  shared: () => undefined,
};
