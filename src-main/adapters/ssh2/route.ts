import { Failure } from '../../core/failure';
import type { NodeAddress } from '../../core/ports';
import type { KeySources } from './login-keys';
import { parseHop, type SshConfig } from './ssh-config';

/** One machine on the way to a node; the last hop is the node itself. */
export interface Hop {
  /** Name used when a secret is asked for. */
  readonly node: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Name that known_hosts keeps it under. */
  readonly knownAs: string;
  readonly pinned: string | undefined;
  readonly keys: KeySources;
}

export interface RouteOptions {
  readonly config: SshConfig | undefined;
  readonly agents: readonly string[];
  readonly defaultIdentities: readonly string[];
  readonly localUser: string;
}

const maxHops = 8;

/**
 * The hops to a node: what the person gave, completed by ssh_config for `host`.
 * The given user and identity come first. Port 22 is what an address has when none was given, so the file's port
 * counts then.
 * @throws Failure JUMP_FAILED for a ProxyJump that leads in circles, BAD_INPUT for one that cannot be read
 */
export async function planRoute(node: NodeAddress, options: RouteOptions): Promise<Hop[]> {
  const given = {
    user: node.user,
    port: node.port === 22 ? undefined : node.port,
    identityFile: node.identityFile,
    pinned: node.hostKey,
  };
  return hops(node.name, node.host, given, options, 0);
}

interface Given {
  readonly user: string | undefined;
  readonly port: number | undefined;
  readonly identityFile?: string | undefined;
  readonly pinned?: string | undefined;
}

async function hops(
  name: string,
  alias: string,
  given: Given,
  options: RouteOptions,
  depth: number,
): Promise<Hop[]> {
  if (depth >= maxHops) throw new Failure('JUMP_FAILED', { jump: alias, reason: 'circle' });
  const found = await options.config?.resolve(alias, given.user);
  const host = found?.host ?? alias;
  const agent = found?.identityAgent;
  const last: Hop = {
    node: name,
    host,
    port: given.port ?? found?.port ?? 22,
    user: given.user ?? found?.user ?? options.localUser,
    knownAs: found?.hostKeyAlias ?? host,
    pinned: given.pinned,
    keys: {
      agents: agent === undefined ? options.agents : agent.toLowerCase() === 'none' ? [] : [agent],
      named: [
        ...(given.identityFile === undefined ? [] : [given.identityFile]),
        ...(found?.identityFiles ?? []),
      ],
      defaults: options.defaultIdentities,
      identitiesOnly: found?.identitiesOnly ?? false,
    },
  };
  if (found?.proxyCommand === true)
    throw new Failure('JUMP_FAILED', { jump: alias, reason: 'proxy-command' });
  const jumps: Hop[] = [];
  for (const [index, text] of (found?.proxyJump ?? []).entries()) {
    const jump = parseHop(text);
    const way = await hops(jump.host, jump.host, jump, options, depth + 1);
    // As with `ssh -J`, only the first jump host is reached by its own ProxyJump.
    jumps.push(...(index === 0 ? way : way.slice(-1)));
  }
  return [...jumps, last];
}
