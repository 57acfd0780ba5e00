import type { PairEnvironment } from '../../benchmark/environment';
import type { BenchLink } from '../../benchmark/links';
import type { Pair } from '../../engine/playbook';

/** Where things are on one node. */
export interface Place {
  readonly node: string;
  readonly user: string;
  /** Name or number of the group that new files get. */
  readonly group: string;
  readonly home: string;
  /** Absolute folder for trees and builds. */
  readonly folder: string;
  readonly cudaHome: string;
  /** As Debian names the machine: `aarch64-linux-gnu`. */
  readonly triplet: string;
}

/** What the stages tell each other. Filled while stages are assessed, in their order. */
export interface Shared {
  places: Pair<Place> | undefined;
  links: readonly BenchLink[];
  pair: PairEnvironment | undefined;
  /** Stages that were found in place: only then is there something to measure. */
  readonly settled: Set<string>;
}

export function emptyShared(): Shared {
  return { places: undefined, links: [], pair: undefined, settled: new Set() };
}
