import { z } from 'zod';
import { sameValue as same } from '../canonical';
import { lines, raw } from '../shell/quote';
import { build as buildScript, readBuild, unbuild } from './build-scripts';
import { buildDigest, specSchema, type BuildSpec } from './build-spec';
import type { ChangeKind } from './kind';
import { hasNewLeftovers, listLeftovers, takeLeftovers } from './scripts';
import { malformed, refused } from './values';

const stateSchema = z.object({
  build: z.discriminatedUnion('type', [
    z.object({ type: z.literal('absent') }),
    z.object({ type: z.literal('other') }),
    z.object({
      type: z.literal('directory'),
      /** Digest of the spec that it was built by; empty where nothing of ours says so. */
      spec: z.string(),
      /** Wanted files that are not there. */
      missing: z.array(z.string()),
      /** What is not as the build left it, at most 20 files. */
      changed: z.array(z.string()),
    }),
  ]),
  leftovers: z.array(z.string()),
});
export type BuildState = z.infer<typeof stateSchema>;

/** What one release of a large library takes on a Spark is a tenth of it. */
const LIMIT_MS = 60 * 60_000;

/** Whether it is this build's result and nobody has worked in it. */
function intact(spec: BuildSpec, { build }: BuildState): boolean {
  return build.type === 'directory' && build.spec === buildDigest(spec) && build.changed.length === 0;
}

/** What `make` makes of a tree, in a folder of its own outside of the tree. */
export const build: ChangeKind<BuildSpec, BuildState> = {
  name: 'build',
  spec: specSchema,
  state: stateSchema,
  read: (spec) => lines(raw('set -eu'), readBuild(spec), listLeftovers('build', spec.path)),
  parse(spec, output) {
    const { leftovers, rest } = takeLeftovers(output);
    const [first = '', ...more] = rest;
    if (first === 'absent' || first === 'other') return { build: { type: first }, leftovers };
    const of = (word: string) =>
      more.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
    if (first !== 'directory' || of('end').length !== 1) throw malformed('build', spec.path, output);
    const digest = of('spec')[0] ?? '';
    return {
      build: {
        type: 'directory',
        spec: /^[0-9a-f]{64}$/.test(digest) ? digest : '',
        missing: of('missing'),
        changed: of('changed'),
      },
      leftovers,
    };
  },
  // What was run or linked with it since does no harm; only what is needed counts.
  satisfied: (spec, { build: found }) =>
    found.type === 'directory' && found.spec === buildDigest(spec) && found.missing.length === 0,
  forward(spec, prior, scope) {
    if (prior.build.type !== 'absent') throw refused('build', spec.path, 'not-empty');
    const script = buildScript(spec, scope);
    return { commands: [{ script, root: true, limitMs: LIMIT_MS, interruptible: true }] };
  },
  backward: (spec, _prior, _now, scope) => ({
    commands: [{ script: unbuild(spec, scope), root: true, limitMs: 600_000 }],
  }),
  achieved: (spec, prior, now) =>
    intact(spec, now) &&
    now.build.type === 'directory' &&
    now.build.missing.length === 0 &&
    !hasNewLeftovers(prior, now),
  judge(spec, prior, _after, now) {
    if (same(now.build, prior.build)) return hasNewLeftovers(prior, now) ? 'ours' : 'prior';
    return intact(spec, now) ? 'ours' : 'foreign';
  },
  undone: (_spec, prior, now) => now.build.type === 'absent' && !hasNewLeftovers(prior, now),
  preview: (spec) => [
    {
      title: spec.path,
      before: null,
      after: [
        `make -C ${spec.source} ${spec.targets.join(' ')}`.trimEnd(),
        ...Object.entries(spec.variables).map(([name, value]) => `  ${name}=${value}`),
        ...spec.results.map((result) => `→ ${result}`),
      ].join('\n'),
    },
  ],
  text: ({ build: found }) =>
    found.type === 'directory'
      ? [...found.missing.map((name) => `- ${name}`), ...found.changed].join('\n') || found.type
      : found.type,
};
