import { z } from 'zod';
import { lines, raw, sh, type Script } from '../shell/quote';

/** A network interface name in the plain form that paths, globs and netplan ids share. */
export const interfaceSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/);

/** Kernel settings of an interface that networkd changes and leaves changed. */
export const settings = {
  disableIpv6: 'ipv6/conf/*/disable_ipv6',
  addrGenMode: 'ipv6/conf/*/addr_gen_mode',
  acceptRa: 'ipv6/conf/*/accept_ra',
  promoteSecondaries: 'ipv4/conf/*/promote_secondaries',
} as const;
export type Setting = keyof typeof settings;
export const settingNames = Object.keys(settings) as Setting[];

/**
 * What an interface is, without what comes and goes by itself: no carrier (the other node raises it), no leases, no
 * routes that follow from addresses, and not the link-local address that the kernel makes when the carrier comes.
 */
export const linkStateSchema = z.discriminatedUnion('present', [
  z.object({ name: z.string(), present: z.literal(false) }),
  z.object({
    name: z.string(),
    present: z.literal(true),
    /** Administrative state (IFF_UP). */
    up: z.boolean(),
    mtu: z.number(),
    /** Who configures it; null is nobody. */
    manager: z.enum(['networkd', 'NetworkManager']).nullable(),
    /** Words for `ip addr add` of each lasting address, sorted. */
    addresses: z.array(z.string()),
    /**
     * The link-local address that belongs to it by the kernel's rules: the address, `any` where the rule is random,
     * null where none belongs to it or where it is missing. NetworkManager makes its own: null.
     */
    linkLocal: z.string().nullable(),
    /** Words for `ip route replace` of each route that is not the kernel's or a lease's, sorted. */
    routes: z.array(z.string()),
    /** Null under NetworkManager, which sets them with each connection. */
    settings: z
      .object({
        disableIpv6: z.string(),
        addrGenMode: z.string(),
        acceptRa: z.string(),
        promoteSecondaries: z.string(),
      })
      .nullable(),
  }),
]);
export type LinkState = z.infer<typeof linkStateSchema>;
export type PresentLink = Extract<LinkState, { present: true }>;

/**
 * Prints `service NAME STATE` for both managers, `nm DEVICE:STATE` and `networkd INDEX NAME …` for what they manage, and
 * for each interface `link`, `addr`, `route4`, `route6` and `setting` lines.
 * A NetworkManager that is just starting is waited for: before, every port looks unmanaged.
 */
export function readLinks(names: readonly string[]): Script {
  return lines(
    // Few processes: this is read several times in a run, and starting one costs more than what it tells.
    raw(`PATH=$PATH:/usr/sbin:/sbin
ts_cat() { ts_line=-; read -r ts_line <"$1" || :; } 2>/dev/null
ts_states=$(systemctl is-active NetworkManager.service systemd-networkd.service systemd-networkd.socket 2>/dev/null) || :
set -- $ts_states
for unit in NetworkManager.service systemd-networkd.service systemd-networkd.socket; do
  case \${1-} in active | activating | reloading) state=active ;; *) state=inactive ;; esac
  [ $# = 0 ] || shift
  echo "service $unit $state"
  case $unit:$state in
  NetworkManager.service:active)
    tries=0
    until devices=$(nmcli -t -f DEVICE,STATE device 2>/dev/null) || [ $tries -ge 60 ]; do
      tries=$((tries + 1)); sleep 0.05
    done
    printf '%s\\n' "$devices" | sed 's/^/nm /' ;;
  systemd-networkd.service:active)
    networkctl list --no-legend --no-pager 2>/dev/null | sed 's/^ */networkd /' || : ;;
  esac
done
ts_link() {
  if [ ! -d "/sys/class/net/$1" ]; then echo "link $1 absent"; return 0; fi
  ts_cat "/sys/class/net/$1/carrier"
  case $ts_line in 1) ;; *) ts_line=0 ;; esac
  echo "link $1 present $ts_line"
  echo "addr $1 $(ip -j addr show dev "$1")"
  echo "route4 $1 $(ip -j -4 route show dev "$1")"
  echo "route6 $1 $(ip -j -6 route show dev "$1" 2>/dev/null)"
  for key in ${settingNames.map((name) => settings[name].replace('*', '$1')).join(' ')}; do
    ts_cat "/proc/sys/net/$key"
    echo "setting $1 \${key##*/} \${ts_line:--}"
  done
}`),
    ...names.map((name) => sh`ts_link ${name}`),
  );
}
