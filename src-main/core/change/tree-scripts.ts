import type { Command } from '../ports';
import { lines, raw, sh, type Script } from '../shell/quote';
import type { Scope } from './kind';
import { prelude, tempPath } from './scripts';
import { wantedCommit, type TreeSpec } from './tree-spec';
import { sha256, split } from './values';

const LIMIT_MS = 15 * 60_000;

/**
 * Prints the tree: its own line, a line per file (`m HASH  ./PATH`, `m exec ./PATH`, `m link ./PATH -> TARGET`,
 * `m empty ./PATH`), and for a clone where it stands. git itself runs as the owner of the tree, because a repository's
 * configuration can name commands.
 */
export function readTree(spec: TreeSpec): Script {
  const git: Script =
    spec.source.kind === 'git'
      ? raw(`if [ -f .git/HEAD ]; then
  head -c 41 .git/HEAD | sed 's/^/head /'
  if [ -f .git/shallow ]; then head -n 1 .git/shallow | sed 's/^/fetched /'; fi
  find .git/HEAD .git/packed-refs .git/refs .git/config .git/hooks -type f -exec sha256sum {} + 2>/dev/null | sed 's/^/m /'
  ids="$(stat -c '--reuid=%u --regid=%g' .)"
  { HOME=/nonexistent setpriv $ids --clear-groups git --no-optional-locks -c core.fsmonitor=false status --porcelain --ignored 2>&1 || :; } | head -n 50 | sed 's/^/dirty /'
fi`)
      : raw(':');
  return sh`if [ -L ${spec.path} ]; then echo other
elif [ ! -e ${spec.path} ]; then echo absent
elif [ ! -d ${spec.path} ]; then echo other
else
cd ${spec.path}
echo "directory $(stat -c '%a %u %g' .)"
{
  find . -path ./.git -prune -o -type f -exec sha256sum {} +
  find . -path ./.git -prune -o -type f -perm -u=x -printf 'exec %p\\n'
  find . -path ./.git -prune -o -type l -printf 'link %p -> %l\\n'
  find . -path ./.git -prune -o -mindepth 1 -type d -empty -printf 'empty %p\\n' -o -mindepth 1 ! -type d ! -type f ! -type l -printf 'special %p\\n'
} 2>/dev/null | sed 's/^/m /'
${git}
echo 'end .'
fi`;
}

/** Stops unless nothing is there, or an empty directory. */
function free(path: string): Script {
  return sh`[ ! -L ${path} ] || fail ${`${path} is a symbolic link`}
[ ! -e ${path} ] || [ -z "$(find ${path} -mindepth 1 -maxdepth 1 -print | head -c 1)" ] || fail ${`${path} is not empty`}`;
}

/** Gives the finished tree to its owner and puts it in place in one step. */
function place(spec: TreeSpec): Script {
  return sh`chown -R -h ${`${spec.owner}:${spec.group}`} "$new"
mv -T "$new" ${spec.path}
sync ${split(spec.path).folder}`;
}

function start(spec: TreeSpec, scope: Scope): Script {
  return lines(prelude, raw('umask 022'), sh`new=${tempPath(spec.path, scope)}`);
}

/** The commands that make the tree beside its place and move it there. */
export function bring(spec: TreeSpec, scope: Scope): Command[] {
  const begin = lines(start(spec, scope), free(spec.path));
  const { source } = spec;
  if (source.kind === 'git') {
    const commit = wantedCommit(source);
    const check =
      commit === null
        ? raw(':')
        : sh`[ "$(git -C "$new" rev-parse 'FETCH_HEAD^{commit}')" = ${commit} ] || fail ${`${source.ref} is not the expected commit ${commit}`}`;
    const script = lines(
      begin,
      raw(`trap 'rm -rf "$new"' EXIT
trap 'exit 130' HUP INT TERM
export GIT_TERMINAL_PROMPT=0
rm -rf "$new"
git init -q --template= "$new"`),
      sh`git -C "$new" fetch -q --depth 1 -- ${source.url} ${source.ref}`,
      check,
      sh`git -C "$new" remote add origin ${source.url}`,
      raw('git -C "$new" -c advice.detachedHead=false checkout -q --detach FETCH_HEAD'),
      place(spec),
    );
    return [{ script, root: true, limitMs: LIMIT_MS, interruptible: true }];
  }
  const make = lines(begin, raw('rm -rf "$new"\nmkdir "$new"'));
  const writes = source.files.map((file): Command => {
    const script = sh`${start(spec, scope)}
file="$new"/${file.path}
mkdir -p "\${file%/*}"
cat >"$file"
[ "$(seen "$file")" = ${sha256(file.content)} ] || fail 'the file did not arrive whole'
chmod ${file.mode} "$file"`;
    return { script, root: true, input: { kind: 'text', text: file.content } };
  });
  return [{ script: make, root: true }, ...writes, { script: lines(begin, place(spec)), root: true }];
}
