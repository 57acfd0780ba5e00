import type { StageContext, Verification } from '../../engine/playbook';
import { lines, raw, sh, type Script } from '../../shell/quote';
import { explain, mergeCauses } from './causes';
import { note } from './codes';
import { both, nameOf } from '../pair';
import { judgePings, parsePings, pingFunction, type PingResult } from './ping';
import type { NetworkLink, Shared } from './shared';
import { together } from './verification';

export interface NetworkReading {
  /** IPv4 addresses by interface, without prefix. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly pings: readonly PingResult[];
}

/** Reads the node's addresses and pings every target, all at once. */
function networkScript(targets: readonly { port: string; address: string }[]): Script {
  return lines(
    pingFunction({ intervalS: 0.02, tries: 3 }),
    ...targets.map(({ port, address }) => sh`p ${port} ${address} &`),
    raw(`printf 'addresses %s\\n' "$(ip -j -4 addr show)"`),
    raw('wait'),
  );
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
  // What a port picks itself may be another address than when the facts were read.
  const open = plan.links.some(
    ({ addresses, required }) => required && addresses?.[0].startsWith('169.254.') !== false,
  );
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

/** Whether every link's addresses are on their ports, and whether they answer. */
function judge(
  context: StageContext<Shared>,
  links: readonly NetworkLink[],
  readings: readonly [NetworkReading, NetworkReading],
): Verification {
  const { nodes, shared } = context;
  const parts = both(nodes, (view, position) => {
    const node = nameOf(view);
    const { addresses, pings } = readings[position];
    const has = ({ addresses: pair, ports }: NetworkLink) => {
      const own = pair?.[position];
      return own !== undefined && addresses.get(ports[position].netdev)?.includes(own) === true;
    };
    const missing = links.filter((link) => link.required && !has(link));
    const notes = missing.map(({ ports, addresses: pair }) => {
      const address = pair?.[position] ?? '169.254.x.x';
      return note('connect.network.address-missing', { port: ports[position].netdev, node, address });
    });
    const peer = nameOf(nodes[position === 0 ? 1 : 0]);
    const user = shared.accounts?.[position].name ?? '';
    const causes = missing.map(({ ports }) =>
      explain('address-missing', { node, peer, port: ports[position].netdev, user }),
    );
    const present: Verification = { ok: missing.length === 0, notes, causes: mergeCauses(...causes) };
    return together(present, judgePings(context, position, links.filter(has), pings));
  });
  return together(...parts);
}
