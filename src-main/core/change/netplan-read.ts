import { lines, raw, sh, type Script } from '../shell/quote';
import { entryFunction, parseEntry } from './entry';
import { readLinks, type LinkState } from './netplan-link';
import { shownAddresses } from './netplan-link-back';
import { parseLinks } from './netplan-link-parse';
import {
  isTarget,
  nameOf,
  trialPath,
  wantedAddresses,
  type NetplanSpec,
  type NetplanState,
} from './netplan-spec';
import { malformed } from './values';

const KIND = 'netplan';

/** Prints the state: `file`, `trial`, `guard`, `left`, `generated` lines, those of the interfaces, and `end`. */
export function readNetplan(spec: NetplanSpec): Script {
  const paths = spec.files.map((file) => file.path);
  return lines(
    raw('set -eu'),
    entryFunction,
    raw(`each() { w=$1; shift; for p in "$@"; do if [ -e "$p" ] || [ -L "$p" ]; then echo "$w $p"; fi; done; }
trial() { if [ -f "$1" ]; then echo "trial $1 $(sha256sum <"$1" | cut -c 1-64)"; else echo "trial $1 -"; fi; }
unit() { if systemctl is-active --quiet "$1"; then echo "guard $1"; fi; }`),
    ...paths.map((path) => sh`printf 'file %s ' ${path}; entry ${path}; trial ${trialPath(path)}`),
    raw(`for p in /run/systemd/transient/twinspark-netplan-*; do
  [ -e "$p" ] || continue
  unit "\${p##*/}"
done
each left /run/twinspark/netplan-* /var/lib/twinspark/*/netplan-*`),
    ...paths.map(
      (path) =>
        sh`each left /etc/netplan/.${nameOf(path)}.twinspark* /run/netplan/.${nameOf(path)}.twinspark*`,
    ),
    raw('each generated /run/udev/rules.d/*-netplan.rules'),
    ...spec.interfaces.map(
      (name) =>
        sh`each generated /run/systemd/network/10-netplan-${name}.* /run/NetworkManager/system-connections/netplan-${name}*.nmconnection /run/udev/rules.d/*-netplan-${name}.rules`,
    ),
    readPending,
    readLinks(spec.interfaces),
    raw('echo end'),
  );
}

/**
 * Prints `pending` when netplan would now generate something else than what is in use. Its generator runs on a folder
 * of links, in memory, and touches nothing of the system.
 */
const readPending: Script = raw(`generated() (
  cd "$1" && find run/systemd/network run/NetworkManager/system-connections -name '*netplan-*' -type f 2>/dev/null |
    sort | while read -r f; do echo "$f $(sha256sum <"$f")"; done
)
for generator in /usr/libexec/netplan/generate /usr/lib/netplan/generate; do
  [ -x "$generator" ] || continue
  tree=$(mktemp -d /run/twinspark-read.XXXXXX)
  trap 'rm -rf "$tree"' EXIT
  trap 'exit 1' HUP INT PIPE TERM
  mkdir "$tree/etc" "$tree/run" "$tree/lib"
  for folder in etc run lib; do ln -s "/$folder/netplan" "$tree/$folder/netplan"; done
  if "$generator" --root-dir "$tree" >/dev/null 2>&1 && [ "$(generated "$tree")" != "$(generated /)" ]; then
    echo pending
  fi
  break
done`);

const FILE = /^file (\/\S+) (.*)$/;
const TRIAL = /^trial (\/run\/netplan\/\S+) (-|[0-9a-f]{64})$/;
const GUARD = /^guard (twinspark-netplan-[a-z0-9-]+)\.(timer|service)$/;
const PATH = /^(left|generated) (\/[\x20-\x7e]+)$/;

/** @throws Failure CHANGE_FAILED */
export function parseNetplan(spec: NetplanSpec, output: string): NetplanState {
  const { services, links, carriers, rest } = parseLinks(KIND, spec.interfaces, output);
  const files = new Map<string, NetplanState['files'][number]['file']>();
  const trials = new Map<string, string | null>();
  const guards = new Set<string>();
  const paths = { left: new Set<string>(), generated: new Set<string>() };
  let pending = false;
  if (rest.at(-1) !== 'end') throw malformed(KIND, 'end', output);
  for (const line of rest.slice(0, -1)) {
    const file = FILE.exec(line);
    const trial = TRIAL.exec(line);
    const guard = GUARD.exec(line);
    const path = PATH.exec(line);
    if (file) {
      const [, name = '', text = ''] = file;
      if (files.has(name)) throw malformed(KIND, name, output);
      files.set(name, parseEntry(KIND, name, text));
    } else if (trial) {
      trials.set(trial[1] ?? '', trial[2] === '-' ? null : (trial[2] ?? null));
    } else if (guard) guards.add(guard[1] ?? '');
    else if (line === 'pending') pending = true;
    else if (path) paths[path[1] as 'left' | 'generated'].add(path[2] ?? '');
    else throw malformed(KIND, 'line', line);
  }
  const states = spec.files.map(({ path }) => {
    const file = files.get(path);
    const trial = trials.get(trialPath(path));
    if (file === undefined || trial === undefined) throw malformed(KIND, path, output);
    return { path, file, trial };
  });
  const inPlace = states.every(
    ({ file, trial }, index) => trial === null && isTarget(spec.files[index] ?? neverFile, file),
  );
  const active = (unit: string) => services.get(unit) === true;
  return {
    files: states,
    guards: [...guards].sort(),
    leftovers: [...paths.left].sort(),
    generated: [...paths.generated].sort(),
    pending,
    services: {
      networkManager: active('NetworkManager.service'),
      networkd: active('systemd-networkd.service'),
      networkdSocket: active('systemd-networkd.socket'),
    },
    links,
    waiting: inPlace ? lacking(spec, links).filter((name) => !carriers.has(name)) : [],
  };
}

const neverFile = { path: '', content: null, mode: '0600' } as const;

/** Interfaces that lack an address which the files give them. */
export function lacking(spec: NetplanSpec, links: readonly LinkState[]): string[] {
  return [...wantedAddresses(spec)].flatMap(([name, addresses]) => {
    const link = links.find((candidate) => candidate.name === name);
    const shown = link?.present === true ? shownAddresses(link) : [];
    return addresses.every((address) => shown.includes(address)) ? [] : [name];
  });
}
