import type { BenchListed, BenchRecord, Suite } from '../../contract/bench-record';
import type { NodeFacts } from '../../contract/facts';
import type { RunSummary } from '../../contract/run';
import type { Pair } from '../engine/playbook';
import type { BenchLink } from '../benchmark/links';
import { pairDigest } from '../benchmark/run/conditions';

/** One node of the pair, and what was read of it. */
export interface ReportSource {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:…`; null before it was connected. */
  readonly hostKey: string | null;
  readonly facts: NodeFacts | null;
}

export interface ReportInput {
  /** Of Twinspark. */
  readonly version: string;
  /** Now, and when the nodes were read; ms since the epoch. */
  readonly time: number;
  readonly readAt: number | null;
  readonly practice: boolean;
  readonly nodes: Pair<ReportSource>;
  /** Of the pair, as benchLinks gives them. */
  readonly links: readonly BenchLink[];
  /** Of the pair, newest first. */
  readonly runs: readonly RunSummary[];
  /** Those that {@link forReport} chose. */
  readonly records: readonly BenchRecord[];
  /** For how each record stands against the pair's past. */
  readonly history: readonly Pick<BenchListed, 'id' | 'standing'>[];
  /** The newest "prove the link", where it is known. */
  readonly suite: Pick<Suite, 'sentence' | 'level'> | null;
  /** Names of this computer that no report needs to tell. */
  readonly laptop?: { readonly users: readonly string[]; readonly hostnames: readonly string[] };
}

/** Digest of both host keys; null when they are not known. */
export function pairOf({ nodes: [one, two] }: Pick<ReportInput, 'nodes'>): string | null {
  return one.hostKey === null || two.hostKey === null ? null : pairDigest([one.hostKey, two.hostKey]);
}
