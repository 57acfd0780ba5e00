import type { NodeFacts } from '../../contract/facts';
import type { EnvironmentProgram } from '../../contract/report';
import type { Pair } from '../engine/playbook';
import { isFailure } from '../failure';
import type { Session } from '../ports';
import { environmentText } from './environment-text';
import { gidScript, parseGids } from './gid';
import { benchLinks, type BenchLink } from './links';

/** A connected pair, as far as the settings of other programs need it. */
export interface SettingsOf {
  readonly sessions: Pair<Pick<Session, 'exec'>>;
  readonly facts: Pair<NodeFacts>;
  /** For the comments. */
  readonly names: Pair<string>;
  readonly signal?: AbortSignal;
}

const LOOK_MS = 10_000;

/**
 * The settings of a connected pair for each program, with the GID indexes looked up on both nodes; what cannot be looked
 * up is left to NCCL. @throws Failure BENCH_NO_LINK, CANCELLED
 */
export async function pairSettings(
  programs: readonly EnvironmentProgram[],
  { sessions, facts, names, signal }: SettingsOf,
): Promise<string[]> {
  const links = benchLinks(facts);
  const gids =
    links.length === 0
      ? undefined
      : await Promise.all([gidsOf(sessions[0], links, 0, signal), gidsOf(sessions[1], links, 1, signal)]);
  const extra = { facts, ...(gids === undefined ? {} : { gids }) };
  return programs.map((program) => environmentText(program, links, names, extra));
}

async function gidsOf(
  session: Pick<Session, 'exec'>,
  links: readonly BenchLink[],
  node: 0 | 1,
  signal: AbortSignal | undefined,
): Promise<Record<string, number>> {
  const wanted = links.flatMap(({ rdma, address }) => {
    const device = rdma[node];
    return device === null ? [] : [{ device, address: address[node] }];
  });
  if (wanted.length === 0) return {};
  const script = gidScript(wanted.map(({ device }) => device)).text;
  try {
    const { stdout } = await session.exec(
      { script, root: false },
      { timeoutMs: LOOK_MS, ...(signal === undefined ? {} : { signal }) },
    );
    return parseGids(stdout, wanted);
  } catch (error) {
    if (isFailure(error) && error.code !== 'CANCELLED') return {};
    throw error;
  }
}
