import type { Pair } from '../core/engine/playbook';
import type { Engine } from '../core/engine/engine';
import { Failure, isFailure } from '../core/failure';
import type { BenchStore, NodeAddress } from '../core/ports';
import type { State } from './state';

/** Two make-believe nodes, as `src-main/practice` gives them. */
export interface PracticePair {
  readonly nodes: Pair<NodeAddress>;
  /** What every practice login takes, unless a fault says otherwise. */
  readonly loginPassword: string;
  readonly faults: readonly { readonly id: string; readonly on: boolean }[];
  /** @throws Failure NOT_FOUND */
  setFault(id: string, on: boolean): void;
  close(): Promise<void>;
}

export interface PracticeParts {
  /** Loaded when it is first wanted: it is heavy. */
  start(): Promise<PracticePair>;
  /** An engine whose journals are of this practice only. */
  engine(): Promise<Engine>;
  /** What is measured in this practice only. */
  benchmarks(): BenchStore;
}

/** The practice pair: started, told which faults it has, ended. */
export class PracticeRoom {
  #pair: PracticePair | undefined;
  #benchmarks: BenchStore | undefined;

  constructor(
    private readonly state: State,
    private readonly parts: PracticeParts,
  ) {}

  get password(): string | undefined {
    return this.#pair?.loginPassword;
  }

  /** What is measured in this practice. */
  get benchmarks(): BenchStore | undefined {
    return this.#benchmarks;
  }

  /** @throws Failure PRACTICE_UNAVAILABLE */
  async start(): Promise<{ nodes: Pair<NodeAddress>; engine: Engine }> {
    await this.stop();
    this.state.set('practice', { state: 'starting', faults: [] });
    try {
      this.#pair = await this.parts.start();
      const engine = await this.parts.engine();
      this.#benchmarks = this.parts.benchmarks();
      this.#tell();
      return { nodes: this.#pair.nodes, engine };
    } catch (error) {
      await this.stop();
      if (isFailure(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure('PRACTICE_UNAVAILABLE', { reason }, { cause: error });
    }
  }

  /** @throws Failure NOT_FOUND */
  setFault(id: string, on: boolean): void {
    if (!this.#pair?.faults.some((fault) => fault.id === id)) {
      throw new Failure('NOT_FOUND', { what: 'fault', id });
    }
    this.#pair.setFault(id, on);
    this.#tell();
  }

  async stop(): Promise<void> {
    const pair = this.#pair;
    this.#pair = undefined;
    this.#benchmarks = undefined;
    await pair?.close();
    this.#tell();
  }

  #tell(): void {
    const faults = (this.#pair?.faults ?? []).map(({ id, on }) => ({ id, on }));
    this.state.set('practice', { state: this.#pair ? 'on' : 'off', faults });
  }
}
