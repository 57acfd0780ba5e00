import type { NodeFacts, UnknownReason } from '../../contract/facts';
import { asFact, unknown } from './parsed';

const names = [
  'hostname',
  'release',
  'os',
  'kernel',
  'uptimeSeconds',
  'clockMs',
  'account',
  'accounts',
  'sudo',
  'memory',
  'disks',
  'gpus',
  'cuda',
  'ports',
  'links',
  'addresses',
  'routes',
  'netplan',
  'firewall',
  'peers',
  'ssh',
  'tools',
] as const satisfies readonly (keyof NodeFacts)[];

type Complete = Exclude<keyof NodeFacts, (typeof names)[number]> extends never ? NodeFacts : never;

/** Facts of a node of which nothing could be read, all for one reason. */
export function unknownFacts(reason: UnknownReason, detail: string): NodeFacts {
  const nothing = asFact(unknown(reason, detail), 'ssh');
  const facts: Complete = Object.fromEntries(names.map((name) => [name, nothing])) as Complete;
  return facts;
}

/** Facts of a node that could not be reached; `reason` says why (a failure code will do). */
export function unreachableFacts(reason: string): NodeFacts {
  return unknownFacts('unreachable', reason);
}
