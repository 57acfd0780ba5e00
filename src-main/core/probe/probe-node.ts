import { randomBytes } from 'node:crypto';
import type { NodeFacts } from '../../contract/facts';
import { isFailure, throwIfCancelled } from '../failure';
import type { ExecOptions, Session } from '../ports';
import { collectFacts, probeSections, type ProbeScope, type Sudo } from './collect-facts';
import { parseSections, sectionsScript } from './sections-script';
import { unknownFacts, unreachableFacts } from './unreachable';

export interface ProbeOptions {
  /** The account whose SSH files are read; the login account when left out. */
  readonly sshUser?: string;
  /** Ask the network for neighbours as well, which takes seconds. */
  readonly peers?: boolean;
  readonly signal?: AbortSignal;
}

/** The whole probe's limit in ms: the lanes' own limits end before it on a node that still answers. */
const PROBE_TIMEOUT = 30_000;
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/**
 * Reads a node in one round trip as root; where root is refused, once more without, and what needs root is
 * `not-permitted`. A lost connection gives unknown facts, not an error.
 * @throws Failure CANCELLED, or INTERNAL for a fault of ours
 */
export async function probeNode(session: Session, options: ProbeOptions = {}): Promise<NodeFacts> {
  throwIfCancelled(options.signal);
  const user = session.user;
  const scope = { user, sshUser: options.sshUser ?? user, peers: options.peers === true };
  try {
    return await readFacts(session, { ...scope, sudo: 'granted' }, options.signal);
  } catch (error) {
    const sudo = refusal(error);
    if (sudo === null) return lostFacts(error);
    try {
      return await readFacts(session, { ...scope, sudo }, options.signal);
    } catch (again) {
      return lostFacts(again);
    }
  }
}

/** Probes several nodes at once, in the order given. */
export function probePair(sessions: readonly Session[], options: ProbeOptions = {}): Promise<NodeFacts[]> {
  return Promise.all(sessions.map((session) => probeNode(session, options)));
}

async function readFacts(
  session: Session,
  scope: ProbeScope,
  signal: AbortSignal | undefined,
): Promise<NodeFacts> {
  const sections = probeSections(scope);
  // Lines of the answer carry it, so that nothing a shell or sudo says around them is taken for one.
  const nonce = randomBytes(16).toString('hex');
  const limits: ExecOptions = { timeoutMs: PROBE_TIMEOUT, maxOutputBytes: OUTPUT_LIMIT };
  const result = await session.exec(
    { script: sectionsScript(Object.values(sections), nonce).text, root: scope.sudo === 'granted' },
    signal === undefined ? limits : { ...limits, signal },
  );
  return collectFacts(scope, sections, parseSections(result.stdout, Object.values(sections), nonce));
}

function refusal(error: unknown): Sudo | null {
  if (isFailure(error, 'SUDO_MISSING')) return 'missing';
  const denied = isFailure(error, 'SUDO_NOT_ALLOWED', 'SUDO_PASSWORD_NEEDED', 'SUDO_PASSWORD_WRONG');
  return denied ? 'denied' : null;
}

function lostFacts(error: unknown): NodeFacts {
  if (isFailure(error, 'COMMAND_TIMEOUT')) return unknownFacts('timeout', 'the node did not answer in time');
  if (isFailure(error, 'OUTPUT_LIMIT')) return unknownFacts('too-large', 'the node answered without end');
  const lost = isFailure(
    error,
    'CONNECTION_LOST',
    'CONNECTION_TIMEOUT',
    'NODE_UNREACHABLE',
    'NAME_NOT_RESOLVED',
    'SSH_PROTOCOL',
  );
  if (lost) return unreachableFacts(error.code);
  throw error;
}
