import type { Message } from '../../../contract/message';
import type { StageContext, Verification } from '../../engine/playbook';
import { lines, raw, sh, type Script } from '../../shell/quote';
import { explain, mergeCauses } from './causes';
import { note } from './codes';
import { nameOf } from '../pair';
import type { NetworkLink, Shared } from './shared';

/** A ping from one end of a link, as it came out. */
export interface PingResult {
  readonly port: string;
  readonly target: string;
  readonly ok: boolean;
  /** Average round trip in ms; null when nothing came back. */
  readonly rttMs: number | null;
  /** Last lines that ping printed. */
  readonly said: string;
}

/**
 * `p PORT ADDRESS [BYTES]`: pings bound to the interface, so that no other path can answer for it; with BYTES, packets of
 * that payload which nobody may split. A port that has just been set up may need more than one try.
 */
export function pingFunction({ intervalS, tries }: { intervalS: number; tries: number }): Script {
  return lines(
    raw('p() {'),
    sh`  t=0; while [ $t -lt ${tries} ]; do t=$((t+1)); [ $t = 1 ] || sleep 0.3`,
    sh`    o=$(ping -4 -n -q -c 2 -i ${intervalS} -W 1 \${3:+-M do -s "$3"} -I "$1" "$2" 2>&1) && break`,
    raw('  done'),
    raw('  case $o in *" = "*"/"*) r=ok ;; *) r=lost ;; esac'),
    raw(
      `  printf 'ping %s %s %s %s\\n' "$1" "$2" "$r" "$(printf '%s' "$o" | tail -n 2 | tr '\\n' ' ' | tail -c 300)"`,
    ),
    raw('}'),
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

/** What the pings of one node show. A link that is not required is told about and fails nothing. */
export function judgePings(
  { nodes, shared }: StageContext<Shared>,
  position: 0 | 1,
  links: readonly NetworkLink[],
  pings: readonly PingResult[],
): Verification {
  const other = position === 0 ? 1 : 0;
  const node = nameOf(nodes[position]);
  const notes: Message[] = [];
  const causes: ReturnType<typeof explain>[] = [];
  const evidence: string[] = [];
  const pingOf = ({ ports, addresses }: NetworkLink) =>
    pings.find((one) => one.port === ports[position].netdev && one.target === addresses?.[other]);
  for (const link of links) {
    const port = link.ports[position].netdev;
    const address = link.addresses?.[other];
    if (address === undefined) continue;
    const ping = pingOf(link);
    if (ping?.ok === true) {
      notes.push(note('connect.network.ping', { port, node, address, rtt: ping.rttMs ?? 0 }));
      continue;
    }
    notes.push(note('connect.network.ping-lost', { port, node, address }));
    // Halves in one network (four addresses): the answer may leave by the twin, which is known and was told.
    const twin = links.some((one) => one !== link && one.subnet === link.subnet && pingOf(one)?.ok === true);
    if (!link.required || (link.subnet !== null && twin)) continue;
    const user = shared.accounts?.[position].name ?? '';
    evidence.push(`${node} ${port} → ${address}: ${ping?.said ?? ''}`);
    causes.push(explain('ping-lost', { node, peer: nameOf(nodes[other]), port, user }, ping?.said));
  }
  return {
    ok: evidence.length === 0,
    notes,
    causes: mergeCauses(...causes),
    ...(evidence.length > 0 ? { evidence: evidence.join('\n') } : {}),
  };
}
