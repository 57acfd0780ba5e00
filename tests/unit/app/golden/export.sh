#!/usr/bin/env bash
# demo: plan abababababababababababababababababababababababababababababababab
# Made for the state that these nodes were in when it was planned; plan anew when they have changed since:
#   n1 = nvidia@10.0.0.1:22, host key SHA256:n1
#   n2 = nvidia@10.0.0.2:22, host key SHA256:n2
# Host keys are checked by your own ssh. This script keeps no journal: `twinspark rollback` does not know of it.
set -euo pipefail

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
    ssh "${shared[@]}" "$@" "$command"
  elif [ "$mode" = free ]; then
    ssh "${shared[@]}" "$@" "sudo -n -- /bin/sh -c $(quoted "$command")"
  else
    { printf '%s\n' "$password"; cat; } | ssh "${shared[@]}" "$@" "sudo -k -S -p '' -- /bin/sh -c $(quoted "$command")"
  fi
}

# How root is become on a node: self (is root), free (without a password), or password.
sudo_mode() { # ssh-arguments…
  ssh "${shared[@]}" "$@" 'if [ "$(id -u)" = 0 ]; then echo self; elif sudo -k -n true 2>/dev/null; then echo free; else echo password; fi' </dev/null
}

# n1
target1=(-p 22 -- nvidia@10.0.0.1)
mode1=
password1=
on_node1() { run "$mode1" "$password1" "$1" "$2" "${target1[@]}"; }
prepare1() {
  say 'n1: connecting'
  mode1=$(sudo_mode "${target1[@]}")
  [ "$mode1" != password ] || ask password1 'sudo password of nvidia on n1'
}
prove1() {
  ssh "${shared[@]}" -O exit "${target1[@]}" 2>/dev/null || :
  ssh "${shared[@]}" "${target1[@]}" true </dev/null || die 'n1 cannot be reached; it takes the trial back by itself'
}

# n2
target2=(-p 22 -- nvidia@10.0.0.2)
mode2=
password2=
on_node2() { run "$mode2" "$password2" "$1" "$2" "${target2[@]}"; }
prepare2() {
  say 'n2: connecting'
  mode2=$(sudo_mode "${target2[@]}")
  [ "$mode2" != password ] || ask password2 'sudo password of nvidia on n2'
}
prove2() {
  ssh "${shared[@]}" -O exit "${target2[@]}" 2>/dev/null || :
  ssh "${shared[@]}" "${target2[@]}" true </dev/null || die 'n2 cannot be reached; it takes the trial back by itself'
}

close_all() {
  ssh "${shared[@]}" -O exit "${target1[@]}" 2>/dev/null || :
  ssh "${shared[@]}" -O exit "${target2[@]}" 2>/dev/null || :
}

prepare1
prepare2
ask_twice secret1 'new-user-password x'

# == nothing: nothing to do
#   demo.note (node: n1)

# == network
#   demo.note (node: n1)
say network

# -- a
say 'n1: demo.change (node: n1)'
IFS= read -r -d '' script <<'TWINSPARK_0000' || :
cat >/x/text
TWINSPARK_0000
on_node1 root "$script" <<'TWINSPARK_0001'
one

  $two `x`
TWINSPARK_0000
TWINSPARK_0001

IFS= read -r -d '' script <<'TWINSPARK_0002' || :
cat >/x/bare
TWINSPARK_0002
printf %s 'no line'\''s end' | on_node1 user "$script"

IFS= read -r -d '' script <<'TWINSPARK_0003' || :
{ printf '%s|' "it's" '\' '\\' '$HOME' "`id`" '!' ; cat; } >/x/nasty
TWINSPARK_0003
printf %s '
' | on_node1 root "$script"

# -- b
say 'n2: demo.change (node: n2)'
IFS= read -r -d '' script <<'TWINSPARK_0004' || :
cat >/x/secret
TWINSPARK_0004
printf %s "$secret1" | on_node2 root "$script"

IFS= read -r -d '' source <<'TWINSPARK_0006' || :
printf 'from n1\n\n'
TWINSPARK_0006
IFS= read -r -d '' script <<'TWINSPARK_0005' || :
cat >/x/passed
TWINSPARK_0005
output=$(on_node1 root "$source" </dev/null && printf .)
printf %s "${output%.}" | on_node2 root "$script"
output=

# -- network/n1/netplan
say 'n1: demo.change (node: n1)'
#    the node takes this back by itself after 60 s unless it is kept below
IFS= read -r -d '' script <<'TWINSPARK_0007' || :
printf '%s\n' arm-n1 >>/x/log
TWINSPARK_0007
on_node1 root "$script" </dev/null

IFS= read -r -d '' script <<'TWINSPARK_0008' || :
printf '%s\n' trial-n1 >>/x/log
TWINSPARK_0008
on_node1 root "$script" </dev/null

# -- network/n2/netplan
say 'n2: demo.change (node: n2)'
#    the node takes this back by itself after 60 s unless it is kept below
IFS= read -r -d '' script <<'TWINSPARK_0009' || :
printf '%s\n' arm-n2 >>/x/log
TWINSPARK_0009
on_node2 root "$script" </dev/null

IFS= read -r -d '' script <<'TWINSPARK_000a' || :
printf '%s\n' trial-n2 >>/x/log
TWINSPARK_000a
on_node2 root "$script" </dev/null

# -- the way to both nodes still works: a new connection to each
prove1
prove2

# -- network/n1/netplan: keep
IFS= read -r -d '' script <<'TWINSPARK_000b' || :
printf '%s\n' keep-n1 >>/x/log
TWINSPARK_000b
on_node1 root "$script" </dev/null

# -- network/n2/netplan: keep
IFS= read -r -d '' script <<'TWINSPARK_000c' || :
printf '%s\n' keep-n2 >>/x/log
TWINSPARK_000c
on_node2 root "$script" </dev/null

say done
