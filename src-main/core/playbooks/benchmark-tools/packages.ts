import { message } from '../../../contract/message';
import { packages as kind } from '../../change/package';
import type { Stage, StageContext, Verification } from '../../engine/playbook';
import { sh } from '../../shell/quote';
import { blocked, both, nameOf, valueOf } from '../pair';
import { stateOf } from '../present';
import { blocker, note } from './codes';
import { packagesOfTools, toolPackages, type ToolPackage } from './tools';

/** The packages that the nodes lack, from the archive that each of them knows. */
export const packages: Stage<undefined> = {
  id: 'packages',
  needs: [],
  async assess(context) {
    const { nodes } = context;
    const names = chosen(context);
    if (names.length === 0) return { status: 'satisfied', notes: [note('benchmark.packages.none', {})] };
    const denied = nodes.filter(({ facts }) => valueOf(facts.sudo) !== 'granted').map(nameOf);
    if (denied.length > 0)
      return blocked(denied.map((node) => blocker('benchmark.packages.sudo', { node }, { node })));
    const states = await Promise.all(both(nodes, (view) => stateOf(context, nameOf(view), kind, { names })));
    const works = states.map((state, end) => ({
      node: nameOf(nodes[end as 0 | 1]),
      missing: names.filter((name) => !kind.satisfied({ names: [name] }, state)),
      state,
    }));
    const refused = works.filter(({ missing, state }) => missing.length > 0 && state.problem !== '');
    if (refused.length > 0)
      return blocked(
        refused.map(({ node, missing, state }) => {
          const params = { node, packages: missing.join(' '), detail: state.problem };
          return blocker('benchmark.packages.not-installable', params, { node });
        }),
      );
    const notes = works.map(({ node, missing, state }) =>
      missing.length === 0
        ? note('benchmark.packages.in-place', { node, packages: names.join(' ') })
        : note('benchmark.packages.install', { node, packages: state.adds.join(' ') }),
    );
    const needy = works.filter(({ missing }) => missing.length > 0);
    if (needy.length === 0) return { status: 'satisfied', notes };
    return {
      status: 'needed',
      notes,
      changes: needy.map(({ node, missing }) => ({
        id: `packages/${node}/apt`,
        node,
        kind: 'package',
        // Only what is missing: what was there is not this run's, whatever becomes of it.
        spec: { names: missing },
        summary: note('benchmark.change.packages', { node, packages: missing.join(' ') }),
        step: 0,
      })),
    };
  },
  verify: find,
};

function chosen({ inputs }: StageContext<undefined>): ToolPackage[] {
  return toolPackages.filter((name) => inputs[`packages.${name}`] !== 'skip');
}

/** Whether a benchmark would find the programs: as the login user, in the PATH that commands get. */
async function find(context: StageContext<undefined>): Promise<Verification> {
  const tools = chosen(context).flatMap((name) => packagesOfTools[name]);
  const script = sh`for tool in ${tools}; do command -v "$tool" >/dev/null || printf 'missing %s\\n' "$tool"; done`;
  const looks = await Promise.all(
    both(context.nodes, async (view) => {
      const { stdout } = await context.look(nameOf(view), script);
      const missing = stdout.split('\n').flatMap((line) => /^missing (\S+)$/.exec(line)?.[1] ?? []);
      return { node: nameOf(view), missing };
    }),
  );
  const causes = looks.flatMap(({ node, missing }) =>
    missing.map((tool) => ({
      cause: message('benchmark.cause.not-found', { node, tool }),
      remedy: message('benchmark.cause.not-found.remedy', { node, tool }),
    })),
  );
  return {
    ok: causes.length === 0,
    notes: looks.map(({ node, missing }) =>
      note('benchmark.packages.ready', {
        node,
        tools: tools.filter((tool) => !missing.includes(tool)).join(' '),
      }),
    ),
    causes,
  };
}
