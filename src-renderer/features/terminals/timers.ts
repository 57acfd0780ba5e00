/** Waiting, as the parts below need it; tests give a clock of their own. */
export interface Timers {
  /** Calls back after so many ms, unless the returned function is called first. */
  after(ms: number, callback: () => void): () => void;
}

export const windowTimers: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
