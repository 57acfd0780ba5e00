import { helpers, lines, raw, sh, type Script } from '../shell/quote';
import type { Scope } from './kind';
import { sha256, split } from './values';

/** Where prior copies wait that must not leave the node; root only. */
const keepRoot = '/var/lib/twinspark';

/**
 * First lines of every script that changes something: stop at the first error, make nothing that others can read.
 * `seen` prints a regular file's hash, `absent`, or `other` for what is neither (a symbolic link is never followed).
 * `enter` goes to a folder, `step` into one of the present folder. Root works in folders that an account may write to,
 * and that account may put a symbolic link in the place of any name there, at any moment. So nothing is reached by its
 * path: each step goes into one folder and then asks the kernel whether that is really one of the folder before, where
 * others than root may write to it. Names are from there on those of the working directory, which no link can move.
 */
export const prelude: Script = helpers(
  raw(`set -eu
umask 077
fail() { printf 'twinspark: %s\\n' "$1" >&2; exit 1; }
seen() {
  if [ -L "$1" ]; then echo other
  elif [ ! -e "$1" ]; then echo absent
  elif [ -f "$1" ]; then sha256sum <"$1" | cut -c 1-64
  else echo other
  fi
}
step() {
  here=$(stat -c '%u %a %d:%i' .)
  cd -P "./$1" || fail "there is no way into $1"
  case $here in '0 '*[0145][0145]' '*) return 0 ;; esac
  [ "$(stat -c %d:%i ..)" = "\${here##* }" ] || fail "$1 leads elsewhere"
}
enter() {
  cd /
  rest=\${1#/}
  while [ -n "$rest" ]; do
    part=\${rest%%/*}
    rest=\${rest#"$part"}
    rest=\${rest#/}
    step "$part"
  done
}`),
);

/** A name beside `path` that only this change of this run uses; `read` lists such names, so a crash leaves no unseen file. */
export function tempPath(path: string, scope: Scope): string {
  const { folder, base } = split(path);
  return `${folder === '/' ? '' : folder}/.${base}.twinspark-${scope.run}-${scope.index}`;
}

/** Copy on the node of what `path` was, one per run. */
export function keptPath(kind: string, path: string, scope: Scope): string {
  return `${keepRoot}/${scope.run}/${keptName(kind, path)}`;
}

function keptName(kind: string, path: string): string {
  return `${kind}-${sha256(path).slice(0, 16)}`;
}

/** Removes the folders of kept copies once nothing is in them. */
export function dropKeepFolders(scope: Scope): Script {
  return sh`rmdir ${`${keepRoot}/${scope.run}`} ${keepRoot} 2>/dev/null || :`;
}

/**
 * Removes folders of kept copies that hold nothing: a command that was cut off just before its first copy, or just after
 * its last one was gone, leaves one behind which no change can be told to own.
 */
export const dropEmptyKeepFolders: Script = sh`[ ! -d ${keepRoot} ] || rmdir ${raw(`${keepRoot}/*`)} ${keepRoot} 2>/dev/null || :`;

/** Makes the run's folder for kept copies. */
export function makeKeepFolder(scope: Scope): Script {
  return sh`mkdir -p ${`${keepRoot}/${scope.run}`}`;
}

/**
 * Lists what a change of `path` left lying about: `left temp RUN-INDEX` beside it, `left kept RUN` under /var/lib.
 * Names that are not ours by form are passed over.
 */
export function listLeftovers(kind: string, path: string): Script {
  const { folder, base } = split(path);
  const prefix = `${folder === '/' ? '' : folder}/.${base}.twinspark-`;
  return sh`for left in ${prefix}*; do
  [ -e "$left" ] || [ -L "$left" ] || continue
  name=\${left##*.twinspark-}
  case $name in *[!a-z0-9.-]*) ;; *) echo "left temp $name" ;; esac
done
for left in ${keepRoot}/*/${keptName(kind, path)}*; do
  [ -e "$left" ] || continue
  name=\${left#${keepRoot}/}
  name=\${name%%/*}
  case $name in *[!a-z0-9-]*) ;; *) echo "left kept $name" ;; esac
done`;
}

/** Takes the `left …` lines out of an output. */
export function takeLeftovers(output: string): { leftovers: string[]; rest: string[] } {
  const all = output.split('\n').filter((line) => line !== '');
  const leftovers = new Set(
    all.filter((line) => line.startsWith('left ')).map((line) => line.slice('left '.length)),
  );
  return { leftovers: [...leftovers].sort(), rest: all.filter((line) => !line.startsWith('left ')) };
}

/** Whether `now` has leftovers that `prior` had not. */
export function hasNewLeftovers(prior: { leftovers: string[] }, now: { leftovers: string[] }): boolean {
  return now.leftovers.some((name) => !prior.leftovers.includes(name));
}

/** Stops when `path` is none of the things that are safe to replace (hashes as {@link prelude}'s `seen` prints them). */
export function expect(path: string, ...accepted: string[]): Script {
  const pattern = { text: [...new Set(accepted)].join(' | ') };
  return sh`case $(seen ${path}) in ${pattern}) ;; *) fail ${`${path} is not what was found there`} ;; esac`;
}

/** Removes the file `path`, in the folder that it is seen in. */
export function removeFile(path: string): Script {
  const { folder, base } = split(path);
  return sh`enter ${folder}
rm -f ${`./${base}`}
cd /`;
}

/**
 * Runs `work` in a new folder beside `path`, with the folder of `path` as `..`, and removes it in the end. It has the
 * temporary name, and it is root's alone: who owns the folder around it can give the new one another name, but can
 * neither reach what is in it nor move it elsewhere (that takes the right to write to it). Hence no name in it can
 * become a link before chown, chmod or rename get to it. What `work` puts in place it names `../BASE`, with `-T`: so a
 * link to a folder is replaced or refused, not followed.
 */
export function workBeside(path: string, scope: Scope, work: Script): Script {
  const temp = `./${split(tempPath(path, scope)).base}`;
  return lines(
    sh`enter ${split(path).folder}`,
    sh`rm -rf ${temp}`,
    sh`mkdir -m 0700 ${temp}`,
    sh`step ${temp}`,
    raw(`case $(stat -c '%u %a' .) in "$(id -u) "*700) ;; *) fail 'somebody else works here too' ;; esac`),
    sh`trap ${sh`cd .. && rm -rf ${temp}`.text} EXIT`,
    raw(`trap 'exit 130' HUP INT TERM`),
    work,
    sh`cd ..
rm -rf ${temp}
trap - EXIT
sync .
cd /`,
  );
}

/**
 * Puts a file in place of `path` in one step: a new one beside it, filled, checked, owned, synced, renamed.
 * `fill` appends to "$new"; with `from`, "$old" is a copy of the present file that has this hash and size.
 * A stream that was cut off fails the check, so half a file is never put in place.
 */
export function replaceFile(options: {
  path: string;
  scope: Scope;
  fill: Script;
  from?: { sha256: string; sizeBytes: number } | undefined;
  sha256?: string | undefined;
  owner: string;
  mode: string;
}): Script {
  const { path, from } = options;
  const base = `../${split(path).base}`;
  const check =
    options.sha256 === undefined
      ? raw(':')
      : sh`[ "$(seen "$new")" = ${options.sha256} ] || fail 'the new content did not arrive whole'`;
  const copy =
    from === undefined
      ? raw(':')
      : sh`old=./old
head -c ${from.sizeBytes + 1} ${base} >"$old"
[ "$(seen "$old")" = ${from.sha256} ] || fail ${`${path} is not what was found there`}`;
  return workBeside(
    path,
    options.scope,
    lines(
      raw('new=./new\n: >"$new"'),
      copy,
      options.fill,
      check,
      sh`chown ${options.owner} "$new"`,
      sh`chmod ${options.mode} "$new"`,
      sh`sync "$new"`,
      sh`mv -f -T "$new" ${base}`,
    ),
  );
}
