import { z } from 'zod';
import { sameValue as same } from '../canonical';
import { lines, raw, sh, type Script } from '../shell/quote';
import { ownedBy } from './entry';
import type { ChangeKind } from './kind';
import { prelude } from './scripts';
import { accountSchema, fourDigits, malformed, modeSchema, pathSchema, refused, split } from './values';

const specSchema = z.object({
  path: pathSchema,
  mode: modeSchema,
  owner: accountSchema,
  group: accountSchema,
  /** Whether a directory that is there already gets this mode and owner too. */
  adjust: z.boolean().optional(),
});
export type DirectorySpec = z.infer<typeof specSchema>;

const stateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('absent') }),
  z.object({ type: z.literal('other') }),
  z.object({
    type: z.literal('directory'),
    mode: z.string(),
    uid: z.number(),
    gid: z.number(),
    owner: z.string(),
    group: z.string(),
    empty: z.boolean(),
  }),
]);
export type DirectoryState = z.infer<typeof stateSchema>;
type Present = Extract<DirectoryState, { type: 'directory' }>;

function fits(spec: DirectorySpec, state: Present): boolean {
  return state.mode === spec.mode && ownedBy(state, spec.owner, spec.group);
}

/** Whether mode and owner are each the wanted or the prior one: what an adjusting that was cut off leaves. */
function between(spec: DirectorySpec, prior: Present, now: Present): boolean {
  return (
    (now.mode === spec.mode || now.mode === prior.mode) &&
    (ownedBy(now, spec.owner, spec.group) || (now.uid === prior.uid && now.gid === prior.gid))
  );
}

/** Everything but whether it is empty: what is in a directory is not this change's business. */
function sameDirectory(a: Present, b: Present): boolean {
  return same({ ...a, empty: true }, { ...b, empty: true });
}

/** Its name in the folder that holds it. */
function here(spec: DirectorySpec): string {
  return `./${split(spec.path).base}`;
}

/** Goes into the directory and changes that one, whatever the name becomes. Five digits also clear set-id bits. */
function adjust(spec: DirectorySpec, owner: string, mode: string): Script {
  return sh`[ -d ${spec.path} ] && [ ! -L ${spec.path} ] || fail ${`${spec.path} is no directory`}
enter ${spec.path}
chown ${owner} .
chmod ${`0${mode}`} .`;
}

/** A directory, made where there is none. */
export const directory: ChangeKind<DirectorySpec, DirectoryState> = {
  name: 'directory',
  spec: specSchema,
  state: stateSchema,
  read: (spec) =>
    lines(
      raw('set -eu'),
      sh`if [ -d ${spec.path} ] && [ ! -L ${spec.path} ]; then
  first=$(find ${spec.path} -mindepth 1 -maxdepth 1 -print | head -c 1)
  echo "directory $(stat -c '%a %u %g %U %G' ${spec.path}) \${first:+full}"
elif [ -e ${spec.path} ] || [ -L ${spec.path} ]; then echo other
else echo absent
fi`,
    ),
  parse(spec, output) {
    const line = output.trim();
    if (line === 'absent' || line === 'other') return { type: line };
    const match = /^directory ([0-7]{1,4}) (\d+) (\d+) (\S+) (\S+)( full)?$/.exec(line);
    if (!match) throw malformed('directory', spec.path, output);
    const [, mode = '', uid, gid, owner = '', group = '', full] = match;
    return {
      type: 'directory',
      mode: fourDigits(mode),
      uid: Number(uid),
      gid: Number(gid),
      owner,
      group,
      empty: full === undefined,
    };
  },
  satisfied: (spec, state) => state.type === 'directory' && (spec.adjust !== true || fits(spec, state)),
  forward(spec, prior) {
    if (prior.type === 'other') throw refused('directory', spec.path, 'not-a-directory');
    // mkdir fails when something has appeared meanwhile.
    const script = lines(
      prelude,
      ...(prior.type === 'absent'
        ? [sh`enter ${split(spec.path).folder}`, sh`mkdir -m 0700 ${here(spec)}`]
        : []),
      adjust(spec, `${spec.owner}:${spec.group}`, spec.mode),
    );
    return { commands: [{ script, root: true }] };
  },
  backward(spec, prior) {
    const script =
      prior.type === 'directory'
        ? lines(prelude, adjust(spec, `${prior.uid}:${prior.gid}`, prior.mode))
        : // What others have put into it keeps it.
          lines(
            prelude,
            sh`enter ${split(spec.path).folder}`,
            sh`rmdir --ignore-fail-on-non-empty ${here(spec)}`,
          );
    return { commands: [{ script, root: true }] };
  },
  achieved: (spec, _prior, now) => now.type === 'directory' && fits(spec, now),
  judge(spec, prior, after, now) {
    if (now.type !== 'directory') return same(prior, now) ? 'prior' : 'foreign';
    if (prior.type === 'directory') {
      if (sameDirectory(prior, now)) return 'prior';
      return between(spec, prior, now) ? 'ours' : 'foreign';
    }
    // Cut off between mkdir and chown it is empty and root's; later a stranger's mode shows a stranger's hand.
    if (fits(spec, now) || (after?.type === 'directory' && sameDirectory(after, now))) return 'ours';
    return after === undefined && now.empty ? 'ours' : 'foreign';
  },
  undone(_spec, prior, now) {
    if (prior.type === 'directory') return now.type === 'directory' && sameDirectory(prior, now);
    return now.type === 'absent' || (now.type === 'directory' && !now.empty);
  },
  preview: (spec, prior) => [
    {
      title: spec.path,
      before: prior.type === 'absent' ? null : describe(prior),
      after: `${spec.mode} ${spec.owner}:${spec.group}`,
      mode: spec.mode,
    },
  ],
  text: describe,
};

function describe(state: DirectoryState): string {
  if (state.type !== 'directory') return state.type;
  return `${state.mode} ${state.owner}:${state.group}${state.empty ? '' : ' (not empty)'}`;
}
