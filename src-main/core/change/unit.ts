import { z } from 'zod';
import { sameValue as same } from '../canonical';
import { lines, raw, sh, type Script } from '../shell/quote';
import type { ChangeKind } from './kind';
import { prelude } from './scripts';
import { malformed, refused, split } from './values';

const specSchema = z.object({
  unit: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9:_.@-]{0,200}\.(service|socket|timer|target|path|mount)$/),
  /** Starts at boot. */
  enabled: z.boolean().optional(),
  /** Runs now. */
  active: z.boolean().optional(),
});
export type UnitSpec = z.infer<typeof specSchema>;

const stateSchema = z.object({
  /** As `systemctl is-enabled` says; `not-found` where there is no such unit. */
  file: z.string(),
  active: z.boolean(),
  /** Every link that makes it start, path and target: systemd's own and those of the older rc folders. */
  links: z.array(z.tuple([z.string(), z.string()])),
});
export type UnitState = z.infer<typeof stateSchema>;

const startsAtBoot = ['enabled', 'alias', 'static', 'indirect', 'generated'];
const startsNot = ['disabled', 'masked', 'not-found'];

function fileFits(spec: UnitSpec, state: UnitState): boolean {
  if (spec.enabled === undefined) return true;
  return (spec.enabled ? startsAtBoot : startsNot).includes(state.file);
}

function fits(spec: UnitSpec, state: UnitState): boolean {
  return fileFits(spec, state) && (spec.active === undefined || state.active === spec.active);
}

function hasLink(state: UnitState, link: readonly [string, string]): boolean {
  return state.links.some((other) => same(other, link));
}

/** Whether `now` is somewhere on the way from one set of links to the other. */
function between(prior: UnitState, after: UnitState, now: UnitState): boolean {
  const kept = prior.links.filter((link) => hasLink(after, link));
  return (
    now.links.every((link) => hasLink(prior, link) || hasLink(after, link)) &&
    kept.every((link) => hasLink(now, link))
  );
}

/** Links as they were: systemctl would make those that the unit asks for, which need not be the same. */
function restoreLinks(prior: UnitState, now: UnitState): Script[] {
  const gone = now.links.filter((link) => !hasLink(prior, link));
  const back = prior.links.filter((link) => !hasLink(now, link));
  const folders = new Set(
    gone.map(([path]) => split(path).folder).filter((folder) => /\.(wants|requires)$/.test(folder)),
  );
  for (const [path] of prior.links) folders.delete(split(path).folder);
  const scripts = [
    ...gone.map(([path]) => sh`rm -f ${path}`),
    ...[...folders].map((folder) => sh`rmdir --ignore-fail-on-non-empty ${folder}`),
    ...back.flatMap(([path, target]) => [
      sh`[ -d ${split(path).folder} ] || mkdir -m 0755 ${split(path).folder}`,
      sh`ln -s ${target} ${path}`,
    ]),
  ];
  return scripts.length === 0 ? [] : [...scripts, raw('systemctl daemon-reload')];
}

/** Whether a service starts at boot and runs now. */
export const unit: ChangeKind<UnitSpec, UnitState> = {
  name: 'unit',
  spec: specSchema,
  state: stateSchema,
  read: (spec) =>
    lines(
      raw('set -eu'),
      sh`state=$(systemctl is-enabled ${spec.unit} 2>/dev/null || :)
echo "file \${state:-not-found}"
case $(systemctl is-active ${spec.unit} || :) in
  active | activating | reloading | refreshing) echo 'active yes' ;;
  *) echo 'active no' ;;
esac
find /etc/systemd/system -type l '(' -name ${spec.unit} -o -lname ${`*/${spec.unit}`} ')' -printf 'link %p\\t%l\\n'
for folder in /etc/rc[0-6S].d; do
  [ -d "$folder" ] || continue
  find "$folder" -type l -name ${`[SK][0-9][0-9]${spec.unit.replace(/\.service$/, '')}`} -printf 'link %p\\t%l\\n'
done`,
    ),
  parse(spec, output) {
    const [file = '', active = '', ...rest] = output.split('\n').filter((line) => line !== '');
    const links = rest.map((line) => /^link (\/[^\t]+)\t([^\t]+)$/.exec(line));
    if (!/^file [a-z-]+$/.test(file) || !/^active (yes|no)$/.test(active) || links.includes(null)) {
      throw malformed('unit', spec.unit, output);
    }
    return {
      file: file.slice('file '.length),
      active: active === 'active yes',
      links: links
        .map((link): [string, string] => [link?.[1] ?? '', link?.[2] ?? ''])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    };
  },
  satisfied: fits,
  forward(spec, prior) {
    if (prior.file === 'not-found') throw refused('unit', spec.unit, 'not-found');
    if (prior.file.startsWith('masked') && (spec.enabled === true || spec.active === true)) {
      throw refused('unit', spec.unit, 'masked');
    }
    const scripts = [prelude];
    if (!fileFits(spec, prior))
      scripts.push(sh`systemctl ${spec.enabled === true ? 'enable' : 'disable'} ${spec.unit}`);
    if (spec.active !== undefined && spec.active !== prior.active) {
      scripts.push(sh`systemctl ${spec.active ? 'start' : 'stop'} ${spec.unit}`);
    }
    return { commands: [{ script: lines(...scripts), root: true }] };
  },
  backward(spec, prior, now) {
    const scripts = [prelude];
    // A unit that is going to be without its links is stopped while systemd still knows it by them.
    if (now.active && !prior.active) scripts.push(sh`systemctl stop ${spec.unit}`);
    scripts.push(...restoreLinks(prior, now));
    if (prior.active && !now.active) scripts.push(sh`systemctl start ${spec.unit}`);
    return { commands: [{ script: lines(...scripts), root: true }] };
  },
  achieved: (spec, _prior, now) => fits(spec, now),
  judge(spec, prior, after, now) {
    if (same(now, prior)) return 'prior';
    const links = (state: UnitState) => [state.file, state.links];
    if (same(links(now), links(prior))) return 'ours';
    if (now.file.startsWith('masked')) return 'foreign';
    // Cut off, only some of the links may be there; a link that is neither's is another tool's.
    if (after) return between(prior, after, now) ? 'ours' : 'foreign';
    return now.file === prior.file || fileFits(spec, now) ? 'ours' : 'foreign';
  },
  undone: (_spec, prior, now) => same(now, prior),
  preview: (spec, prior) => [
    {
      title: spec.unit,
      before: describe(prior),
      after: [
        spec.enabled === undefined ? prior.file : spec.enabled ? 'enabled' : 'disabled',
        (spec.active ?? prior.active) ? 'active' : 'inactive',
      ].join(', '),
    },
  ],
  text: (state) =>
    [describe(state), ...state.links.map(([path, target]) => `${path} -> ${target}`)].join('\n'),
};

function describe(state: UnitState): string {
  return `${state.file}, ${state.active ? 'active' : 'inactive'}`;
}
