/**
 * How long the best observation counts before it is taken anew: clocks drift and are set, and that of
 * this process stands still while its machine sleeps.
 */
const RENEWAL_MS = 60_000;

/**
 * Tells the time of PostgreSQL without asking it: what it said last, and what has passed since. An
 * answer arrives late and never early, so of several observations the furthest ahead is the best.
 */
export class DatabaseClock {
  private offsetMs: number | undefined;
  private renewedMs = -Infinity;

  /** @param monotonic milliseconds that only grow */
  constructor(private readonly monotonic: () => number = () => performance.now()) {}

  /** The time by now; undefined where PostgreSQL has to be asked. */
  get now(): Date | undefined {
    const nowMs = this.monotonic();
    const isOutdated = nowMs - this.renewedMs > RENEWAL_MS;
    return isOutdated || this.offsetMs === undefined ? undefined : new Date(nowMs + this.offsetMs);
  }

  /** Notes what PostgreSQL has just answered. */
  observe(time: Date): void {
    const nowMs = this.monotonic();
    const offsetMs = time.getTime() - nowMs;
    if (nowMs - this.renewedMs > RENEWAL_MS) {
      this.renewedMs = nowMs;
      this.offsetMs = offsetMs;
    } else {
      this.offsetMs = Math.max(this.offsetMs ?? -Infinity, offsetMs);
    }
  }
}
