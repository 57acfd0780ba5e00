import type { BenchRecord } from '../../contract/bench-record';
import { limits } from '../../contract/limits';
import { message } from '../../contract/message';
import { pairDigest } from '../../core/benchmark/run/conditions';
import { withStandings } from '../../core/benchmark/history/standing';
import type { BenchStore, Clock } from '../../core/ports';
import type { Connection } from '../connection';
import type { Log } from '../log';
import type { State } from '../state';

export interface HistoryOptions {
  readonly state: State;
  readonly log: Log;
  readonly clock: Clock;
  readonly connection: Connection;
  /** What is kept of real machines. */
  readonly real: BenchStore;
  /** What is kept of the practice that is open. */
  readonly practice: () => BenchStore | undefined;
}

/** The measurements that are kept: those of the open pair, or of all pairs when none is open. */
export class History {
  /** The one that was measured last: it can be shown although the disk did not take it. */
  #newest: BenchRecord | undefined;
  #listing = 0;
  readonly #told = new Set<string>();

  constructor(private readonly options: HistoryOptions) {}

  /** Reads the list anew. @throws Failure HISTORY_WRITE */
  async refresh(): Promise<void> {
    const listing = ++this.#listing;
    const { connection, state } = this.options;
    const pair = connection.pair && pairDigest(connection.pair.hostKeys);
    const { entries, damaged, later } = await this.kept.list();
    // Another pair may have been opened meanwhile: its own list follows.
    if (listing !== this.#listing) return;
    const own = pair === undefined ? entries : entries.filter((entry) => entry.pair === pair);
    state.set('history', withStandings(own, limits.history));
    this.#tell('damaged', damaged);
    this.#tell('later', later);
  }

  /** @throws Failure HISTORY_WRITE: it can be shown all the same, until the next one is measured */
  async append(record: BenchRecord): Promise<void> {
    this.#newest = record;
    await this.kept.append(record);
    await this.refresh();
  }

  /** @throws Failure NOT_FOUND */
  read(id: string): Promise<BenchRecord> {
    return this.#newest?.id === id ? Promise.resolve(this.#newest) : this.kept.read(id);
  }

  /** @throws Failure HISTORY_WRITE */
  async remove(ids: readonly string[]): Promise<void> {
    if (this.#newest !== undefined && ids.includes(this.#newest.id)) this.#newest = undefined;
    try {
      await this.kept.remove(ids);
    } finally {
      await this.refresh();
    }
  }

  /** Where those of the open pair are kept. */
  get kept(): BenchStore {
    const { state, practice, real } = this.options;
    return (state.get('pair')?.practice === true ? practice() : undefined) ?? real;
  }

  /** Each once: they are found again with every reading. */
  #tell(what: 'damaged' | 'later', ids: readonly string[]): void {
    const { log, clock } = this.options;
    for (const id of ids) {
      if (this.#told.has(id)) continue;
      this.#told.add(id);
      log.said(clock.now(), '', message('window.log.bench-unread', { id, what }));
    }
  }
}
