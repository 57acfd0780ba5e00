/** Time for what happens within milliseconds. */
export interface Timers {
  /** Milliseconds from any fixed moment; never goes back. */
  now(): number;
  /** Calls `work` once after `ms`; the returned function prevents it. */
  after(ms: number, work: () => void): () => void;
}

export const systemTimers: Timers = {
  now: () => performance.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
