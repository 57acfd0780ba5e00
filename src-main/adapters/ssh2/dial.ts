import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { Failure, isFailure } from '../../core/failure';
import type { Clock, HostKeyDecider } from '../../core/ports';
import { hostKeyKinds } from './algorithms';
import { within } from './countdown';
import { handshake } from './handshake';
import { HostKeyCheck } from './host-key';
import type { KnownHosts } from './known-hosts';
import type { Limits } from './limits';
import type { Hop } from './route';
import type { SecretSource } from './secrets';
import { openTcp } from './tcp';
import { capped } from './wire';

export interface DialOptions {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly knownHosts: KnownHosts;
  readonly decider: HostKeyDecider;
}

/** A logged-in connection and the ones it runs through. */
export interface Line {
  readonly client: Client;
  /** Fingerprint of the node's verified host key. */
  readonly hostKey: string;
  /** Closes the connection and those that it runs through, the last one first. */
  hangUp(): void;
}

/**
 * Connects along a route: TCP to the first hop, forwarded channels from there on; every hop's host key is verified.
 * @throws Failure as {@link openTcp} and `handshake` do; JUMP_FAILED when a hop cannot reach the next one
 */
export async function dial(
  route: readonly Hop[],
  secrets: SecretSource,
  options: DialOptions,
  signal: AbortSignal,
): Promise<Line> {
  const clients: Client[] = [];
  const hangUp = () => {
    for (const client of clients.toReversed()) {
      client.end();
      client.destroy();
    }
  };
  let hostKey = '';
  try {
    for (const [index, hop] of route.entries()) {
      const via = clients.at(-1);
      const previous = route[index - 1];
      const open = () =>
        via === undefined || previous === undefined
          ? openTcp(hop, options.clock, options.limits, signal)
          : forward(via, previous, hop, options, signal);
      const isLast = index === route.length - 1;
      const reached = await enter(open, hop, secrets, options, signal).catch((error: unknown) => {
        throw isLast ? error : jumpFailure(error, hop);
      });
      clients.push(reached.client);
      hostKey = reached.hostKey;
    }
  } catch (error) {
    hangUp();
    throw error;
  }
  const client = clients.at(-1);
  if (client === undefined) throw new Failure('INTERNAL', { reason: 'empty route' });
  return { client, hostKey, hangUp };
}

/**
 * One hop. A pinned key may be of a type that the host does not show first: the other types are asked for,
 * each in a new key exchange, before the key counts as changed.
 */
async function enter(
  open: () => Promise<Duplex>,
  hop: Hop,
  secrets: SecretSource,
  options: DialOptions,
  signal: AbortSignal,
): Promise<{ client: Client; hostKey: string }> {
  const seen: string[] = [];
  let changed: Failure | undefined;
  for (;;) {
    const target = { node: hop.node, host: hop.knownAs, port: hop.port, pinned: hop.pinned };
    const hostKey = new HostKeyCheck(target, options.knownHosts, options.decider);
    const knownTypes = await options.knownHosts.knownTypes(hop.knownAs, hop.port);
    const stream = await open();
    try {
      const client = await handshake({
        stream,
        node: hop.node,
        user: hop.user,
        host: hop.host,
        port: hop.port,
        hostKey,
        knownTypes,
        withoutTypes: seen,
        keySources: hop.keys,
        secrets,
        clock: options.clock,
        limits: options.limits,
        signal,
      });
      return { client, hostKey: hostKey.fingerprint };
    } catch (error) {
      const type = isFailure(error, 'HOST_KEY_CHANGED') ? error.info.params['keyType'] : undefined;
      if (hop.pinned === undefined || typeof type !== 'string' || seen.includes(type)) {
        // The host has no further kind of key: the first answer stands.
        throw changed !== undefined && isFailure(error, 'SSH_PROTOCOL') ? changed : error;
      }
      changed ??= error as Failure;
      seen.push(type);
      if (seen.length >= hostKeyKinds) throw changed;
    }
  }
}

async function forward(
  via: Client,
  from: Hop,
  to: Hop,
  { clock, limits }: DialOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  const jump = `${from.user}@${from.host}:${from.port}`;
  const opened = new Promise<Duplex>((resolve, reject) => {
    const refused = (error: Error) =>
      reject(
        new Failure(
          'JUMP_FAILED',
          { jump, host: to.host, port: to.port, reason: 'refused' },
          { evidence: capped(error.message) },
        ),
      );
    try {
      via.forwardOut('127.0.0.1', 0, to.host, to.port, (error, channel) => {
        if (error === undefined) resolve(channel);
        else refused(error);
      });
    } catch (error) {
      refused(error as Error);
    }
  });
  const late = () => new Failure('JUMP_FAILED', { jump, host: to.host, port: to.port, reason: 'timeout' });
  return within(clock, limits.tcpMs, late, signal, opened);
}

/** What keeps a jump host from being reached is a JUMP_FAILED; a refused login or host key stays what it is. */
function jumpFailure(error: unknown, hop: Hop): unknown {
  if (!isFailure(error, 'NAME_NOT_RESOLVED', 'NODE_UNREACHABLE', 'CONNECTION_TIMEOUT', 'SSH_PROTOCOL')) {
    return error;
  }
  const { evidence } = error.info;
  return new Failure(
    'JUMP_FAILED',
    { ...error.info.params, jump: `${hop.user}@${hop.host}:${hop.port}`, reason: error.code },
    { cause: error, ...(evidence === undefined ? {} : { evidence }) },
  );
}
