import type { Message } from '../../../contract/message';
import type { Pair, Stage, StageContext, Verification } from '../../engine/playbook';
import { lines, raw, sh, type Script } from '../../shell/quote';
import { note } from './codes';
import { both, nameOf, valueOf } from '../pair';
import {
  clientScript,
  parsePorts,
  parseTransfers,
  portFunction,
  serverScript,
  transfers,
  type Effort,
  type Transfer,
} from './measure';
import { judgePings, parsePings, pingFunction } from './ping';
import type { NetworkLink, Shared } from './shared';
import {
  furtherLogins,
  judgeLogins,
  loginCalls,
  loginFunction,
  parseLogins,
  peerLogin,
  type Login,
} from './ssh-verify';
import { together } from './verification';
import { judgePorts, judgeTransfers, measurable, throughputNotes } from './verify-judge';

/** The bytes of an IPv4 echo that fill a packet of 9000 bytes. */
const JUMBO_PAYLOAD = 9000 - 28;

/** The pair's promise, measured in one go: every link, every login, speed and MTU, and a short transfer. Changes nothing. */
export const verify: Stage<Shared> = {
  id: 'verify',
  needs: ['ssh'],
  async assess(context) {
    const { settled } = context.shared;
    // Before the other stages are in place there is nothing to measure.
    if (!settled.has('network') || !settled.has('ssh'))
      return { status: 'needed', notes: [note('connect.verify.pending', {})], changes: [] };
    const { ok, notes } = await measure(context);
    return ok ? { status: 'satisfied', notes } : { status: 'needed', notes, changes: [] };
  },
  verify: measure,
};

/** Links that have addresses to measure between. */
function addressed(links: readonly NetworkLink[]): (NetworkLink & { addresses: Pair<string> })[] {
  return links.flatMap((link) => (link.addresses ? [{ ...link, addresses: link.addresses }] : []));
}

async function measure(context: StageContext<Shared>): Promise<Verification> {
  const { nodes, shared } = context;
  const { network, accounts } = shared;
  if (!network || !accounts) return { ok: false, notes: [], causes: [] };
  const links = addressed(network.links);
  const tools = nodes.every(({ facts }) => valueOf(facts.tools)?.['iperf3'] !== undefined);
  const wanted = links.filter(({ required }) => required);
  const sent = transfers(
    (tools ? wanted : []).map(({ addresses, ports }) => ({ addresses, port: ports[0].netdev })),
  );
  const outputs = await look(context, (position) => nodeScript(context, position, links, sent));
  const readings = both(nodes, (_, position) => parsePorts(outputs[position]));
  const parts = ([0, 1] as const).flatMap((position) => [
    judgePings(context, position, links, parsePings(outputs[position])),
    judgeLogins(context, position, logins(context, position), parseLogins(outputs[position])),
  ]);
  const judged = judgePorts(context, links, readings);
  const rates = parseTransfers(outputs[0]);
  const fair = measurable(links, readings);
  let transferred = judgeTransfers(context, links, sent, rates, { effort: 'short', judged: fair });
  if (!transferred.ok) {
    // A busy node can spoil a short transfer: only a second, longer one makes it a fault.
    const again = await thorough(context, sent);
    transferred = judgeTransfers(context, links, sent, again, { effort: 'thorough', judged: fair });
  }
  const whole = together(...parts, judged, transferred);
  return { ...whole, notes: [...whole.notes, ...closing(tools, sent, rates, fair)] };
}

/** Over every further link; the SSH stage has proved the first one by name. Where there is no other, by name again. */
function logins(context: StageContext<Shared>, position: 0 | 1): Login[] {
  const further = furtherLogins(context, position);
  return further.length > 0 ? further : peerLogin(context, position);
}

function closing(
  tools: boolean,
  sent: readonly Transfer[],
  rates: ReadonlyMap<number, number>,
  fair: boolean,
): Message[] {
  if (!tools) return [note('connect.verify.throughput-skipped', { reason: 'tool' })];
  if (rates.size < sent.length) return [note('connect.verify.throughput-skipped', { reason: 'failed' })];
  return throughputNotes(rates, fair);
}

/** Everything that one node has to tell, all at once. */
function nodeScript(
  context: StageContext<Shared>,
  position: 0 | 1,
  links: readonly (NetworkLink & { addresses: Pair<string> })[],
  sent: readonly Transfer[],
): Script {
  const { shared } = context;
  const account = shared.accounts?.[position] ?? { name: '', home: '' };
  const size = shared.network?.mtu === 9000 ? String(JUMBO_PAYLOAD) : '';
  const other = position === 0 ? 1 : 0;
  return lines(
    ...(position === 1 ? [serverScript(sent, 'short')] : []),
    pingFunction({ intervalS: 0.02, tries: 1 }),
    loginFunction(account.name, account.home),
    portFunction,
    ...(position === 0 && sent.length > 0 ? [clientScript(sent, 'short')] : []),
    ...links.map(({ ports, addresses }) => sh`p ${ports[position].netdev} ${addresses[other]} ${size} &`),
    ...loginCalls(logins(context, position)),
    ...links.map(({ ports }) => sh`s ${ports[position].netdev} &`),
    raw('wait'),
  );
}

async function thorough(
  context: StageContext<Shared>,
  sent: readonly Transfer[],
): Promise<Map<number, number>> {
  const effort: Effort = 'thorough';
  const outputs = await look(context, (position) =>
    lines(position === 1 ? serverScript(sent, effort) : clientScript(sent, effort), raw('wait')),
  );
  return parseTransfers(outputs[0]);
}

async function look(
  context: StageContext<Shared>,
  script: (position: 0 | 1) => Script,
): Promise<Pair<string>> {
  const options = { root: true, timeoutMs: 30_000 };
  const [first, second] = await Promise.all(
    both(context.nodes, (view, position) => context.look(nameOf(view), script(position), options)),
  );
  return [first.stdout, second.stdout];
}
