import type { CxPort } from '../../../contract/facts';
import { Failure } from '../../failure';
import { lines, raw, sh, type Script } from '../../shell/quote';
import type { NodeReadiness, ToolNeed } from '../tools/tool';
import { countersOf, countersScript, parseReadings, type NodeCounters, type Readings } from './counters';
import { endLeftovers, parseLeftovers, type Leftovers } from './leftovers';

/** What one round trip to a node shows and does before a test. */
export interface Prepared extends NodeReadiness {
  /** Of the ConnectX-7; null where it could not be read. */
  readonly firmware: string | null;
  readonly counters: NodeCounters;
  readonly leftovers: Leftovers;
}

/** Ends leftovers of earlier tests, looks for the programs, and reads counters, firmware, memory, ports and GIDs. */
export function prepareScript(needs: readonly ToolNeed[], ports: readonly CxPort[]): Script {
  const devices = ports.flatMap(({ rdma }) => rdma ?? []);
  const folders = devices.map((device) => `/sys/class/infiniband/${device}`);
  return lines(
    endLeftovers(),
    sh`for t in ${needs.map(({ program }) => program)}; do command -v "$t" >/dev/null 2>&1 || printf 'missing %s\\n' "$t"; done`,
    countersScript(ports),
    sh`grep -sH '^MemAvailable:' /proc/meminfo`,
    // Listening sockets are in state 0A.
    sh`grep -sh ' 0A ' /proc/net/tcp /proc/net/tcp6 | sed 's/^/tcp /'`,
    ...(folders.length === 0
      ? []
      : [
          sh`grep -sH . ${folders.map((folder) => `${folder}/fw_ver`)}`,
          // An index without a GID has no type either: reading it is an error that is left out.
          sh`for d in ${folders}; do grep -sHx 'RoCE v2' "$d"/ports/1/gid_attrs/types/*; grep -sH ':ffff:' "$d"/ports/1/gids/*; done`,
        ]),
    raw(':'),
  );
}

/** @throws Failure BENCH_TOOL_MISSING */
export function parsePrepared(
  node: string,
  tool: string,
  needs: readonly ToolNeed[],
  ports: readonly CxPort[],
  output: string,
): Prepared {
  const missing = needs.find(({ program }) => output.split('\n').includes(`missing ${program}`));
  if (missing !== undefined) {
    const name = missing.program.slice(missing.program.lastIndexOf('/') + 1);
    throw new Failure('BENCH_TOOL_MISSING', { tool: name || tool, package: missing.package }, { node });
  }
  const readings = parseReadings(output);
  const memory = /^MemAvailable: *(\d{1,13}) kB$/.exec(readings.get('/proc/meminfo') ?? '')?.[1];
  const devices = ports.flatMap(({ rdma }) => rdma ?? []);
  const versions = devices.map((device) => readings.get(`/sys/class/infiniband/${device}/fw_ver`));
  return {
    availableBytes: memory === undefined ? null : Number(memory) * 1024,
    listening: listening(output),
    gids: new Map(devices.flatMap((device) => gidsOf(device, readings))),
    firmware: versions.find((version) => version !== undefined && version.length <= 64) ?? null,
    counters: countersOf(node, ports, readings),
    leftovers: parseLeftovers(output),
  };
}

/** `tcp   0: 0B64A8C0:6F5E 00000000:0000 0A …`: address and port in hexadecimal digits. */
function listening(output: string): Set<number> {
  const ports = new Set<number>();
  for (const [, port = ''] of output.matchAll(/^tcp +\d+: [0-9A-F]{8,32}:([0-9A-F]{4}) [0-9A-F:]+ 0A /gm)) {
    ports.add(Number.parseInt(port, 16));
  }
  return ports;
}

/** Indexes of the RoCE v2 GIDs that stand for an IPv4 address (`0000:…:ffff:c0a8:640a`). */
function gidsOf(device: string, readings: Readings): [string, number][] {
  const folder = `/sys/class/infiniband/${device}/ports/1`;
  return [...readings].flatMap(([path, value]): [string, number][] => {
    const index = path.startsWith(`${folder}/gids/`) ? path.slice(`${folder}/gids/`.length) : '';
    const hex = /^(?:0000:){5}ffff:([0-9a-f]{4}):([0-9a-f]{4})$/.exec(value);
    if (!/^\d{1,3}$/.test(index) || hex === null) return [];
    if (readings.get(`${folder}/gid_attrs/types/${index}`) !== 'RoCE v2') return [];
    const bytes = `${hex[1] ?? ''}${hex[2] ?? ''}`.match(/../g) ?? [];
    return [[`${device} ${bytes.map((byte) => Number.parseInt(byte, 16)).join('.')}`, Number(index)]];
  });
}

/** Below the ports that Linux hands out by itself, and nobody's well-known ones. */
const FIRST_PORT = 28_510;
const LAST_PORT = 28_999;

/** Gives ports that nobody listens on, each once. */
export function freePorts(listening: ReadonlySet<number>): () => number {
  let next = FIRST_PORT;
  return () => {
    while (listening.has(next) && next < LAST_PORT) next += 1;
    return next++;
  };
}
