import type { LiveCall } from '../live';

/** One process of a job, when it has called MPI_Init. */
export interface Rank<Offer> {
  readonly call: LiveCall;
  readonly offer: Offer;
}

/** Processes that mpirun has started together: they meet, and the first one speaks. */
export class MpiJob {
  readonly #ranks = new Map<number, Rank<unknown>>();
  #complete: () => void = () => undefined;
  readonly #whole: Promise<void>;
  #finish: () => void = () => undefined;
  /** Resolves when the first process is through. */
  readonly finished: Promise<void>;

  constructor(
    readonly size: number,
    /** Aborted when one of them has ended before its time. */
    readonly signal: AbortSignal,
  ) {
    this.#whole = new Promise((resolve) => (this.#complete = resolve));
    this.finished = new Promise((resolve) => (this.#finish = resolve));
    signal.addEventListener('abort', () => this.finish(), { once: true });
  }

  /** Waits for all others. @returns undefined when one of them does not come */
  async join<Offer>(rank: number, own: Rank<Offer>): Promise<Rank<Offer>[] | undefined> {
    this.#ranks.set(rank, own);
    if (this.#ranks.size === this.size) this.#complete();
    await Promise.race([this.#whole, this.finished]);
    if (this.#ranks.size < this.size || this.signal.aborted) return undefined;
    return [...this.#ranks.entries()].sort(([a], [b]) => a - b).map(([, one]) => one as Rank<Offer>);
  }

  finish(): void {
    this.#complete();
    this.#finish();
  }
}

const jobs = new Map<string, MpiJob>();
let last = 41_200;

/** A name for a job, as PMIx gives them. */
export function registerJob(job: MpiJob): string {
  const name = String(++last);
  jobs.set(name, job);
  return name;
}

export function forgetJob(name: string): void {
  jobs.delete(name);
}

/** The job that a process belongs to, and its place in it; undefined for one that was started alone. */
export function jobOf({ env }: LiveCall): { job: MpiJob; rank: number } | undefined {
  const job = jobs.get(env['PMIX_NAMESPACE'] ?? '');
  return job && { job, rank: Number(env['OMPI_COMM_WORLD_RANK'] ?? 0) };
}
