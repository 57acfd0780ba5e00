import { lookup as resolveName } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { Failure } from '../../core/failure';
import type { Clock } from '../../core/ports';
import { within } from './countdown';
import type { Limits } from './limits';

export interface TcpTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * An open TCP connection without Nagle's algorithm: it would add 40 ms to every command.
 * Names go through the operating system's resolver, so `.local` works wherever the laptop knows mDNS.
 * @throws Failure NAME_NOT_RESOLVED, NODE_UNREACHABLE (params: host, port, reason), CONNECTION_TIMEOUT, CANCELLED
 */
export async function openTcp(
  { host, port }: TcpTarget,
  clock: Clock,
  limits: Pick<Limits, 'resolveMs' | 'tcpMs'>,
  signal: AbortSignal,
): Promise<Socket> {
  const addresses = await within(
    clock,
    limits.resolveMs,
    () => new Failure('CONNECTION_TIMEOUT', { host, port, phase: 'name' }),
    signal,
    resolveName(host, { all: true }).catch((error: unknown) => {
      throw new Failure('NAME_NOT_RESOLVED', { host, reason: codeOf(error) }, { cause: error });
    }),
  );
  const socket = connect({
    host,
    port,
    autoSelectFamily: true,
    // Node's 250 ms gives a slow first address up before it could answer.
    autoSelectFamilyAttemptTimeout: 3_000,
    lookup: (_host, _options, callback) => callback(null, addresses),
  });
  const opened = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => reject(unreachable(host, port, reasonOf(error), error)));
  });
  try {
    await within(clock, limits.tcpMs, () => unreachable(host, port, 'timeout'), signal, opened);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  socket.setNoDelay(true);
  return socket;
}

function unreachable(host: string, port: number, reason: string, cause?: unknown): Failure {
  return new Failure('NODE_UNREACHABLE', { host, port, reason }, { cause });
}

/** Several addresses fail together as one AggregateError; the most telling of its reasons counts. */
function reasonOf(error: unknown): string {
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  const codes = errors.map(codeOf);
  if (codes.includes('ECONNREFUSED')) return 'refused';
  if (codes.includes('ETIMEDOUT')) return 'timeout';
  return 'no-route';
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
