import { z } from 'zod';
import { sameValue as same } from '../canonical';
import { lines, raw, sh } from '../shell/quote';
import type { ChangeKind } from './kind';
import { hasNewLeftovers, listLeftovers, prelude, takeLeftovers, tempPath } from './scripts';
import { bring, readTree } from './tree-scripts';
import { specSchema, wantedCommit, type TreeFile, type TreeSpec } from './tree-spec';
import { fourDigits, malformed, refused, sha256 } from './values';

const stateSchema = z.object({
  tree: z.discriminatedUnion('type', [
    z.object({ type: z.literal('absent') }),
    z.object({ type: z.literal('other') }),
    z.object({
      type: z.literal('directory'),
      mode: z.string(),
      uid: z.number(),
      gid: z.number(),
      /** One line per file: hash, link target or execute bit, and path. Of .git only what says where it stands. */
      files: z.array(z.string()),
      /** Commit that is checked out, and the one that was fetched; empty where it is no such clone. */
      head: z.string(),
      fetched: z.string(),
      /** What git says is changed or not its own, at most 50 lines. */
      dirty: z.array(z.string()),
    }),
  ]),
  leftovers: z.array(z.string()),
});
export type TreeState = z.infer<typeof stateSchema>;
type Present = Extract<TreeState['tree'], { type: 'directory' }>;

function uploaded(files: readonly TreeFile[], tree: Present): boolean {
  const lines = files.flatMap((file) => [
    `${sha256(file.content)}  ./${file.path}`,
    ...((parseInt(file.mode, 8) & 0o100) === 0 ? [] : [`exec ./${file.path}`]),
  ]);
  return same(lines.sort(), tree.files);
}

/** Whether the tree is what the change brings and nothing else, judged without a read-back. */
function pristine(spec: TreeSpec, tree: Present): boolean {
  if (spec.source.kind === 'upload') return uploaded(spec.source.files, tree);
  const commit = wantedCommit(spec.source);
  if (tree.head === '' || tree.dirty.length > 0) return false;
  // The clone has no branch, tag or stash of its own: those are somebody's work.
  if (tree.files.some((line) => / \.git\/(refs\/|packed-refs$)/.test(line))) return false;
  return commit === null ? tree.head === tree.fetched : tree.head === commit;
}

/** A directory tree that is brought to the node whole, where nothing is yet. */
export const tree: ChangeKind<TreeSpec, TreeState> = {
  name: 'tree',
  spec: specSchema,
  state: stateSchema,
  read: (spec) => lines(raw('set -eu'), readTree(spec), listLeftovers('tree', spec.path)),
  parse(spec, output) {
    const { leftovers, rest } = takeLeftovers(output);
    const [first = '', ...more] = rest;
    if (first === 'absent' || first === 'other') return { tree: { type: first }, leftovers };
    const match = /^directory ([0-7]{1,4}) (\d+) (\d+)$/.exec(first);
    const of = (word: string) =>
      more.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
    if (!match || of('end').length !== 1) throw malformed('tree', spec.path, output);
    const found: Present = {
      type: 'directory',
      mode: fourDigits(match[1] ?? ''),
      uid: Number(match[2]),
      gid: Number(match[3]),
      files: of('m').sort(),
      head: of('head')[0] ?? '',
      fetched: of('fetched')[0] ?? '',
      dirty: of('dirty'),
    };
    return { tree: found, leftovers };
  },
  satisfied: (spec, state) => state.tree.type === 'directory' && pristine(spec, state.tree),
  forward(spec, prior, scope) {
    if (prior.tree.type === 'other') throw refused('tree', spec.path, 'not-a-directory');
    if (prior.tree.type === 'directory' && prior.tree.files.length > 0)
      throw refused('tree', spec.path, 'not-empty');
    return { commands: bring(spec, scope) };
  },
  backward(spec, prior, now, scope) {
    const temp = tempPath(spec.path, scope);
    const scripts = [prelude, sh`rm -rf --one-file-system ${temp}`];
    if (!same(now.tree, prior.tree)) {
      // Out of the way in one step, so that a cut-off removal is not taken for somebody's edit.
      scripts.push(sh`if [ -d ${spec.path} ] && [ ! -L ${spec.path} ]; then mv -T ${spec.path} ${temp}; fi`);
      if (prior.tree.type === 'directory') {
        scripts.push(
          sh`mkdir -m 0700 ${spec.path}`,
          sh`chown ${`${prior.tree.uid}:${prior.tree.gid}`} ${spec.path}`,
          sh`chmod ${`0${prior.tree.mode}`} ${spec.path}`,
        );
      }
      scripts.push(sh`rm -rf --one-file-system ${temp}`);
    }
    return { commands: [{ script: lines(...scripts), root: true, limitMs: 600_000 }] };
  },
  achieved: (spec, prior, now) =>
    now.tree.type === 'directory' && pristine(spec, now.tree) && !hasNewLeftovers(prior, now),
  judge(spec, prior, after, now) {
    if (same(now.tree, prior.tree)) return hasNewLeftovers(prior, now) ? 'ours' : 'prior';
    // Moved out of the way by an undo that was cut off before it put the empty directory back.
    if (now.tree.type === 'absent') return hasNewLeftovers(prior, now) ? 'ours' : 'prior';
    if (now.tree.type === 'other') return 'foreign';
    // Put back by such an undo, but not yet with its mode and owner.
    if (now.tree.files.length === 0 && hasNewLeftovers(prior, now)) return 'ours';
    if (after?.tree.type === 'directory') return same(now.tree.files, after.tree.files) ? 'ours' : 'foreign';
    return pristine(spec, now.tree) || now.tree.files.length === 0 ? 'ours' : 'foreign';
  },
  undone: (_spec, prior, now) =>
    (same(now.tree, prior.tree) || now.tree.type === 'absent') && !hasNewLeftovers(prior, now),
  preview: (spec, prior) => [
    {
      title: spec.path,
      before: prior.tree.type === 'absent' ? null : prior.tree.type,
      after:
        spec.source.kind === 'git'
          ? `git ${spec.source.url} ${spec.source.ref}`
          : spec.source.files.map((file) => `${file.mode} ${file.path}`).join('\n'),
    },
  ],
  text: ({ tree: found }) =>
    found.type === 'directory'
      ? [...found.dirty.map((line) => `! ${line}`), ...found.files].join('\n')
      : found.type,
};
