import { pairEnvironment, variables } from '../../benchmark/environment';
import { gidScript, parseGids } from '../../benchmark/gid';
import { ncclEnvironmentFile, ncclHome, ncclTestsHome } from '../../benchmark/nccl-place';
import { file } from '../../change/file';
import type { FileSpec } from '../../change/file';
import type { Pair, Stage, StageContext } from '../../engine/playbook';
import { quote } from '../../shell/quote';
import { blocked, both } from '../pair';
import { stateOf } from '../present';
import { blocker, note } from './codes';
import { buildFolder } from './places';
import type { Place, Shared } from './shared';
import { mpiHome } from './source';

/** A file for each node that says where NCCL is and which ports, devices and GIDs this pair has. */
export const environment: Stage<Shared> = {
  id: 'environment',
  needs: ['nccl', 'nccl-tests'],
  async assess(context) {
    const { nodes, shared } = context;
    const { places, links } = shared;
    if (!places) return blocked([blocker('nccl.earlier-stage', { stage: 'prerequisites' })]);
    const gids = await lookUp(context, places);
    const pair = pairEnvironment(links, { facts: [nodes[0].facts, nodes[1].facts], gids });
    shared.pair = pair;
    const own = both(variables('nccl', pair), (values, end) => ({
      ...values,
      ...variables('ucx', pair)[end],
      ...variables('mpi', pair)[end],
    }));
    const specs = both(places, (place, end) => fileSpec(place, own[end]));
    const notes = places.flatMap((place, end) => {
      const index = pair.nodes[end as 0 | 1].gidIndex;
      const { node } = place;
      return [
        note('nccl.environment.file', { node, path: pathOf(place) }),
        index === null
          ? note('nccl.environment.no-gid', { node })
          : note('nccl.environment.gid', { node, index }),
      ];
    });
    const states = await Promise.all(
      both(places, ({ node }, end) => stateOf(context, node, file, specs[end])),
    );
    if (states.every((state, end) => file.satisfied(specs[end as 0 | 1], state))) {
      shared.settled.add('environment');
      return { status: 'satisfied', notes };
    }
    return {
      status: 'needed',
      notes,
      changes: places.map((place, end) => ({
        id: `environment/${place.node}/file`,
        node: place.node,
        kind: 'file',
        spec: specs[end as 0 | 1],
        summary: note('nccl.change.environment', { node: place.node, path: pathOf(place) }),
        step: 0,
      })),
    };
  },
};

/** GID indexes change with the addresses of a port: they are read, never assumed. */
async function lookUp(
  context: StageContext<Shared>,
  places: Pair<Place>,
): Promise<Pair<Record<string, number>>> {
  const { links } = context.shared;
  const [first, second] = await Promise.all(
    both(places, async ({ node }, end) => {
      const known = links.flatMap(({ rdma, address }) => {
        const device = rdma[end];
        return device === null ? [] : [{ device, address: address[end] }];
      });
      if (known.length === 0) return {};
      const { stdout } = await context.look(node, gidScript(known.map(({ device }) => device)));
      return parseGids(stdout, known);
    }),
  );
  return [first, second];
}

function pathOf({ home }: Place): string {
  return `${home}/${ncclEnvironmentFile}`;
}

function fileSpec(place: Place, values: Readonly<Record<string, string>>): FileSpec {
  return {
    path: pathOf(place),
    content: environmentText(place, values),
    mode: '0644',
    owner: place.user,
    group: place.group,
  };
}

/** To be read by any POSIX shell: `. ~/twinspark-nccl.sh`. */
function environmentText(place: Place, values: Readonly<Record<string, string>>): string {
  const where = {
    CUDA_HOME: place.cudaHome,
    MPI_HOME: mpiHome(place),
    [ncclHome]: buildFolder(place, 'nccl'),
    [ncclTestsHome]: buildFolder(place, 'nccl-tests'),
  };
  const exports = (all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(([name, value]) => `export ${name}=${quote(value)}`);
  return [
    '# Written by Twinspark: NCCL on this pair of DGX Sparks. Use it with: . ~/twinspark-nccl.sh',
    '# Take it back with `twinspark rollback`.',
    ...exports(where),
    `export LD_LIBRARY_PATH="$${ncclHome}/lib:$CUDA_HOME/lib64:$MPI_HOME/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`,
    '# The ports, devices and addresses of this node’s cable.',
    ...exports(values),
    '',
  ].join('\n');
}
