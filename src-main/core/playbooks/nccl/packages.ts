import { packages as kind } from '../../change/package';
import type { Stage } from '../../engine/playbook';
import { blocked, both, nameOf } from '../pair';
import { stateOf } from '../present';
import { blocker, note } from './codes';
import type { Shared } from './shared';

/** Compiler and make, git for the trees, and Open MPI with its headers. */
const names = ['build-essential', 'git', 'libopenmpi-dev', 'openmpi-bin'];

/** What building and running needs from Ubuntu's archive. */
export const packages: Stage<Shared> = {
  id: 'packages',
  needs: [],
  async assess(context) {
    const states = await Promise.all(
      both(context.nodes, (view) => stateOf(context, nameOf(view), kind, { names })),
    );
    const works = context.nodes.flatMap((view, end) => {
      const state = states[end];
      const missing = names.filter((name) => state && !kind.satisfied({ names: [name] }, state));
      return state === undefined || missing.length === 0 ? [] : [{ node: nameOf(view), state, missing }];
    });
    const refused = works.filter(({ state }) => state.problem !== '');
    if (refused.length > 0)
      return blocked(
        refused.map(({ node, state, missing }) => {
          const params = { node, packages: missing.join(' '), detail: state.problem };
          return blocker('nccl.packages.not-installable', params, { node });
        }),
      );
    if (works.length === 0) {
      context.shared.settled.add('packages');
      return { status: 'satisfied', notes: [note('nccl.packages.in-place', { packages: names.join(' ') })] };
    }
    return {
      status: 'needed',
      notes: works.map(({ node, state }) =>
        note('nccl.packages.install', { node, packages: state.adds.join(' ') }),
      ),
      changes: works.map(({ node, missing }) => ({
        id: `packages/${node}/apt`,
        node,
        kind: 'package',
        // What is there already is not this run's, whatever becomes of it.
        spec: { names: missing },
        summary: note('nccl.change.packages', { node, packages: missing.join(' ') }),
        step: 0,
      })),
    };
  },
};
