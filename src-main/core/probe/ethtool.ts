import { raw, sh } from '../shell/quote';
import { isInterfaceName, known, linesOf, malformed, parser, wholeNumber } from './parsed';
import { portMap } from './port-map';
import { section } from './section';

export interface EthtoolPort {
  /** Null where the output does not name it. */
  readonly interface: string | null;
  /** Mb/s; null for "Unknown!", which is what a port without carrier says. */
  readonly speedMbps: number | null;
}

const NAMED = sh`${portMap.map((one) => `/sys/class/net/${one.netdev}`)}`.text;

/** ethtool for each ConnectX-7 interface that is not down (a port that is down has no speed). */
export const ethtoolSection = section(
  'ethtool',
  'ports',
  'ethtool',
  raw(
    [
      'command -v ethtool >/dev/null || exit 127',
      `for p in /sys/class/infiniband/*/device/net/* ${NAMED}; do`,
      '  [ -e "$p" ] || continue',
      '  n=${p##*/}',
      '  case "$n" in -*) continue ;; esac',
      '  case " $d " in *" $n "*) continue ;; esac',
      '  d="$d $n" s=',
      '  read -r s <"$p/operstate"',
      '  [ "$s" = down ] || ethtool "$n"',
      'done',
      'exit 0',
    ].join('\n'),
  ),
);

/**
 * `Speed: 200000Mb/s` under `Settings for NAME:` (or under a prompt with the command), one entry per interface. It
 * is what was negotiated: a link in the 13 Gb/s state says 200000Mb/s as well.
 */
export const parseEthtool = parser<EthtoolPort[]>((text) => {
  const ports: EthtoolPort[] = [];
  let name: string | null = null;
  for (const line of linesOf(text)) {
    const header =
      /^Settings for (\S{1,64}):$/.exec(line)?.[1] ?? /[$#] (?:sudo )?ethtool (\S{1,64})/.exec(line)?.[1];
    if (header !== undefined) {
      if (!isInterfaceName(header)) return malformed('an interface name is not valid');
      name = header;
      continue;
    }
    const speed = /^\s*Speed: (.{1,64})$/.exec(line)?.[1];
    if (speed === undefined) continue;
    const speedMbps = wholeNumber(/^(\d{1,9})Mb\/s$/.exec(speed)?.[1] ?? '');
    if (speedMbps === null && !speed.startsWith('Unknown!')) return malformed('a speed is damaged');
    const at = name === null ? -1 : ports.findIndex((one) => one.interface === name);
    if (at >= 0) ports[at] = { interface: name, speedMbps };
    else ports.push({ interface: name, speedMbps });
  }
  return ports.length === 0 ? malformed('no speed') : known(ports);
});
