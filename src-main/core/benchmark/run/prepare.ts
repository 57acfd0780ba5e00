import type { CxPort } from '../../../contract/facts';
import { message } from '../../../contract/message';
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
  /** RDMA devices of the tested links that are really there. */
  readonly devices: ReadonlySet<string>;
}

/** A node as the facts tell it, and what a test wants of it. */
export interface NodeBefore {
  readonly node: string;
  readonly needs: readonly ToolNeed[];
  /** All its ConnectX-7 ports. */
  readonly ports: readonly CxPort[];
  /** IPv4 addresses of the links that are tested, by RDMA device. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** Ends leftovers of earlier tests, looks for the programs, and reads counters, firmware, memory, ports and GIDs. */
export function prepareScript({ needs, ports, addresses }: Omit<NodeBefore, 'node'>): Script {
  const folders = [...addresses.keys()].map((device) => `/sys/class/infiniband/${device}`);
  return lines(
    endLeftovers(),
    ...needs.map(
      ({ program, check }) =>
        sh`${check ?? sh`command -v ${program} >/dev/null 2>&1`} || echo ${`missing ${program}`}`,
    ),
    countersScript(ports),
    sh`grep -sH '^MemAvailable:' /proc/meminfo`,
    // Listening sockets are in state 0A.
    sh`grep -sh ' 0A ' /proc/net/tcp /proc/net/tcp6 | sed 's/^/tcp /'`,
    ...(folders.length === 0
      ? []
      : [
          sh`grep -sH . ${folders.flatMap((folder) => [`${folder}/fw_ver`, `${folder}/ports/1/state`])}`,
          // An index without a GID has no type either: reading it is an error that is left out.
          sh`for d in ${folders}; do grep -sHx 'RoCE v2' "$d"/ports/1/gid_attrs/types/*; grep -sH ':ffff:' "$d"/ports/1/gids/*; done`,
        ]),
    raw(':'),
  );
}

/** @throws Failure BENCH_TOOL_MISSING */
export function parsePrepared({ node, needs, ports, addresses }: NodeBefore, output: string): Prepared {
  const missing = needs.find(({ program }) => output.split('\n').includes(`missing ${program}`));
  if (missing !== undefined) {
    const { program, missing: code } = missing;
    const causes =
      code === undefined
        ? {}
        : { causes: [{ cause: message(`bench.cause.${code}`), remedy: message(`bench.remedy.${code}`) }] };
    throw new Failure('BENCH_TOOL_MISSING', { tool: program, package: missing.package }, { node, ...causes });
  }
  const readings = parseReadings(output);
  const memory = /^MemAvailable: *(\d{1,13}) kB$/.exec(readings.get('/proc/meminfo') ?? '')?.[1];
  const stateOf = (device: string) => readings.get(`/sys/class/infiniband/${device}/ports/1/state`);
  const versions = [...addresses.keys()].map((device) =>
    readings.get(`/sys/class/infiniband/${device}/fw_ver`),
  );
  return {
    availableBytes: memory === undefined ? null : Number(memory) * 1024,
    listening: listening(output),
    gids: Object.fromEntries(
      [...addresses].flatMap(([device, address]) => {
        const index = gidOf(device, address, readings);
        return index === null ? [] : [[device, index] as const];
      }),
    ),
    firmware: versions.find((version) => version !== undefined && version.length <= 64) ?? null,
    counters: countersOf(node, ports, readings),
    leftovers: parseLeftovers(output),
    devices: new Set([...addresses.keys()].filter((device) => stateOf(device) !== undefined)),
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

/** Index of the RoCE v2 GID that stands for an IPv4 address (`0000:…:ffff:c0a8:640a`). */
function gidOf(device: string, address: string, readings: Readings): number | null {
  const folder = `/sys/class/infiniband/${device}/ports/1`;
  const digits = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  const gid = `${'0000:'.repeat(5)}ffff:${digits.slice(0, 2).join('')}:${digits.slice(2).join('')}`;
  for (const [path, value] of readings) {
    const index = /^\/gids\/(\d{1,3})$/.exec(path.startsWith(folder) ? path.slice(folder.length) : '')?.[1];
    if (index === undefined || value !== gid) continue;
    if (readings.get(`${folder}/gid_attrs/types/${index}`) === 'RoCE v2') return Number(index);
  }
  return null;
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
