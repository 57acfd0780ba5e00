import { lines, raw, sh, type Script } from '../shell/quote';
import { buildDigest, type BuildSpec } from './build-spec';
import type { Scope } from './kind';
import { prelude, tempPath } from './scripts';

/** Lies in what was built: `spec DIGEST`, then every file as it was when the build had ended. */
const STAMP = '.twinspark-build';

/** Prints every file below the working directory with its size and time; the stamp itself is left out. */
const listing = raw(
  `find . -mindepth 1 ! -type d ! -path ./${STAMP} -printf '%p %y %s %T@ %l\\n' 2>/dev/null | LC_ALL=C sort`,
);

/** Shell function that runs a command as the owner, with nothing of root's environment. */
function asOwner({ owner, search }: BuildSpec): Script {
  const path = [...search, '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'].join(':');
  return sh`home=$(getent passwd ${owner} | cut -d: -f6)
own() { runuser -u ${owner} -- env -i LC_ALL=C HOME="$home" ${`PATH=${path}`} "$@"; }`;
}

/**
 * Prints what is there: `directory`, the stamp's first line, missing results, and at most 20 lines of difference. The owner
 * reads it: whatever a link in the owner's folder leads to, it shows nothing that the owner may not see.
 */
export function readBuild(spec: BuildSpec): Script {
  const look = sh`if [ -L ${spec.path} ]; then echo other
elif [ ! -e ${spec.path} ]; then echo absent
elif [ ! -d ${spec.path} ]; then echo other
else
cd ${spec.path}
echo directory
for result in ${spec.results}; do [ -e "./$result" ] || printf 'missing %s\n' "$result"; done
if [ -f ${`./${STAMP}`} ] && [ ! -L ${`./${STAMP}`} ]; then
  head -n 1 ${`./${STAMP}`} | head -c 80
  { cat ${`./${STAMP}`}; echo now; ${listing}; } | awk ${compare} | head -n 20
fi
echo 'end .'
fi`;
  return lines(
    asOwner(spec),
    // Without an owner nobody but root has anything there.
    sh`getent passwd ${spec.owner} >/dev/null || own() { "$@"; }
own /bin/sh -c ${look.text}`,
  );
}

/** Of the stamp, a line `now` and the files of now: what came or changed, and what is no longer so. */
const compare = `$0 == "now" { now = 1; next }
!now { if (NR > 1) was[$0] = 1; next }
$0 in was { delete was[$0]; next }
{ print "changed + " $0 }
END { for (line in was) print "changed - " line }`;

/**
 * Builds beside the place and moves the result there in one step: what is in place is whole, and what a cut-off build
 * leaves has a name of ours. All of it is the owner's work: make runs what the tree says.
 */
export function build(spec: BuildSpec, scope: Scope): Script {
  const variables = Object.entries(spec.variables).map(([name, value]) => `${name}=${value}`);
  return lines(
    prelude,
    raw('umask 022'),
    asOwner(spec),
    sh`new=${tempPath(spec.path, scope)}
[ ! -e ${spec.path} ] && [ ! -L ${spec.path} ] || fail ${`${spec.path} is there already`}
[ -d ${spec.source} ] || fail ${`${spec.source} is not there`}
trap 'own rm -rf "$new"' EXIT
trap 'exit 130' HUP INT TERM
own rm -rf "$new"
own mkdir "$new"`,
    // A compiler of GPU code takes more than a GiB: where all processors at once would not fit, fewer work.
    raw(`jobs=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo)
[ "\${jobs:-0}" -ge 1 ] || jobs=1
[ "$jobs" -le "$(nproc)" ] || jobs=$(nproc)`),
    // What goes wrong is told on both streams: in one, its last lines say what it was.
    sh`own make -C ${spec.source} -j"$jobs" ${[...spec.targets, ...variables]} BUILDDIR="$new" </dev/null 2>&1
for result in ${spec.results}; do
  [ -e "$new/$result" ] || fail "make has ended without an error, and $result is not there"
done
{ echo ${`spec ${buildDigest(spec)}`}; (cd "$new" && ${listing}); } | own tee "$new"/${STAMP} >/dev/null
sync -f "$new"
own mv -T "$new" ${spec.path}
trap - EXIT`,
  );
}

/** Takes what was built away, out of its place in one step: a cut-off removal is not taken for somebody's edit. */
export function unbuild(spec: BuildSpec, scope: Scope): Script {
  return lines(
    prelude,
    asOwner(spec),
    sh`new=${tempPath(spec.path, scope)}
own rm -rf "$new"
if [ -d ${spec.path} ] && [ ! -L ${spec.path} ]; then own mv -T ${spec.path} "$new"; fi
own rm -rf "$new"`,
  );
}
