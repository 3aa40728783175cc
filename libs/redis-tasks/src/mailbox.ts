import type { StreamEntry } from './stream-entry';

/**
 * What was published for one subscription and has not been read yet. Bounded: on overflow it is
 * emptied and marked as outdated, and the reader reads the stream again, which has it all.
 */
export class Mailbox {
  #entries: StreamEntry[] = [];
  #outdated = true;
  #wake: () => void = () => undefined;

  constructor(private readonly capacity: number) {}

  push(entry: StreamEntry): void {
    if (this.#entries.length < this.capacity) this.#entries.push(entry);
    else this.invalidate();
    this.#wake();
  }

  /** Has the reader read the stream again. */
  invalidate(): void {
    this.#entries = [];
    this.#outdated = true;
    this.#wake();
  }

  /** Whether the stream has to be read again; asking settles it. */
  takeOutdated(): boolean {
    const outdated = this.#outdated;
    this.#outdated = false;
    return outdated;
  }

  take(): StreamEntry | undefined {
    return this.#entries.shift();
  }

  get isIdle(): boolean {
    return this.#entries.length === 0 && !this.#outdated;
  }

  /** Ends a `wait`. */
  wake(): void {
    this.#wake();
  }

  /** Until something is in, or `wake` is called, or the time is over; then answers false. */
  wait(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
