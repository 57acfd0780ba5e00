import type { RunOutcome } from '../../contract/run';
import type { FailureInfo } from '../../contract/failure';
import type { NodeFacts } from '../../contract/facts';
import type { Message } from '../../contract/message';
import type { Clock, Connector, LaptopNetwork, RunStore, Session } from '../ports';
import type { Kinds } from './planner';
import type { Pair, Playbook } from './playbook';
import type { KnownSecrets } from './secrets';

/** What the engine is built from; wired once, in a host. */
export interface EngineParts {
  readonly connector: Connector;
  readonly runs: RunStore;
  readonly secrets: KnownSecrets;
  readonly clock: Clock;
  readonly laptop: LaptopNetwork;
  readonly playbooks: ReadonlyMap<string, Playbook>;
  readonly kinds: Kinds;
  /** Reads both nodes at once. */
  probe(
    sessions: Pair<Session>,
    options: { sshUser?: string; peers?: boolean; signal?: AbortSignal },
  ): Promise<Pair<NodeFacts>>;
  factsHash(facts: Pair<NodeFacts>): string;
  /** Version of the app, for the journal. */
  readonly version: string;
}

export interface ApplyResult {
  readonly outcome: RunOutcome | 'nothing-to-do';
  /** Absent when nothing was to do: then there is no run. */
  readonly run?: string;
  /** Changes made. */
  readonly changes: number;
  readonly failure?: FailureInfo;
  /** The failed stage could not be taken back whole (a node out of reach): recover it later. */
  readonly unfinished: boolean;
  readonly notes: readonly { stage: string; notes: readonly Message[] }[];
}

export interface RollbackResult {
  readonly run: string;
  /** `unfinished`: something could not be taken back yet. */
  readonly outcome: RunOutcome | 'unfinished';
  readonly restored: number;
  readonly drifted: readonly { id: string; node: string; difference: string }[];
  readonly failed: readonly { id: string; node: string; failure: FailureInfo }[];
}

/** What of a run is taken back; all of it when empty. */
export interface UndoScope {
  readonly stage?: string;
  readonly change?: string;
}
