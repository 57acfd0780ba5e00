import type { NodeIdentity } from '../contract/plan';
import { quote } from '../core/shell/quote';
import { plain } from '../words/plain';

/** Functions of an exported script that do not depend on the plan. */
export const bashHelpers: readonly string[] = String.raw`
say() { printf '==> %s\n' "$1" >&2; }
die() { printf 'error: %s\n' "$1" >&2; exit 1; }

# One word for the shell on the node.
quoted() { printf '%s\n' "$1" | sed "s/'/'\\\\''/g; 1s/^/'/; \$s/\$/'/"; }

ask() { # VARIABLE QUESTION
  local answer
  { exec 3</dev/tty; } 2>/dev/null || die "no terminal to ask for: $2"
  printf '%s: ' "$2" >&2
  IFS= read -rs answer <&3
  exec 3<&-
  printf '\n' >&2
  printf -v "$1" '%s' "$answer"
}

ask_twice() { # VARIABLE QUESTION
  local first second
  ask first "$2"
  ask second "$2 (again)"
  [ "$first" = "$second" ] || die 'the two answers differ'
  [ -n "$first" ] || die 'an empty answer'
  printf -v "$1" '%s' "$first"
}

# One connection per node, shared by all commands. In /tmp: the path of a socket must be short.
sockets=$(mktemp -d /tmp/ts.XXXXXX)
trap 'close_all; rm -rf "$sockets"' EXIT
shared=(-o ControlMaster=auto -o "ControlPath=$sockets/%C" -o ControlPersist=60 -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3)

# Runs a script in /bin/sh on a node; its standard input is the script's.
run() { # SUDO-MODE SUDO-PASSWORD root|user SCRIPT ssh-arguments…
  local mode=$1 password=$2 who=$3 script=$4
  shift 4
  local command
  command="LC_ALL=C exec /bin/sh -c $(quoted "$script")"
  if [ "$who" = user ] || [ "$mode" = self ]; then
    ssh "\${shared[@]}" "$@" "$command"
  elif [ "$mode" = free ]; then
    ssh "\${shared[@]}" "$@" "sudo -n -- /bin/sh -c $(quoted "$command")"
  else
    { printf '%s\n' "$password"; cat; } | ssh "\${shared[@]}" "$@" "sudo -k -S -p '' -- /bin/sh -c $(quoted "$command")"
  fi
}

# How root is become on a node: self (is root), free (without a password), or password.
sudo_mode() { # ssh-arguments…
  ssh "\${shared[@]}" "$@" 'if [ "$(id -u)" = 0 ]; then echo self; elif sudo -k -n true 2>/dev/null; then echo free; else echo password; fi' </dev/null
}`
  .replaceAll('\\${', '${')
  .trim()
  .split('\n');

/** Per node: the function that runs a command there, the preparation, and the proof that it can be reached. */
export function nodeFunctions(nodes: readonly NodeIdentity[]): string[] {
  const target = ({ user, host, port, identityFile }: NodeIdentity) =>
    ['-p', String(port), ...(identityFile === undefined ? [] : ['-i', identityFile]), '--', `${user}@${host}`]
      .map(quote)
      .join(' ');
  const perNode = nodes.flatMap((node, index) => {
    const n = index + 1;
    const name = plain(node.name);
    return [
      `# ${name}`,
      `target${n}=(${target(node)})`,
      `mode${n}=`,
      `password${n}=`,
      `on_node${n}() { run "$mode${n}" "$password${n}" "$1" "$2" "\${target${n}[@]}"; }`,
      `prepare${n}() {`,
      `  say ${quote(`${name}: connecting`)}`,
      `  mode${n}=$(sudo_mode "\${target${n}[@]}")`,
      `  [ "$mode${n}" != password ] || ask password${n} ${quote(`sudo password of ${plain(node.user)} on ${name}`)}`,
      '}',
      `prove${n}() {`,
      `  ssh "\${shared[@]}" -O exit "\${target${n}[@]}" 2>/dev/null || :`,
      `  ssh "\${shared[@]}" "\${target${n}[@]}" true </dev/null || die ${quote(`${name} cannot be reached; it takes the trial back by itself`)}`,
      '}',
      '',
    ];
  });
  const all = nodes.map(
    (_, index) => `ssh "\${shared[@]}" -O exit "\${target${index + 1}[@]}" 2>/dev/null || :`,
  );
  return [...perNode, 'close_all() {', ...all.map((line) => `  ${line}`), '}'];
}
