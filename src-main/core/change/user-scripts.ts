import type { Command } from '../ports';
import { lines, raw, sh, type Script } from '../shell/quote';
import type { Scope } from './kind';
import { dropKeepFolders, keptPath, listLeftovers, makeKeepFolder, prelude } from './scripts';
import type { UserSpec } from './user-spec';

const home = (spec: UserSpec) => `/home/${spec.name}`;
const keep = (spec: UserSpec, scope: Scope) => keptPath('user', home(spec), scope);

/** The account files; each has a backup of the same name and a dash, which every tool rewrites. */
const databases = raw('passwd shadow group gshadow subuid subgid');

/**
 * Prints what an account has beyond /etc/skel, its mail and its crontab included, in hexadecimal.
 * Empty files are nobody's work: a first login leaves some.
 */
function listExtra(spec: UserSpec): Script {
  return sh`extra() {
  { [ ! -d ${home(spec)} ] || find ${home(spec)} -xdev -mindepth 1 ! -type d ! '(' -type f -empty ')' -exec sh -c '
    for file; do
      skel=/etc/skel/\${file#"$0"/}
      if [ -f "$file" ] && [ ! -L "$file" ] && [ -f "$skel" ] && cmp -s "$file" "$skel"; then continue; fi
      if [ -L "$file" ] && [ -L "$skel" ] && [ "$(readlink "$file")" = "$(readlink "$skel")" ]; then continue; fi
      printf "%s" "$file" | od -An -v -tx1 | tr -d " \\n" | sed "s/^/extra /"
      echo
    done' ${home(spec)} {} +
    for file in ${`/var/mail/${spec.name}`} ${`/var/spool/cron/crontabs/${spec.name}`}; do
      [ ! -s "$file" ] || { printf '%s' "$file" | od -An -v -tx1 | tr -d ' \\n' | sed 's/^/extra /'; echo; }
    done
  } | head -n 50
}`;
}

/** Prints account, groups, every line of the account files that names the user, home, leftovers and extra files. */
export function readAccount(spec: UserSpec): Script {
  return lines(
    raw('set -eu'),
    listExtra(spec),
    sh`name=${spec.name}
awk -F: -v n="$name" '$1 == n { print "account " $3 ":" $4 ":" $5 ":" $6 ":" $7 }' /etc/passwd
awk -F: -v n="$name" '$1 == n && $2 != "" && $2 !~ /^[!*]/ { print "password set" }' /etc/shadow
for group in ${spec.groups}; do
  if grep -q "^$group:" /etc/group; then echo "group $group"; fi
done
for file in ${databases}; do
  for copy in $file $file-; do
    [ -f "/etc/$copy" ] || continue
    awk -F: -v n="$name" -v f="$copy" '
      $1 == n { print "line " f " own" }
      f ~ /^g/ { count = split($4, all, ","); for (i = 1; i <= count; i++) if (all[i] == n) print "line " f " " $1 }' "/etc/$copy"
  done
done
if [ -d ${home(spec)} ] && [ ! -L ${home(spec)} ]; then echo 'home directory'
elif [ -e ${home(spec)} ] || [ -L ${home(spec)} ]; then echo 'home other'
else echo 'home absent'
fi`,
    sh`left=$(${listLeftovers('user', home(spec))}
)
if [ -n "$left" ]; then printf '%s\\n' "$left"; extra; fi`,
  );
}

/** Copies the account files aside, once: they hold password hashes, so they stay on the node, root only. */
function keepFiles(spec: UserSpec, scope: Scope): Script {
  return lines(
    makeKeepFolder(scope),
    sh`kept=${keep(spec, scope)}
if [ ! -d "$kept" ]; then
  rm -rf "$kept.new"
  mkdir "$kept.new"
  for file in ${databases}; do
    for copy in $file $file-; do
      if [ -f "/etc/$copy" ]; then cp -p "/etc/$copy" "$kept.new/$copy"; fi
    done
  done
  if [ -f /etc/.pwd.lock ]; then touch "$kept.new/had-lock"; fi
  sync "$kept.new"/*
  mv "$kept.new" "$kept"
fi`,
  );
}

export function makeAccount(spec: UserSpec, groups: readonly string[], scope: Scope): Command {
  const uid = spec.uid === undefined ? raw('') : sh` -u ${spec.uid}`;
  const join = groups.length === 0 ? raw('') : sh` -G ${groups.join(',')}`;
  const script = lines(
    prelude,
    sh`if getent passwd ${spec.name} >/dev/null; then fail ${`there is an account ${spec.name}`}; fi
[ ! -e ${home(spec)} ] || fail ${`there is a ${home(spec)}`}`,
    keepFiles(spec, scope),
    // --no-log-init: lastlog and faillog keep their size.
    sh`useradd --no-log-init -m -U -d ${home(spec)} -s ${spec.shell}${uid}${join} ${spec.name}`,
  );
  return { script, root: true };
}

/** The password comes and goes on by standard input: never an argument, never a file of ours. */
export function setPassword(spec: UserSpec, scope: Scope): Command {
  const script = lines(
    prelude,
    sh`IFS= read -r password || :
[ -n "$password" ] || fail 'no password was given'
printf '%s:%s\\n' ${spec.name} "$password" | chpasswd`,
  );
  const secret = { kind: 'new-user-password', node: scope.node, user: spec.name } as const;
  return { script, root: true, input: { kind: 'secret', secret } };
}

export function joinGroups(spec: UserSpec, groups: readonly string[], scope: Scope): Command {
  const script = lines(prelude, keepFiles(spec, scope), sh`usermod -aG ${groups.join(',')} ${spec.name}`);
  return { script, root: true };
}

/** Takes the locks that the shadow tools take, theirs and ours apart by process id; a dead owner's lock is void. */
const lockDatabases = sh`unlock() { for file in $locked; do rm -f "/etc/$file.lock"; done; }
locked=
trap unlock EXIT
trap 'exit 130' HUP INT TERM
for file in ${databases}; do
  tries=0
  # The shadow tools take a line end for a damaged lock.
  printf '%s' $$ >"/etc/$file.twinspark"
  until ln "/etc/$file.twinspark" "/etc/$file.lock" 2>/dev/null; do
    owner=$(tr -d '\\0' <"/etc/$file.lock" 2>/dev/null || :)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -f "/etc/$file.lock"; continue; fi
    tries=$((tries + 1))
    [ "$tries" -le 30 ] || { rm -f "/etc/$file.twinspark"; fail "/etc/$file is locked by process $owner"; }
    sleep 1
  done
  rm -f "/etc/$file.twinspark"
  locked="$locked $file"
done`;

/** Account files without the user's own lines (or only out of the groups that were joined). */
const restoreDatabases = sh`strip() {
  case \${1##*/} in
    group* | gshadow*) awk -F: -v OFS=: -v n="$name" -v created="$created" -v joined=",$joined," '
      created && $1 == n { next }
      created || index(joined, "," $1 ",") {
        for (k = 3; k <= 4; k++) {
          count = split($k, all, ","); rest = ""; hit = 0
          for (i = 1; i <= count; i++) if (all[i] == n) hit = 1; else rest = rest (rest == "" ? "" : ",") all[i]
          if (hit) $k = rest
        }
      }
      { print }' "$1" ;;
    *) awk -F: -v n="$name" -v created="$created" '!(created && $1 == n)' "$1" ;;
  esac
}
put() { cmp -s "$1" "$2" || { cp -p "$1" "$2.twinspark"; sync "$2.twinspark"; mv -f "$2.twinspark" "$2"; }; }
without() {
  strip "$1" >"$kept/stripped"
  cmp -s "$kept/stripped" "$1" || { cp -p "$1" "$1.twinspark"; cat "$kept/stripped" >"$1.twinspark"; sync "$1.twinspark"; mv -f "$1.twinspark" "$1"; }
}
for file in ${databases}; do
  [ -f "/etc/$file" ] || continue
  if [ ! -f "$kept/$file" ]; then
    strip "/etc/$file" >"$kept/now"
    if [ -s "$kept/now" ]; then without "/etc/$file"; else rm -f "/etc/$file" "/etc/$file-"; fi
    continue
  fi
  strip "$kept/$file" >"$kept/was"
  strip "/etc/$file" >"$kept/now"
  if cmp -s "$kept/was" "$kept/now"; then
    # Nobody else has changed it: the very bytes of before, and the backup of before.
    put "$kept/$file" "/etc/$file"
    if [ -f "$kept/$file-" ]; then put "$kept/$file-" "/etc/$file-"; else rm -f "/etc/$file-"; fi
  else
    without "/etc/$file"
    if [ -f "/etc/$file-" ] && ! cmp -s "$kept/$file-" "/etc/$file-"; then without "/etc/$file-"; fi
  fi
done`;

/** The command that makes the account, or the joining of groups, not have been. */
export function takeBack(options: {
  spec: UserSpec;
  created: boolean;
  joined: readonly string[];
  uid: number | null;
  scope: Scope;
}): Command {
  const { spec, created, joined, uid, scope } = options;
  const scripts = [
    prelude,
    sh`name=${spec.name}\ncreated=${created ? 1 : 0}\njoined=${joined.join(',')}\nkept=${keep(spec, scope)}`,
  ];
  if (created) {
    scripts.push(listExtra(spec), sh`[ -z "$(extra)" ] || fail ${`${home(spec)} holds files of others`}`);
    if (uid !== null) {
      scripts.push(sh`tries=0
while [ -n "$(find /proc -maxdepth 1 -name '[0-9]*' -uid ${uid} -print -quit 2>/dev/null)" ]; do
  tries=$((tries + 1))
  [ "$tries" -le 20 ] || fail ${`${spec.name} is logged in or has processes running`}
  sleep 1
done`);
    }
  }
  scripts.push(
    sh`if [ -d "$kept" ]; then
${lockDatabases}
${restoreDatabases}
if [ ! -e "$kept/had-lock" ] && [ -f /etc/.pwd.lock ] && [ ! -s /etc/.pwd.lock ]; then rm -f /etc/.pwd.lock; fi
fi`,
  );
  if (created) {
    scripts.push(sh`if [ -d ${home(spec)} ] && [ ! -L ${home(spec)} ]; then rm -rf --one-file-system ${home(spec)}; fi
rm -f ${`/var/mail/${spec.name}`}`);
  }
  scripts.push(
    // Out of the way in one step: copies that are half gone, after a cut-off, would say that less was there before.
    raw(`rm -rf "$kept.new"
if [ -d "$kept" ]; then unlock; mv "$kept" "$kept.new"; fi
rm -rf "$kept.new"`),
    dropKeepFolders(scope),
  );
  return { script: lines(...scripts), root: true };
}
