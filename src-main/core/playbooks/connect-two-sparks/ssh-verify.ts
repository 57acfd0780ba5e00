import type { Message } from '../../../contract/message';
import type { StageContext, Verification } from '../../engine/playbook';
import { lines, raw, sh, type Script } from '../../shell/quote';
import { explain, mergeCauses } from './causes';
import { note } from './codes';
import { both, nameOf, valueOf } from '../pair';
import type { Shared } from './shared';
import { together } from './verification';

/** One login that was tried. */
export interface LoginResult {
  readonly target: string;
  readonly code: number;
  /** What came back: the host name, or ssh's complaint. */
  readonly said: string;
}

/** A login that must work, and who has to answer. */
export interface Login {
  readonly target: string;
  readonly hostname: string;
}

/**
 * `l TARGET`: logs in as the account, without ever asking for anything, and tells who answered. The account's own
 * settings count, so nothing but the batch mode is set.
 */
export function loginFunction(user: string, home: string): Script {
  return lines(
    raw('l() {'),
    sh`  o=$(cd / && timeout -k 1 8 runuser -u ${user} -- env HOME=${home} ssh -n -o BatchMode=yes -o ConnectTimeout=5 -- "$1" hostname 2>&1)`,
    raw(`  c=$?; printf 'login %s %s %s\\n' "$1" "$c" "$(printf '%s' "$o" | tr '\\n' ' ' | tail -c 600)"`),
    raw('}'),
  );
}

/** Calls for every target, all at once. */
export function loginCalls(logins: readonly Login[]): Script[] {
  return logins.map(({ target }) => sh`l ${target} &`);
}

export function parseLogins(output: string): LoginResult[] {
  return output.split('\n').flatMap((line): LoginResult[] => {
    const found = /^login (\S+) (\d+) ?(.*)$/.exec(line);
    return found ? [{ target: found[1] ?? '', code: Number(found[2]), said: (found[3] ?? '').trim() }] : [];
  });
}

/** The other node by its name: what multi-node tools do. */
export function peerLogin({ nodes }: StageContext<Shared>, position: 0 | 1): Login[] {
  const hostname = valueOf(nodes[position === 0 ? 1 : 0].facts.hostname) ?? '';
  return [{ target: hostname, hostname }];
}

/**
 * What proves the stage from one node: the other by its name, which goes over the first link, and itself. The other by the
 * addresses of the further links is left to {@link furtherLogins}: every login costs both nodes a quarter of a second.
 */
export function nameLogins(context: StageContext<Shared>, position: 0 | 1): Login[] {
  const own = valueOf(context.nodes[position].facts.hostname) ?? '';
  return [...peerLogin(context, position), { target: own, hostname: own }];
}

/** The other node by the lasting address of each further link. */
export function furtherLogins({ nodes, shared }: StageContext<Shared>, position: 0 | 1): Login[] {
  const other = position === 0 ? 1 : 0;
  const hostname = valueOf(nodes[other].facts.hostname) ?? '';
  const addresses = (shared.network?.links ?? []).flatMap(({ addresses: pair, required }) => {
    const address = pair?.[other];
    return address === undefined || !required || address.startsWith('169.254.') ? [] : [address];
  });
  return addresses.slice(1).map((target) => ({ target, hostname }));
}

/** What the logins of one node show. */
export function judgeLogins(
  context: StageContext<Shared>,
  position: 0 | 1,
  logins: readonly Login[],
  results: readonly LoginResult[],
): Verification {
  const { nodes, shared } = context;
  const node = nameOf(nodes[position]);
  const peer = nameOf(nodes[position === 0 ? 1 : 0]);
  const who = { node, peer, port: '', user: shared.accounts?.[position].name ?? '' };
  const notes: Message[] = [];
  const causes: ReturnType<typeof explain>[] = [];
  const evidence: string[] = [];
  for (const { target, hostname } of logins) {
    const result = results.find((one) => one.target === target);
    // A warning (a new key type, a slow link) may stand before the answer.
    const answer = result?.said.split(' ').at(-1) ?? '';
    if (result?.code === 0 && answer === hostname) {
      notes.push(note('connect.ssh.login', { node, target, hostname }));
      continue;
    }
    evidence.push(`${node} → ${target}: ${result?.said ?? ''}`);
    if (result?.code === 0) {
      notes.push(note('connect.ssh.wrong-machine', { node, target, hostname: answer, expected: hostname }));
      causes.push(explain('wrong-machine', who, result.said));
    } else {
      notes.push(note('connect.ssh.login-failed', { node, target, detail: result?.said ?? '' }));
      const said = result?.code === 124 ? `${result.said} timed out` : (result?.said ?? '');
      causes.push(explain('ssh-failed', who, said));
    }
  }
  const merged = mergeCauses(...causes);
  return {
    ok: evidence.length === 0,
    notes,
    causes: merged,
    ...(evidence.length > 0 ? { evidence: evidence.join('\n') } : {}),
  };
}

/** `ssh PEER hostname` from both nodes, and each to itself, as the account, without a password. */
export async function verifySsh(context: StageContext<Shared>): Promise<Verification> {
  const { nodes, shared } = context;
  const { accounts } = shared;
  if (!accounts) return { ok: false, notes: [], causes: [] };
  const parts = await Promise.all(
    both(nodes, async (view, position) => {
      const { name, home } = accounts[position];
      const logins = nameLogins(context, position);
      const script = lines(loginFunction(name, home), ...loginCalls(logins), raw('wait'));
      const { stdout } = await context.look(nameOf(view), script, { root: true, timeoutMs: 30_000 });
      return judgeLogins(context, position, logins, parseLogins(stdout));
    }),
  );
  return together(...parts);
}
