import type { BenchRecord, BenchRunning, BenchState, Suite } from '../../contract/bench-record';
import type { BenchRequest } from '../../contract/bench-request';
import type { FailureInfo } from '../../contract/failure';
import { message } from '../../contract/message';
import { newBenchId } from '../../core/benchmark/history/id';
import { readFacts } from '../../core/benchmark/read-facts';
import { Bench, type BenchParts } from '../../core/benchmark/run/bench';
import { runSuite } from '../../core/benchmark/suite/run-suite';
import type { OpenPair } from '../../core/engine/open-pair';
import { toFailure } from '../../core/failure';
import type { Clock } from '../../core/ports';
import type { Connection } from '../connection';
import type { Desk } from '../desk';
import type { Log } from '../log';
import type { State } from '../state';
import type { History } from './history';

/** What measures on a pair. */
export type Measure = Pick<Bench, 'run'>;

export interface MeasuringOptions {
  readonly state: State;
  readonly log: Log;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly desk: Desk;
  readonly history: History;
  /** Another than the real one, in tests. */
  readonly measure?: ((parts: BenchParts) => Measure) | undefined;
}

export const noBench: BenchState = { running: null, suite: null, last: null, failure: null };

/** The measurement that is going on, alone or as one of a suite. It shares the desk with the open playbook. */
export class Measuring {
  #cancelling = false;

  constructor(private readonly options: MeasuringOptions) {}

  /** Answers when it has begun. @throws Failure NOT_CONNECTED, WORK_RUNNING */
  start(request: BenchRequest): void {
    const pair = this.options.connection.need();
    const startedAt = this.options.clock.now();
    this.#begin(async (signal) => {
      await this.#keep(await this.#bench(pair).run(request, { signal, ...this.#watch() }));
    });
    const id = newBenchId(startedAt);
    this.#show({
      id,
      request,
      startedAt,
      phase: 'preparing',
      cancelling: false,
      expectedSeconds: null,
      parts: [],
      samples: [],
    });
  }

  /** Answers when it has begun. @throws Failure NOT_CONNECTED, WORK_RUNNING */
  prove(): void {
    const { connection, clock } = this.options;
    const pair = connection.need();
    const id = newBenchId(clock.now());
    this.#begin(async (signal) => {
      let suite: Suite | null = null;
      try {
        suite = await runSuite(this.#bench(pair), {
          id,
          names: [pair.sessions[0].node, pair.sessions[1].node],
          facts: await this.#facts(pair, signal),
          clock,
          signal,
          ...this.#watch(),
          onSuite: (now) => this.#patch({ suite: now, running: null }),
          keep: (record) => this.#keep(record),
        });
        this.#said('bench-proved', { level: suite.level ?? 'unknown' });
      } finally {
        this.#patch({ suite });
      }
    });
    const nothing = { steps: [], endedAt: null, level: null, sentence: null, causes: [] };
    this.#patch({ suite: { id, startedAt: clock.now(), ...nothing } });
  }

  /** Asks for the end of what is being measured; its end is told by the state. */
  requestCancel(): void {
    void this.cancel();
  }

  /** Stops what is being measured and waits until nothing of it runs any more. */
  async cancel(): Promise<void> {
    const { desk, state } = this.options;
    if (desk.worker !== 'bench') return;
    this.#cancelling = true;
    const { running } = state.get('bench');
    if (running) this.#show(running);
    await desk.cancel();
  }

  /** The pair is connected anew, or is gone: what was measured of another one is in its history. */
  connectionChanged(): void {
    this.options.state.set('bench', noBench);
  }

  /** Gone from the history. */
  forget(ids: readonly string[]): void {
    const { last } = this.options.state.get('bench');
    if (last !== null && ids.includes(last)) this.#patch({ last: null });
  }

  #begin(work: (signal: AbortSignal) => Promise<void>): void {
    const { desk, connection } = this.options;
    desk.begin('bench', async (signal) => {
      let failure: FailureInfo | null = null;
      try {
        await work(signal);
      } catch (error) {
        const { info } = toFailure(error);
        if (info.code !== 'CANCELLED') failure = info;
      }
      return () => this.#patch({ running: null, ...(failure ? { failure } : {}) });
    });
    this.#cancelling = false;
    this.#patch({ running: null, failure: null });
    desk.then(() => connection.settle());
  }

  #bench(pair: OpenPair): Measure {
    const { clock, measure } = this.options;
    const parts: BenchParts = {
      sessions: pair.sessions,
      clock,
      facts: (signal) => this.#facts(pair, signal),
      newId: () => newBenchId(clock.now()),
    };
    return measure?.(parts) ?? new Bench(parts);
  }

  async #facts(pair: OpenPair, signal: AbortSignal | undefined) {
    const facts = await readFacts(pair, signal);
    this.options.connection.showFacts(facts);
    return facts;
  }

  #watch() {
    const { log, clock } = this.options;
    return {
      onProgress: (running: BenchRunning) => this.#show(running),
      onLine: (node: string, stream: 'stdout' | 'stderr', text: string) =>
        log.printed(clock.now(), node, stream, text),
    };
  }

  /** Also what failed or was cancelled. That the disk takes nothing more does not stop the next test. */
  async #keep(record: BenchRecord): Promise<void> {
    const { tool } = record.request;
    this.#said('bench-ended', { tool, outcome: record.outcome, level: record.verdict.level });
    try {
      await this.options.history.append(record);
    } catch (error) {
      this.#patch({ failure: toFailure(error).info });
    }
    this.#patch({ last: record.id });
  }

  #show(running: BenchRunning): void {
    this.#patch({ running: { ...running, cancelling: running.cancelling || this.#cancelling } });
  }

  #said(what: 'bench-ended' | 'bench-proved', params: Record<string, string>): void {
    this.options.log.said(this.options.clock.now(), '', message(`window.log.${what}`, params));
  }

  #patch(patch: Partial<BenchState>): void {
    this.options.state.update('bench', (bench) => ({ ...bench, ...patch }));
  }
}
