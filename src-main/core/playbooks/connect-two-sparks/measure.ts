import { lines, raw, sh, type Script } from '../../shell/quote';
import type { Pair } from '../../engine/playbook';

/** Ports for the short iperf3 measurement, beside the usual 5201, which somebody may be using. */
const FIRST_TCP_PORT = 52_010;

/** What a port says of itself. */
export interface PortReading {
  readonly port: string;
  readonly mtu: number | null;
  readonly speedMbps: number | null;
  readonly driver: string | null;
}

/** One transfer over one link. */
export interface Transfer {
  readonly addresses: Pair<string>;
  /** The sending port. */
  readonly port: string;
  readonly tcpPort: number;
}

/** How much is sent: a fixed amount over one stream, or four streams for a second. */
export type Effort = 'short' | 'thorough';

export function transfers(links: readonly { addresses: Pair<string>; port: string }[]): Transfer[] {
  return links.map(({ addresses, port }, index) => ({ addresses, port, tcpPort: FIRST_TCP_PORT + index }));
}

/** `s PORT`: MTU, speed and driver. ethtool first: sysfs tells less on some drivers. */
export const portFunction: Script = raw(
  [
    's() {',
    '  d=$(readlink "/sys/class/net/$1/device/driver" 2>/dev/null)',
    '  m=$(cat "/sys/class/net/$1/mtu" 2>/dev/null)',
    `  v=$(ethtool "$1" 2>/dev/null | sed -n 's/^[[:space:]]*Speed: \\([0-9]*\\)Mb.*/\\1/p')`,
    '  [ -n "$v" ] || v=$(cat "/sys/class/net/$1/speed" 2>/dev/null)',
    `  printf 'port %s %s %s %s\\n' "$1" "\${m:--}" "\${v:--}" "\${d:+\${d##*/}}"`,
    '}',
  ].join('\n'),
);

export function parsePorts(output: string): PortReading[] {
  const number = (text: string) => (/^\d+$/.test(text) ? Number(text) : null);
  return output.split('\n').flatMap((line): PortReading[] => {
    const found = /^port (\S+) (\S+) (\S+) ?(\S*)$/.exec(line);
    if (!found) return [];
    const [, port = '', mtu = '', speed = '', driver = ''] = found;
    return [{ port, mtu: number(mtu), speedMbps: number(speed), driver: driver === '' ? null : driver }];
  });
}

/** Receives one transfer on each link, then is gone; a server whose client never comes ends by its own limit. */
export function serverScript(all: readonly Transfer[], effort: Effort): Script {
  const limit = effort === 'short' ? 3 : 6;
  return lines(
    ...all.map(
      ({ addresses, tcpPort }) =>
        sh`timeout -k 1 ${limit} iperf3 -s -1 -B ${addresses[1]} -p ${tcpPort} >/dev/null 2>&1 </dev/null &`,
    ),
  );
}

/** Sends on each link at once; asks again while the other node's server is not up yet. */
export function clientScript(all: readonly Transfer[], effort: Effort): Script {
  const amount = effort === 'short' ? raw('-n $a') : raw('-P 4 -t 1');
  return lines(
    raw('f() {'),
    // A rate that nobody judges needs no long transfer, and other cards would take seconds for it.
    raw('  case $(readlink "/sys/class/net/$4/device/driver") in *mlx5*) a=256M ;; *) a=32M ;; esac'),
    raw('  o=; n=0; while [ $n -lt 20 ]; do n=$((n+1))'),
    sh`    o=$(timeout -k 1 4 iperf3 -c "$2" -B "$1" -p "$3" ${amount} -J --connect-timeout 300 2>/dev/null </dev/null)`,
    // With -J, iperf3 3.12 exits with 0 also when it could not connect.
    raw('    case $o in *sum_received*) break ;; esac'),
    raw('    sleep 0.05'),
    raw('  done'),
    raw(`  printf 'iperf3 %s %s\\n' "$3" "$(printf '%s' "$o" | tr -d '\\n\\t ')"`),
    raw('}'),
    ...all.map(({ addresses, tcpPort, port }) => sh`f ${addresses[0]} ${addresses[1]} ${tcpPort} ${port} &`),
  );
}

/** Gb/s by TCP port; ports whose transfer failed are left out. */
export function parseTransfers(output: string): Map<number, number> {
  const found = new Map<number, number>();
  for (const line of output.split('\n')) {
    const match = /^iperf3 (\d+) (\{.*\})$/.exec(line);
    if (!match) continue;
    try {
      const { end } = JSON.parse(match[2] ?? '') as {
        end?: { sum_received?: { bits_per_second?: unknown } };
      };
      const rate = end?.sum_received?.bits_per_second;
      if (typeof rate === 'number' && rate > 0) found.set(Number(match[1]), rate / 1e9);
    } catch {
      // A transfer without a readable result was not measured.
    }
  }
  return found;
}
