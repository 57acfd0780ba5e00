import { helpers, lines, raw, sh, type Script } from '../shell/quote';
import { settingNames, settings, type LinkState, type PresentLink } from './netplan-link';

/**
 * Shell functions for bringing an interface to a state; each changes only what differs.
 * `ts_has IF ADDRESS…`: all are there.
 * `ts_busy IF`: networkd is at work on it. After `netplan apply` it gives the addresses, takes them away and gives
 * them again, so that their being there says nothing yet.
 * `ts_await TRIES IF ADDRESS…`: waits until they are there to stay, in tries of 50 ms; not where there is no carrier.
 * `ts_only IF ADDRESS…`: takes away every lasting address that is not named; `link-local` names the kernel's own.
 */
export const linkFunctions: Script = helpers(
  raw(`ts_has() (
  i=$1; shift
  have=$(ip -o addr show dev "$i" | tr -s ' ' | cut -d ' ' -f 4)
  for a in "$@"; do printf '%s\\n' "$have" | grep -Fxq "$a" || exit 1; done
)
ts_carrier() { [ "$(cat "/sys/class/net/$1/carrier" 2>/dev/null || echo 0)" = 1 ]; }
ts_busy() {
  networkctl list --no-legend --no-pager "$1" 2>/dev/null | grep -Eq ' (pending|initialized|configuring) *$'
}
ts_await() {
  limit=$1; shift; tries=0
  until ! ts_busy "$1" && ts_has "$@"; do
    if [ $tries -ge 6 ] && ! ts_carrier "$1"; then return 0; fi
    [ $tries -lt "$limit" ] || return 1
    tries=$((tries + 1)); sleep 0.05
  done
}
ts_only() {
  i=$1; shift
  ip -o addr show dev "$i" permanent | tr -s ' ' | cut -d ' ' -f 4 | while read -r a; do
    keep=
    for k in "$@"; do
      if [ "$a" = "$k" ]; then keep=1; fi
      case $k:$a in link-local:fe80:*) keep=1 ;; esac
    done
    [ -n "$keep" ] || ip addr del "$a" dev "$i" || :
  done
}
ts_setting() { [ "$(cat "/proc/sys/net/$1" 2>/dev/null)" = "$2" ] || echo "$2" >"/proc/sys/net/$1"; }
ts_mtu() { [ "$(cat "/sys/class/net/$1/mtu")" = "$2" ] || ip link set dev "$1" mtu "$2"; }
ts_link_local() {
  tries=0
  until ts_has "$1" "$2" || [ $tries -ge 20 ]; do
    ts_carrier "$1" || return 0
    echo 1 >"/proc/sys/net/ipv6/conf/$1/addr_gen_mode"
    echo 0 >"/proc/sys/net/ipv6/conf/$1/addr_gen_mode"
    tries=$((tries + 1)); ts_has "$1" "$2" || sleep 0.05
  done
}`),
);

/** Address and prefix of each of a state's addresses, as `ip -o addr` shows them. */
export function shownAddresses(link: PresentLink): string[] {
  return link.addresses.map((words) => {
    const [local = '', peer, remote = ''] = words.split(' ');
    return peer === 'peer' ? `${local}${remote.slice(remote.indexOf('/'))}` : local;
  });
}

/** A script that brings interfaces to these states; needs {@link linkFunctions}. Absent ones are passed over. */
export function bringBack(links: readonly LinkState[]): Script {
  return lines(...links.filter((link): link is PresentLink => link.present).map(bringOneBack));
}

function bringOneBack(link: PresentLink): Script {
  const { name } = link;
  const shown = shownAddresses(link);
  // Whoever manages it brings its addresses; nobody else does. Without names, this waits for networkd's last step.
  const expected = link.manager === null ? [] : shown;
  const own = link.linkLocal === null || !link.up ? [] : ['link-local'];
  return lines(
    sh`if [ -d /sys/class/net/${name} ]; then`,
    sh`ts_await 60 ${name} ${expected} || :`,
    sh`ts_mtu ${name} ${link.mtu}`,
    ...kernelSteps(link),
    // NetworkManager's own link-local address is its business.
    sh`ts_only ${name} ${[...shown, ...(link.manager === 'NetworkManager' ? ['link-local'] : own)]}`,
    ...link.addresses.map((address, index) => {
      const add = sh`ip addr replace ${address.split(' ')} dev ${name}`;
      return sh`ts_has ${name} ${shown[index] ?? ''} || ${add}`;
    }),
    ...link.routes.map((route) => routeStep(name, route)),
    ...(link.up && link.linkLocal !== null && link.linkLocal !== 'any'
      ? [sh`ts_link_local ${name} ${link.linkLocal}`]
      : []),
    raw('fi'),
  );
}

function routeStep(name: string, route: string): Script {
  const [family = '', ...words] = route.split(' ');
  return sh`ip ${family} route replace ${words} dev ${name} || :`;
}

/** Admin state and kernel settings. A link that goes down loses its IPv6 addresses; one that comes up gets its own. */
function kernelSteps(link: PresentLink): Script[] {
  const { name, settings: values } = link;
  const write = settingNames.flatMap((setting) => {
    const value = values?.[setting] ?? '-';
    const path = settings[setting].replace('*', name);
    return value === '-' ? [] : [sh`ts_setting ${path} ${value} || :`];
  });
  const admin = link.up ? sh`ip link set dev ${name} up` : sh`ip link set dev ${name} down`;
  if (!link.up) return [...write, admin];
  if (link.manager === 'NetworkManager') return [admin, ...write];
  // Writing a setting gives a port without carrier a link-local address that the kernel would give only with the cable:
  // down and up, it waits for the cable again.
  const wait = sh`ts_carrier ${name} || { ip link set dev ${name} down; ip link set dev ${name} up; }`;
  return [admin, ...write, wait];
}
