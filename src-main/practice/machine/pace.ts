/** A test of any length takes at least so long on this computer, where it is not shorter itself. */
const SHORT_MS = 2500;
/** What a second of a long test takes, and what one takes that nobody would wait for. */
const SECOND_MS = 150;
const LATE_MS = 15;
const LATE_SECONDS = 60;

/**
 * How a test's seconds pass: a test of some seconds is over in two and a half, a long one in a seventh of its time. Bytes and
 * counters go by the clock on the wall: each second of it, as many go over a link as the test says that it carries.
 */
export class Pace {
  /** @param factor below 1 for tests that have no time */
  constructor(private readonly factor = 1) {}

  /** Milliseconds that `seconds` of a test take which lasts `whole` in all. */
  ms(seconds: number, whole: number): number {
    const long = Math.min(whole, LATE_SECONDS) * SECOND_MS + Math.max(0, whole - LATE_SECONDS) * LATE_MS;
    const all = Math.min(whole * 1000, Math.max(SHORT_MS, long)) * this.factor;
    return whole <= 0 ? 0 : (all * seconds) / whole;
  }
}
