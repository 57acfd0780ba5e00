import type { EngineEvent } from '../../contract/events';
import type { Bench } from '../../core/benchmark/run/bench';
import type { OpenPair } from '../../core/engine/open-pair';
import type { Pair, Playbook } from '../../core/engine/playbook';
import type { Runs } from '../../core/engine/runs';
import type { BenchStore, HostKeyDecider, NodeAddress, SecretStore } from '../../core/ports';

/** What the commands use of a connected pair. */
export type PairInHand = Pick<
  OpenPair,
  'sessions' | 'hostKeys' | 'facts' | 'plan' | 'apply' | 'verify' | 'rollBack' | 'settle' | 'close'
>;

/** What the commands use of the engine. */
export interface EngineInHand {
  open(nodes: Pair<NodeAddress>, signal?: AbortSignal): Promise<PairInHand>;
  readonly runs: Pick<Runs, 'state' | 'states' | 'newestLive' | 'unfinished'>;
}

/** A machine that ~/.ssh/config names. */
export interface ConfiguredHost {
  readonly alias: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string | undefined;
}

/** A machine that answers on the network; every text is untrusted. */
export interface AnnouncedHost {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

export interface Discovery {
  browse(options: { timeoutMs: number; signal?: AbortSignal }): Promise<AnnouncedHost[]>;
}

/** All that a command works with; made by compose.ts, replaced in tests. */
export interface Home {
  readonly engine: EngineInHand;
  readonly playbooks: ReadonlyMap<string, Playbook>;
  readonly sshConfig: {
    list(): Promise<readonly ConfiguredHost[]>;
    resolve(alias: string): Promise<Omit<ConfiguredHost, 'alias'>>;
  };
  readonly discovery: Discovery;
  readonly benchmarks: Pick<BenchStore, 'append' | 'list' | 'read'>;
  /** What measures on a pair. */
  bench(pair: PairInHand): Pick<Bench, 'run'>;
}

export interface HomeOptions {
  readonly dataDir: string;
  readonly secrets: SecretStore;
  readonly hostKeys: HostKeyDecider;
  readonly listener: (event: EngineEvent) => void;
  readonly laptop: { readonly home: string; readonly localUser: string; readonly env: NodeJS.ProcessEnv };
}
