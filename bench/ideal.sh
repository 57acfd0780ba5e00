#!/bin/bash
# The least that leads to the same state, for comparison: OpenSSH with one multiplexed connection per node, both nodes at
# once, no check, no plan, no journal, no guard, no way back.
# Arguments: user, identity file, host key file, node 1 host, node 2 host, node 1 name, node 2 name.
set -euo pipefail
user=$1 identity=$2 known=$3 host1=$4 host2=$5 name1=$6 name2=$7
dir=$(mktemp -d)
trap 'ssh -q -S "$dir/1" -O exit x 2>/dev/null; ssh -q -S "$dir/2" -O exit x 2>/dev/null; rm -rf "$dir"' EXIT
on() {
  local n=$1 host
  shift
  [ "$n" = 1 ] && host=$host1 || host=$host2
  ssh -q -F /dev/null -i "$identity" -o UserKnownHostsFile="$known" -o BatchMode=yes \
    -o ControlMaster=auto -o ControlPath="$dir/$n" -o ControlPersist=30 "$user@$host" "$@"
}
network() {
  local last=$((9 + $1))
  on "$1" "sudo sh -c 'umask 077; cat > /etc/netplan/40-cx7.yaml; netplan apply'" << END
network:
  version: 2
  ethernets:
    enp1s0f1np1:
      addresses: [192.168.100.$last/24]
      dhcp4: no
      dhcp6: no
      link-local: []
      optional: true
    enP2p1s0f1np1:
      addresses: [192.168.101.$last/24]
      dhcp4: no
      dhcp6: no
      link-local: []
      optional: true
END
}
key() {
  on "$1" 'mkdir -p -m 700 ~/.ssh; ssh-keygen -q -t ed25519 -N "" -C "" -f ~/.ssh/id_ed25519_twinspark
    cat ~/.ssh/id_ed25519_twinspark.pub; cat /etc/ssh/ssh_host_*_key.pub' > "$dir/keys$1"
}
trust() {
  local n=$1 peer=$((3 - $1)) last=$((12 - $1)) name
  [ "$n" = 1 ] && name=$name2 || name=$name1
  {
    head -qn1 "$dir/keys1" "$dir/keys2"
    echo ---
    for each in 1 2; do
      [ "$each" = 1 ] && names=$name1,192.168.100.10,192.168.101.10 || names=$name2,192.168.100.11,192.168.101.11
      tail -n +2 "$dir/keys$each" | sed "s/^/$names /"
    done
  } | on "$n" "cd ~/.ssh && awk '/^---/ { known = 1; next } { print >> (known ? \"known_hosts\" : \"authorized_keys\") }'
    chmod 600 ~/.ssh/authorized_keys
    printf 'Host %s\n  HostName 192.168.100.%s\n  IdentityFile ~/.ssh/id_ed25519_twinspark\n' $name $last >> ~/.ssh/config
    chmod 600 ~/.ssh/config"
}
both() {
  "$1" 1 &
  local first=$!
  "$1" 2
  wait "$first"
}
prove() {
  local last=$((12 - $1)) name
  [ "$1" = 1 ] && name=$name2 || name=$name1
  on "$1" "ping -q -c1 -W2 192.168.100.$last >/dev/null && ping -q -c1 -W2 192.168.101.$last >/dev/null &&
    ssh -o BatchMode=yes $name hostname >/dev/null"
}
everything() {
  network "$1" &
  local net=$!
  key "$1"
  wait "$net"
}
both everything
both trust
both prove
