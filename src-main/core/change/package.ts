import { z } from 'zod';
import { message } from '../../contract/message';
import { lines, raw, sh, type Script } from '../shell/quote';
import type { ChangeKind } from './kind';
import { prelude } from './scripts';
import { malformed, refused } from './values';

const nameSchema = z.string().regex(/^[a-z0-9][a-z0-9+.-]+(:[a-z0-9]+)?$/);
const specSchema = z.object({ names: z.array(nameSchema).min(1) });
export type PackageSpec = z.infer<typeof specSchema>;

const stateSchema = z.object({
  /** Every package that is not plainly absent, by name: `STATUS VERSION MARK`, e.g. `ii 1.2-3 auto`. */
  packages: z.record(z.string(), z.string()),
  /** What apt would do now: install, upgrade, remove. */
  adds: z.array(z.string()),
  upgrades: z.array(z.string()),
  removes: z.array(z.string()),
  /** apt's reason why it would do nothing; empty when it has none. */
  problem: z.string(),
});
export type PackageState = z.infer<typeof stateSchema>;

/** How long apt waits for another apt or dpkg to finish, seconds; it says whom it waits for. */
const LOCK_WAIT_SECONDS = 180;
const LIMIT_MS = 30 * 60_000;

const apt: Script = sh`apt-get -q -y -o ${`DPkg::Lock::Timeout=${LOCK_WAIT_SECONDS}`} -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0`;

/** Nobody is there to answer, and no service of others is restarted on the side. */
const quiet = raw(
  'export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none',
);

function installed(state: PackageState, name: string): boolean {
  return state.packages[name]?.startsWith('ii ') === true;
}

function mark(state: PackageState, name: string): string | undefined {
  return state.packages[name]?.split(' ')[2];
}

/** What this change brought: announced by apt beforehand, not there before, here now (whole or half). */
function brought(prior: PackageState, now: PackageState): string[] {
  const present = (state: PackageState, name: string) => {
    const status = state.packages[name]?.slice(0, 2);
    return status !== undefined && !status.endsWith('c') && !status.endsWith('n');
  };
  return prior.adds.filter((name) => present(now, name) && !present(prior, name));
}

/** Packages that were there before and that asking for them by name has marked as wanted. */
function remarked(spec: PackageSpec, prior: PackageState, now: PackageState): string[] {
  return spec.names.filter((name) => mark(prior, name) === 'auto' && mark(now, name) === 'manual');
}

/** Debian packages, with what they depend on. */
export const packages: ChangeKind<PackageSpec, PackageState> = {
  name: 'package',
  spec: specSchema,
  state: stateSchema,
  read: (spec) =>
    lines(
      raw(`set -eu
native=$(dpkg --print-architecture)
dpkg-query -W -f='\${Package} \${Architecture} \${db:Status-Abbrev}\\t\${Version}\\n' |
  awk -v native="$native" '{ name = $1; if ($2 != native && $2 != "all") name = name ":" $2; print "package", name, $3, $4 }'
apt-mark showauto | sed 's/^/auto /'`),
      sh`if plan=$(apt-get -s -q -y --no-remove install ${spec.names} 2>&1); then
  printf '%s\\n' "$plan" | awk '$1 == "Inst" { print (substr($3, 1, 1) == "[" ? "upgrade" : "add"), $2 } $1 == "Remv" { print "remove", $2 }'
else
  printf '%s\\n' "$plan" | grep '^E:' | head -n 3 | sed 's/^/problem /'
fi`,
    ),
  parse(_spec, output) {
    const versions = new Map<string, string>();
    const auto = new Set<string>();
    const lists: Record<'add' | 'upgrade' | 'remove' | 'problem', string[]> = {
      add: [],
      upgrade: [],
      remove: [],
      problem: [],
    };
    for (const line of output.split('\n')) {
      const [word, name = '', status, version] = line.split(' ');
      if (word === 'package' && status !== undefined) versions.set(name, `${status} ${version ?? ''}`);
      else if (word === 'auto') auto.add(name);
      else if (word === 'add' || word === 'upgrade' || word === 'remove') lists[word].push(name);
      else if (word === 'problem') lists.problem.push(line.slice('problem '.length));
      else if (line !== '') throw malformed('package', 'dpkg', line);
    }
    if (versions.size === 0) throw malformed('package', 'dpkg', output);
    const listed = [...versions].map(([name, text]) => [
      name,
      `${text} ${auto.has(name) ? 'auto' : 'manual'}`,
    ]);
    return {
      packages: Object.fromEntries(listed) as Record<string, string>,
      adds: lists.add.sort(),
      upgrades: lists.upgrade.sort(),
      removes: lists.remove.sort(),
      problem: lists.problem.join('\n'),
    };
  },
  satisfied: (spec, state) => spec.names.every((name) => installed(state, name)),
  forward(spec, prior) {
    const target = spec.names.join(' ');
    if (prior.problem !== '') throw refused('package', target, 'not-installable', prior.problem);
    const script = lines(prelude, quiet, sh`${apt} --no-remove install ${spec.names}`);
    return { commands: [{ script, root: true, limitMs: LIMIT_MS }] };
  },
  backward(spec, prior, now) {
    const ours = brought(prior, now);
    const scripts = [prelude, quiet];
    if (ours.some((name) => !installed(now, name))) {
      // A cut-off installation: let dpkg finish what it can, or apt refuses to look at anything.
      scripts.push(raw('dpkg --configure -a || :'));
    }
    if (ours.length > 0) {
      // What was left from an earlier installation is not ours to purge.
      const purge = ours.filter((name) => prior.packages[name] === undefined);
      scripts.push(
        sh`plan=$(apt-get -s -q -y remove ${ours}) || fail "apt cannot remove these packages"
more=$(printf '%s\\n' "$plan" | awk '$1 == "Remv" || $1 == "Purg" || $1 == "Inst" { print $2 }' | grep -vxF -e ${ours.join('\n')} || :)
[ -z "$more" ] || fail "others need what would be removed: $more"`,
        sh`${apt} remove ${ours}`,
        ...(purge.length > 0 ? [sh`dpkg --purge ${purge}`] : []),
      );
    }
    const marks = remarked(spec, prior, now);
    if (marks.length > 0) scripts.push(sh`apt-mark auto ${marks}`);
    return { commands: [{ script: lines(...scripts), root: true, limitMs: LIMIT_MS }] };
  },
  achieved: (spec, _prior, now) => spec.names.every((name) => installed(now, name)),
  judge(spec, prior, _after, now) {
    return brought(prior, now).length > 0 || remarked(spec, prior, now).length > 0 ? 'ours' : 'prior';
  },
  undone: (spec, prior, now) => brought(prior, now).length === 0 && remarked(spec, prior, now).length === 0,
  preview(spec, prior) {
    const list = (names: string[], sign: string) => names.map((name) => `${sign} ${name}`);
    return [
      {
        title: 'apt',
        before: null,
        after:
          [...list(prior.adds, '+'), ...list(prior.upgrades, '~'), ...list(prior.removes, '-')].join('\n') ||
          spec.names.join('\n'),
      },
    ];
  },
  text: (state) =>
    Object.entries(state.packages)
      .map(([name, value]) => `${name} ${value}`)
      .sort()
      .join('\n'),
  irreversible: (spec, prior) =>
    message('change.package.irreversible', {
      packages: spec.names.join(' '),
      upgrades: prior.upgrades.join(' '),
    }),
};
