import { ofLogins, onDemand } from './aside';

/**
 * What a running node says of itself, as sections of sorted lines. Each section prints lines that are equal as long
 * as nobody changed anything; what moves by itself is cut out here (see aside.ts for the list with reasons).
 */
export type Sections = Record<string, string[]>;

/** One script for all sections, because each entry into the node costs more than the commands. */
export const stateScript = `export LC_ALL=C
section() { printf '\\n@@ %s\\n' "$1"; }
section addresses; ip -j addr; echo
section links; ip -j -d link; echo
section routes4; ip -4 -j route show table all; echo
section routes6; ip -j -6 route show table all; echo
section rules; ip rule; ip -6 rule
section ipv6
for path in /proc/sys/net/ipv6/conf/*; do
  echo "$(basename "$path") disable_ipv6=$(cat "$path/disable_ipv6") addr_gen_mode=$(cat "$path/addr_gen_mode") accept_ra=$(cat "$path/accept_ra")"
done
section firewall
iptables-save 2>&1; ip6tables-save 2>&1; nft list ruleset 2>&1
section ufw; ufw status verbose 2>&1
section users; getent passwd; getent group
section timers; systemctl list-timers --all --plain --no-legend --no-pager -o json
section units
systemctl list-units --all --plain --no-legend --no-pager 'twinspark*' | sed 's/  */ /g'
find /run/systemd/transient /run/systemd/system /run/systemd/system.control -mindepth 1 ! -name 'session-*.scope' 2>/dev/null
section services
systemctl list-units --type=service --state=running --plain --no-legend --no-pager | cut -d' ' -f1
section listening; ss -H -l -n -t -u -p | sed 's/users:(("\\([^"]*\\).*/\\1/' | awk '{print $1, $5, $7}'
section mounts; cut -d' ' -f2,3 /proc/mounts
section networkmanager
if systemctl -q is-active NetworkManager; then nmcli -t -f DEVICE,STATE,CONNECTION device; fi
section run; ls -A /run
section done
`;

type Json = Record<string, unknown>;

function list(text: string): Json[] {
  return text.trim() === '' ? [] : (JSON.parse(text) as Json[]);
}

const str = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function addresses(text: string): string[] {
  return list(text).flatMap((link) =>
    ((link['addr_info'] ?? []) as Json[]).map((address) =>
      [
        str(link['ifname']),
        str(address['family']),
        `${str(address['local'])}/${str(address['prefixlen'])}`,
        `scope ${str(address['scope'])}`,
        address['dynamic'] === true ? 'dynamic' : '',
        str(address['label']),
      ]
        .filter(Boolean)
        .join(' '),
    ),
  );
}

function links(text: string): string[] {
  return list(text).map((link) => {
    const flags = (link['flags'] ?? []) as string[];
    return [
      str(link['ifname']),
      flags.includes('UP') ? 'enabled' : 'disabled',
      `state ${str(link['operstate'])}`,
      `mtu ${str(link['mtu'])}`,
      `mac ${str(link['address'])}`,
      `addrgenmode ${str(link['inet6_addr_gen_mode'])}`,
      link['promiscuity'] === 0 ? '' : 'promiscuous',
      link['master'] === undefined ? '' : `master ${str(link['master'])}`,
      link['ifalias'] === undefined ? '' : `alias ${str(link['ifalias'])}`,
    ]
      .filter(Boolean)
      .join(' ');
  });
}

function routes(text: string): string[] {
  return list(text)
    .filter(
      (route) => route['table'] !== 'local' && route['type'] !== 'multicast' && route['type'] !== 'anycast',
    )
    .map((route) =>
      ['type', 'dst', 'gateway', 'dev', 'protocol', 'scope', 'prefsrc', 'table']
        .filter((key) => route[key] !== undefined)
        .map((key) => `${key} ${str(route[key])}`)
        .join(' '),
    );
}

function timers(text: string): string[] {
  return list(text).map((timer) => `${str(timer['unit'])} starts ${str(timer['activates'])}`);
}

/** Turns the output of `stateScript` into comparable sections. */
export function parseState(output: string): Sections {
  const raw: Record<string, string> = {};
  for (const part of output.split(/^@@ /m).slice(1)) {
    const end = part.indexOf('\n');
    raw[part.slice(0, end)] = part.slice(end + 1);
  }
  const lines = (name: string) => (raw[name] ?? '').split('\n').filter((line) => line.trim() !== '');
  const sections: Sections = {
    addresses: addresses(raw['addresses'] ?? ''),
    links: links(raw['links'] ?? ''),
    routes: [...routes(raw['routes4'] ?? ''), ...routes(raw['routes6'] ?? '')],
    rules: lines('rules'),
    ipv6: lines('ipv6'),
    // Comments hold times, brackets and `counter` hold counts.
    firewall: lines('firewall')
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.replace(/\[\d+:\d+\]/, '').replace(/counter packets \d+ bytes \d+ ?/, 'counter ')),
    ufw: lines('ufw'),
    users: lines('users'),
    timers: timers(raw['timers'] ?? ''),
    units: lines('units'),
    services: lines('services').filter((unit) => !onDemand.test(unit)),
    listening: lines('listening').filter((line) => !/^udp \S+:(?!5353 )\d+ avahi-daemon$/.test(line)),
    mounts: lines('mounts').filter((line) => !line.startsWith('/run/credentials/') && !ofLogins.test(line)),
    networkmanager: lines('networkmanager'),
    run: lines('run')
      .map((name) => `/run/${name}`)
      .filter((path) => !ofLogins.test(path)),
  };
  // The order of rules is part of a firewall; elsewhere it is chance.
  for (const [name, values] of Object.entries(sections)) if (name !== 'firewall') values.sort();
  return sections;
}
