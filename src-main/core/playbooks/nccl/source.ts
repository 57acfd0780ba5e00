import type { Blocker } from '../../../contract/plan';
import { build } from '../../change/build';
import type { BuildSpec } from '../../change/build-spec';
import type { Change } from '../../change/kind';
import { tree } from '../../change/tree';
import { wantedCommit, type TreeSpec } from '../../change/tree-spec';
import type { Inputs, Stage, StageContext } from '../../engine/playbook';
import { sh } from '../../shell/quote';
import { blocked } from '../pair';
import { stateOf } from '../present';
import { blocker, note } from './codes';
import { sources, type SourceName } from './inputs';
import { buildFolder, treeFolder } from './places';
import type { Place, Shared } from './shared';

/** What is built from a tree, and how: all but where. */
interface Recipe {
  readonly what: SourceName;
  readonly needs: readonly string[];
  readonly targets: readonly string[];
  readonly results: readonly string[];
  variables(place: Place, inputs: Inputs): Record<string, string>;
}

const gencode = (inputs: Inputs) => ({ NVCC_GENCODE: inputs['nccl.gencode'] ?? '' });

/** NCCL itself, for the GPU of a Spark only. */
export const nccl = stage({
  what: 'nccl',
  needs: ['packages'],
  targets: ['src.build'],
  results: ['lib/libnccl.so', 'include/nccl.h'],
  variables: ({ cudaHome }, inputs) => ({ CUDA_HOME: cudaHome, ...gencode(inputs) }),
});

/** The tests, started by MPI and linked with the NCCL of the stage before. */
export const ncclTests = stage({
  what: 'nccl-tests',
  needs: ['packages', 'nccl'],
  targets: [],
  results: ['all_gather_perf', 'all_reduce_perf'],
  variables: (place, inputs) => ({
    MPI: '1',
    MPI_HOME: mpiHome(place),
    CUDA_HOME: place.cudaHome,
    NCCL_HOME: buildFolder(place, 'nccl'),
    ...gencode(inputs),
  }),
});

/** Where Ubuntu's libopenmpi-dev has headers and libraries. */
export function mpiHome({ triplet }: Place): string {
  return `/usr/lib/${triplet}/openmpi`;
}

/** A tree and its build, on both nodes at once. */
function stage(recipe: Recipe): Stage<Shared> {
  const { what } = recipe;
  return {
    id: what,
    needs: recipe.needs,
    async assess(context) {
      const { inputs, shared } = context;
      const { places } = shared;
      if (!places) return blocked([blocker('nccl.earlier-stage', { stage: 'prerequisites' })]);
      const version = inputs[`${what}.version`] ?? '';
      const works = await Promise.all(places.map((place) => lookAt(context, recipe, place)));
      const taken = works.flatMap(({ blockers }) => blockers);
      if (taken.length > 0) return blocked(taken);
      const [{ folder }] = places;
      if (works.every(({ inPlace }) => inPlace)) {
        shared.settled.add(what);
        return {
          status: 'satisfied',
          notes: [note('nccl.source.in-place', { what, version, path: folder })],
        };
      }
      const repository = inputs[`${what}.repository`] ?? '';
      return {
        status: 'needed',
        notes: [
          note('nccl.source.bring', { what, version, repository, path: treeFolder(places[0], what) }),
          note('nccl.source.build', { what, path: buildFolder(places[0], what) }),
        ],
        changes: places.flatMap((place) => changes(recipe, inputs, place)),
      };
    },
  };
}

function treeSpec({ what }: Recipe, inputs: Inputs, place: Place): TreeSpec {
  const url = inputs[`${what}.repository`] ?? '';
  const ref = inputs[`${what}.version`] ?? '';
  const known = sources[what];
  // A mirror may have another history; the release's own commit is only held against its own repository.
  const usual = url === known.repository && ref === known.version ? known.commit : undefined;
  const commit = inputs[`${what}.commit`] ?? usual;
  return {
    path: treeFolder(place, what),
    owner: place.user,
    group: place.group,
    source: { kind: 'git', url, ref, ...(commit === undefined ? {} : { commit }) },
  };
}

function buildSpec(recipe: Recipe, inputs: Inputs, place: Place): BuildSpec {
  const { source } = treeSpec(recipe, inputs, place);
  const revision = source.kind === 'git' ? (wantedCommit(source) ?? source.ref) : '';
  // The tests are built anew for another NCCL.
  const under = recipe.what === 'nccl' ? [] : [inputs['nccl.version'] ?? ''];
  return {
    source: treeFolder(place, recipe.what),
    revision: [revision, ...under].join(' '),
    path: buildFolder(place, recipe.what),
    owner: place.user,
    group: place.group,
    targets: [...recipe.targets],
    variables: recipe.variables(place, inputs),
    search: [`${place.cudaHome}/bin`],
    results: [...recipe.results],
  };
}

/** Whether all is there already, or something else is where it would go. */
async function lookAt(
  context: StageContext<Shared>,
  recipe: Recipe,
  place: Place,
): Promise<{ inPlace: boolean; blockers: Blocker[] }> {
  const { node, folder } = place;
  const source = treeSpec(recipe, context.inputs, place);
  const made = buildSpec(recipe, context.inputs, place);
  const [treeState, buildState] = await Promise.all([
    stateOf(context, node, tree, source),
    stateOf(context, node, build, made),
  ]);
  const brought = tree.satisfied(source, treeState) && (await isOf(context, node, source));
  const built = build.satisfied(made, buildState);
  const free =
    treeState.tree.type === 'absent' ||
    (treeState.tree.type === 'directory' && treeState.tree.files.length === 0);
  const occupied = [
    ...(brought || free ? [] : [source.path]),
    ...(built || buildState.build.type === 'absent' ? [] : [made.path]),
  ];
  // Another folder is free for sure to decide: what is there may be somebody's work.
  const decide = { input: 'nccl.folder', values: [`${context.inputs['nccl.folder'] ?? folder}-2`] };
  return {
    inPlace: brought && built,
    blockers: occupied.map((path) => blocker('nccl.source.occupied', { node, path }, { node, decide })),
  };
}

/** Whether the clone came by this branch or tag; git has written down what it was asked for. */
async function isOf(
  context: StageContext<Shared>,
  node: string,
  { path, source }: TreeSpec,
): Promise<boolean> {
  if (source.kind !== 'git' || wantedCommit(source) !== null) return true;
  const { stdout } = await context.look(node, sh`head -n 1 ${`${path}/.git/FETCH_HEAD`} 2>/dev/null || :`);
  return stdout.includes(`'${source.ref}' of `);
}

function changes(recipe: Recipe, inputs: Inputs, place: Place): Change[] {
  const { what } = recipe;
  const { node, user, group, folder } = place;
  const version = inputs[`${what}.version`] ?? '';
  const source = treeSpec(recipe, inputs, place);
  const made = buildSpec(recipe, inputs, place);
  const around: Change[] =
    what === 'nccl'
      ? [
          {
            id: `nccl/${node}/folder`,
            node,
            kind: 'directory',
            spec: { path: folder, mode: '0755', owner: user, group },
            summary: note('nccl.change.folder', { node, path: folder }),
            step: 0,
          },
        ]
      : [];
  return [
    ...around,
    {
      id: `${what}/${node}/tree`,
      node,
      kind: 'tree',
      spec: source,
      summary: note('nccl.change.tree', { node, what, version, path: source.path }),
      step: 1,
    },
    {
      id: `${what}/${node}/build`,
      node,
      kind: 'build',
      spec: made,
      summary: note('nccl.change.build', { node, what, path: made.path }),
      step: 2,
    },
  ];
}
