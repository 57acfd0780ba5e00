import { z } from 'zod';
import { sameValue as same } from '../canonical';
import type { Command, Input } from '../ports';
import { lines, raw, sh, type Script } from '../shell/quote';
import {
  entryFunction,
  entrySchema,
  entryText,
  ownedBy,
  parseEntry,
  seenAs,
  type Entry,
  type FileEntry,
} from './entry';
import type { ChangeKind, Scope } from './kind';
import {
  dropKeepFolders,
  expect,
  hasNewLeftovers,
  keptPath,
  listLeftovers,
  makeKeepFolder,
  prelude,
  removeFile,
  replaceFile,
  takeLeftovers,
  tempPath,
} from './scripts';
import { accountSchema, malformed, modeSchema, pathSchema, refused, sha256 } from './values';

const specSchema = z.object({
  path: pathSchema,
  /** The whole file; null removes it. */
  content: z.string().nullable(),
  mode: modeSchema,
  owner: accountSchema,
  group: accountSchema,
});
export type FileSpec = z.infer<typeof specSchema>;

const stateSchema = z.object({
  entry: entrySchema,
  /** Unfinished temporary files (`temp RUN-INDEX`) and copies kept on the node (`kept RUN`). */
  leftovers: z.array(z.string()),
});
export type FileChangeState = z.infer<typeof stateSchema>;

function wanted(spec: FileSpec, entry: Entry): boolean {
  if (spec.content === null) return entry.type === 'absent';
  return (
    entry.type === 'file' &&
    entry.sha256 === sha256(spec.content) &&
    entry.mode === spec.mode &&
    ownedBy(entry, spec.owner, spec.group)
  );
}

function command(script: Script, content?: string): Command {
  const input: Input | undefined = content === undefined ? undefined : { kind: 'text', text: content };
  return { script, root: true, ...(input && { input }) };
}

/** Copies the prior file aside unless a first attempt of this change already has. */
function keep(spec: FileSpec, prior: FileEntry, scope: Scope): Script {
  const kept = keptPath('file', spec.path, scope);
  return lines(
    makeKeepFolder(scope),
    sh`if [ "$(seen ${spec.path})" = ${prior.sha256} ]; then
  cp -p ${spec.path} ${`${kept}.new`}
  sync ${`${kept}.new`}
  mv -f ${`${kept}.new`} ${kept}
fi`,
  );
}

/** Temporary files and the kept copy of this run, gone. */
function tidy(spec: FileSpec, scope: Scope): Script {
  const kept = keptPath('file', spec.path, scope);
  return lines(
    sh`rm -rf ${tempPath(spec.path, scope)}`,
    sh`rm -f ${kept} ${`${kept}.new`}`,
    dropKeepFolders(scope),
  );
}

/** A whole file: written, replaced or removed. */
export const file: ChangeKind<FileSpec, FileChangeState> = {
  name: 'file',
  spec: specSchema,
  state: stateSchema,
  read: (spec) =>
    lines(raw('set -eu'), entryFunction, sh`entry ${spec.path}`, listLeftovers('file', spec.path)),
  parse(spec, output) {
    const { leftovers, rest } = takeLeftovers(output);
    if (rest.length !== 1) throw malformed('file', spec.path, output);
    return { entry: parseEntry('file', spec.path, rest[0] ?? ''), leftovers };
  },
  satisfied: (spec, state) => wanted(spec, state.entry),
  forward(spec, prior, scope) {
    const before = prior.entry;
    if (before.type === 'other') throw refused('file', spec.path, before.what);
    const after = spec.content === null ? 'absent' : sha256(spec.content);
    const start = [prelude, expect(spec.path, seenAs(before), after)];
    // What cannot be put back from the journal waits on the node.
    if (before.type === 'file' && before.content === null) start.push(keep(spec, before, scope));
    if (spec.content === null) return { commands: [command(lines(...start, removeFile(spec.path)))] };
    const put = replaceFile({
      path: spec.path,
      scope,
      fill: raw('cat >>"$new"'),
      sha256: after,
      owner: `${spec.owner}:${spec.group}`,
      mode: spec.mode,
    });
    return { commands: [command(lines(...start, put), spec.content)] };
  },
  backward(spec, prior, now, scope) {
    const before = prior.entry;
    const start = [prelude, expect(spec.path, seenAs(now.entry), seenAs(before))];
    if (before.type !== 'file')
      return { commands: [command(lines(...start, removeFile(spec.path), tidy(spec, scope)))] };
    // Only a leftover to clear away: the file itself was never replaced.
    if (same(before, now.entry)) return { commands: [command(lines(...start, tidy(spec, scope)))] };
    const put = replaceFile({
      path: spec.path,
      scope,
      fill:
        before.content === null
          ? sh`cat ${keptPath('file', spec.path, scope)} >>"$new"`
          : raw('cat >>"$new"'),
      sha256: before.sha256,
      owner: `${before.uid}:${before.gid}`,
      mode: before.mode,
    });
    return { commands: [command(lines(...start, put, tidy(spec, scope)), before.content ?? undefined)] };
  },
  achieved: (spec, _prior, now) =>
    wanted(spec, now.entry) && !now.leftovers.some((l) => l.startsWith('temp')),
  judge(spec, prior, after, now) {
    if (same(now.entry, prior.entry)) return hasNewLeftovers(prior, now) ? 'ours' : 'prior';
    if (after && same(now.entry, after.entry)) return 'ours';
    return wanted(spec, now.entry) ? 'ours' : 'foreign';
  },
  undone: (_spec, prior, now) => same(now.entry, prior.entry) && !hasNewLeftovers(prior, now),
  preview: (spec, prior) => [
    {
      title: spec.path,
      before: entryText(prior.entry),
      after: spec.content,
      ...(spec.content !== null && { mode: spec.mode }),
    },
  ],
  text: (state) => entryText(state.entry) ?? '',
};
