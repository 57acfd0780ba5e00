import type { FileState, NodeFacts, SshKey } from '../../contract/facts';
import { lines, raw, sh } from '../shell/quote';
import { passwdEntry } from './account';
import { fileEntry, fileStateFunction } from './file-state';
import { hasControl, isPath, known, malformed, parser, type Parsed } from './parsed';
import { section, type Section } from './section';
import { fingerprintLine, publicKeyLine } from './ssh-keys';

export type SshFacts = Extract<NodeFacts['ssh'], { known: true }>['value'];

const OWN_FILES = ['authorized_keys', 'known_hosts', 'config'] as const;

/**
 * SSH files of an account. Prints its passwd entry after `user `, the folder and three files as file-state lines, each
 * first line of a public key after its path and a colon (absolute, so no other line looks like it), `private PATH` for
 * each private key, with `lf ` and `y ` lines where its public half is missing, then `end`.
 * No private key leaves the node.
 */
export function sshSection(user: string): Section {
  const script = lines(
    fileStateFunction,
    sh`e=$(getent passwd -- ${user}) || { echo 'no such account' >&2; exit 1; }`,
    raw(
      [
        `printf 'user %s\\n' "$e"`,
        'h=${e%:*}; h=${h##*:}; d=$h/.ssh',
        'ts_file "$d" follow',
        ...OWN_FILES.map((file) => `ts_file "$d/${file}" follow`),
        'set --',
        'for f in "$d"/*.pub /etc/ssh/ssh_host_*_key.pub; do [ -f "$f" ] && [ -r "$f" ] && set -- "$@" "$f"; done',
        `[ $# = 0 ] || grep -sH -m1 '' -- "$@"`,
        'for f in "$d"/*; do',
        '  case $f in *.pub) continue ;; esac',
        '  if [ -f "$f.pub" ]; then',
        `    if [ -e "$f" ]; then printf 'private %s\\n' "$f"; fi`,
        '  else',
        '    case $f in */id_*) ;; *) continue ;; esac',
        '    [ -f "$f" ] || continue',
        `    printf 'private %s\\n' "$f"`,
        `    printf 'lf %s\\n' "$(ssh-keygen -lf "$f" 2>/dev/null)"`,
        `    printf 'y %s\\n' "$(ssh-keygen -y -P '' -f "$f" 2>/dev/null)"`,
        '  fi',
        'done',
        'echo end',
      ].join('\n'),
    ),
  );
  return section('ssh', 'files', `~${user}/.ssh`, script, { maxBytes: 4 * 1024 * 1024 });
}

/** What {@link sshSection} prints. */
export const parseSshFiles = parser<SshFacts>((text) => {
  const rows = text.split('\n');
  while (rows.at(-1) === '') rows.pop();
  if (rows.pop() !== 'end') return malformed('the list is cut off');
  const account = passwdEntry(rows.shift()?.replace(/^user /, '') ?? '');
  if (account === null) return malformed('no passwd entry');
  const folder = `${account.home}/.ssh`;
  const states = ['', ...OWN_FILES.map((file) => `/${file}`)].map((name) =>
    stateOf(rows.shift(), folder + name),
  );
  const [directory, authorizedKeys, knownHosts, config] = states;
  for (const state of states) if (!state.known) return state;
  if (!directory?.known || !authorizedKeys?.known || !knownHosts?.known || !config?.known) {
    return malformed('a file line is missing');
  }
  const { keys, hostKeys } = keysOf(rows, folder);
  return known({
    user: account.name,
    home: account.home,
    directoryMode: directory.value.exists ? directory.value.mode : null,
    keys,
    authorizedKeys: authorizedKeys.value,
    knownHosts: knownHosts.value,
    config: config.value,
    hostKeys,
  });
});

function stateOf(row: string | undefined, path: string): Parsed<FileState> {
  const entry = fileEntry(row ?? '');
  return entry?.path === path ? entry.state : malformed(`${path}: no file line`);
}

/** Keys of the account by path, and the node's own. What is no public key (a certificate, a note) is passed over. */
function keysOf(rows: readonly string[], folder: string): Pick<SshFacts, 'keys' | 'hostKeys'> {
  const keys = new Map<string, SshKey>();
  const hostKeys: string[] = [];
  const privates = new Set<string>();
  let last = '';
  for (const row of rows) {
    const [, path, line = ''] = /^(\/[^:]{1,1024}\.pub):(.*)$/.exec(row) ?? [];
    if (path !== undefined) {
      const key = publicKeyLine(line);
      if (key === null || !isPath(path)) continue;
      if (!path.startsWith(`${folder}/`)) hostKeys.push(key.publicKey);
      else keys.set(path.slice(0, -4), { path: path.slice(0, -4), ...key, hasPrivate: false });
    } else if (row.startsWith('private /') && !hasControl(row)) {
      last = row.slice('private '.length);
      privates.add(last);
    } else if (row.startsWith('lf ') && last !== '') {
      // A private key whose public half is missing: it is there, and nothing may overwrite it.
      const found = fingerprintLine(row.slice(3));
      const { type, fingerprint } = found ?? { type: 'unknown', fingerprint: '' };
      keys.set(last, { path: last, type, fingerprint, publicKey: '', hasPrivate: true });
    } else if (row.startsWith('y ') && last !== '') {
      const key = publicKeyLine(row.slice(2));
      if (key !== null) keys.set(last, { path: last, ...key, hasPrivate: true });
    }
  }
  const all = [...keys.values()].map((key) => ({ ...key, hasPrivate: privates.has(key.path) }));
  return { keys: all.sort((a, b) => (a.path < b.path ? -1 : 1)), hostKeys: hostKeys.sort() };
}
