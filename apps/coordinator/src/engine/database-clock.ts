/** How long the best observation counts before it is taken anew: clocks drift, and are set. */
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

  /** The time by now; undefined before any observation. */
  get now(): Date | undefined {
    return this.offsetMs === undefined ? undefined : new Date(this.monotonic() + this.offsetMs);
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
