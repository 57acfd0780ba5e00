import type { Message } from '../../../contract/message';
import type { StageContext, Verification } from '../../engine/playbook';
import { lines, raw, sh, type Script } from '../../shell/quote';
import { explain, mergeCauses } from './causes';
import { note } from './codes';
import { both, nameOf } from './facts';
import type { NetworkLink, Shared } from './shared';

type Position = 0 | 1;

/** A ping from one end of a link, as it came out. */
export interface PingResult {
  readonly port: string;
  readonly target: string;
  readonly ok: boolean;
  /** Average round trip in ms; null when nothing came back. */
  readonly rttMs: number | null;
  /** Last line that ping printed. */
  readonly said: string;
}

export interface NetworkReading {
  /** IPv4 addresses by interface, without prefix. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly pings: readonly PingResult[];
}

/**
 * `p PORT ADDRESS`: pings bound to the interface, so that no other path can answer for it. A port that has just been set
 * up may need a moment: three tries.
 */
export const pingFunction: Script = raw(
  [
    'p() {',
    '  for t in 1 2 3; do',
    '    o=$(ping -4 -n -q -c 2 -i 0.2 -W 1 -I "$1" "$2" 2>&1) && break',
    '    o=$(printf "%s" "$o" | tail -n 2) ; [ "$t" = 3 ] || sleep 0.3',
    '  done',
    '  case $o in *" = "*"/"*) r=ok ;; *) r=lost ;; esac',
    `  printf 'ping %s %s %s %s\\n' "$1" "$2" "$r" "$(printf '%s' "$o" | tr '\\n' ' ' | tail -c 200)"`,
    '}',
  ].join('\n'),
);

/** Reads the node's addresses and pings every target, all at once. */
function networkScript(targets: readonly { port: string; address: string }[]): Script {
  return lines(
    pingFunction,
    ...targets.map(({ port, address }) => sh`p ${port} ${address} &`),
    raw(`printf 'addresses %s\\n' "$(ip -j -4 addr show)"`),
    raw('wait'),
  );
}

export function parsePings(output: string): PingResult[] {
  return output.split('\n').flatMap((line): PingResult[] => {
    const found = /^ping (\S+) (\S+) (ok|lost) ?(.*)$/.exec(line);
    if (!found) return [];
    const [, port = '', target = '', result, said = ''] = found;
    const rtt = / = [\d.]+\/([\d.]+)\//.exec(said)?.[1];
    return [{ port, target, ok: result === 'ok', rttMs: rtt === undefined ? null : Number(rtt), said }];
  });
}

export function parseReading(output: string): NetworkReading {
  const addresses = new Map<string, string[]>();
  const json = /^addresses (.*)$/m.exec(output)?.[1] ?? '[]';
  let rows: unknown = [];
  try {
    rows = JSON.parse(json);
  } catch {
    // No answer reads as no address, which is what the person is told.
  }
  for (const row of Array.isArray(rows) ? (rows as unknown[]) : []) {
    const { ifname, addr_info: infos } = row as { ifname?: unknown; addr_info?: unknown };
    if (typeof ifname !== 'string' || !Array.isArray(infos)) continue;
    const own = (infos as { local?: unknown }[]).flatMap(({ local }) =>
      typeof local === 'string' ? [local] : [],
    );
    addresses.set(ifname, own);
  }
  return { addresses, pings: parsePings(output) };
}

/** Asks both nodes for the 169.254 addresses that their ports have picked; they take some seconds after a change. */
async function discovered(
  context: StageContext<Shared>,
  links: readonly NetworkLink[],
): Promise<NetworkLink[]> {
  const { nodes } = context;
  const read = await Promise.all(
    both(nodes, async (view, position) => {
      const ports = links.map((link) => link.ports[position].netdev);
      const waits = ports.map(
        (port) =>
          sh`n=0; until ip -4 -o addr show dev ${port} | grep -q ' 169\\.254\\.' || [ $n -ge 75 ]; do n=$((n+1)); sleep 0.2; done`,
      );
      const script = lines(...waits, raw(`printf 'addresses %s\\n' "$(ip -j -4 addr show)"`));
      const { stdout } = await context.look(nameOf(view), script, { root: true, timeoutMs: 40_000 });
      return parseReading(stdout).addresses;
    }),
  );
  return links.map((link) => {
    const [a, b] = link.ports.map((port, end) =>
      read[end]?.get(port.netdev)?.find((address) => address.startsWith('169.254.')),
    );
    return a !== undefined && b !== undefined ? { ...link, addresses: [a, b] } : link;
  });
}

/** After a re-read, the addresses are there, and each half carries a ping in both directions. */
export async function verifyNetwork(context: StageContext<Shared>): Promise<Verification> {
  const { nodes, shared } = context;
  const plan = shared.network;
  if (!plan) return { ok: false, notes: [], causes: [] };
  const open = plan.links.some(({ addresses, required }) => required && !addresses);
  const links = open ? await discovered(context, plan.links) : plan.links;
  shared.network = { ...plan, links };
  const outputs = await Promise.all(
    both(nodes, async (view, position) => {
      const targets = links.flatMap(({ ports, addresses }) =>
        addresses ? [{ port: ports[position].netdev, address: addresses[position === 0 ? 1 : 0] }] : [],
      );
      const options = { root: true, timeoutMs: 20_000 };
      return (await context.look(nameOf(view), networkScript(targets), options)).stdout;
    }),
  );
  return judge(
    context,
    links,
    both(nodes, (_, position) => parseReading(outputs[position])),
  );
}

function judge(
  { nodes, shared }: StageContext<Shared>,
  links: readonly NetworkLink[],
  readings: readonly [NetworkReading, NetworkReading],
): Verification {
  const notes: Message[] = [];
  const causes: ReturnType<typeof explain>[] = [];
  const evidence: string[] = [];
  for (const link of links)
    for (const position of [0, 1] as const) {
      const other: Position = position === 0 ? 1 : 0;
      const node = nameOf(nodes[position]);
      const port = link.ports[position].netdev;
      const own = link.addresses?.[position];
      const who = { node, peer: nameOf(nodes[other]), port, user: shared.accounts?.[position].name ?? '' };
      if (own === undefined || readings[position].addresses.get(port)?.includes(own) !== true) {
        if (!link.required) continue;
        notes.push(note('connect.network.address-missing', { port, node, address: own ?? '169.254.x.x' }));
        causes.push(explain('address-missing', who));
        continue;
      }
      const target = link.addresses?.[other] ?? '';
      const ping = readings[position].pings.find((one) => one.port === port && one.target === target);
      if (ping?.ok === true) {
        notes.push(note('connect.network.ping', { port, node, address: target, rtt: ping.rttMs ?? 0 }));
        continue;
      }
      notes.push(note('connect.network.ping-lost', { port, node, address: target }));
      if (!link.required) continue;
      evidence.push(`${node} ${port} → ${target}: ${ping?.said ?? ''}`);
      causes.push(explain('ping-lost', who, ping?.said));
    }
  const merged = mergeCauses(...causes);
  return {
    ok: merged.length === 0 && evidence.length === 0,
    notes,
    causes: merged,
    ...(evidence.length > 0 ? { evidence: evidence.join('\n') } : {}),
  };
}
