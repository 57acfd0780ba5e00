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
    const list = names.join(' ');
    const states = await Promise.all(
      both(context.nodes, (view) => stateOf(context, nameOf(view), kind, { names })),
    );
    const missing = context.nodes.flatMap((view, end) => {
      const state = states[end];
      return state === undefined || kind.satisfied({ names }, state) ? [] : [{ node: nameOf(view), state }];
    });
    const refused = missing.filter(({ state }) => state.problem !== '');
    if (refused.length > 0)
      return blocked(
        refused.map(({ node, state }) =>
          blocker('nccl.packages.not-installable', { node, packages: list, detail: state.problem }, { node }),
        ),
      );
    if (missing.length === 0) {
      context.shared.settled.add('packages');
      return { status: 'satisfied', notes: [note('nccl.packages.in-place', { packages: list })] };
    }
    return {
      status: 'needed',
      notes: missing.map(({ node, state }) =>
        note('nccl.packages.install', { node, packages: state.adds.join(' ') }),
      ),
      changes: missing.map(({ node }) => ({
        id: `packages/${node}/apt`,
        node,
        kind: 'package',
        spec: { names },
        summary: note('nccl.change.packages', { node, packages: list }),
        step: 0,
      })),
    };
  },
};
