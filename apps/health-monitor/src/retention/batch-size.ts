const SMALLEST = 50;
const LARGEST = 1_000;
/** So long may a batch hold its locks, and make others wait for the disk. */
const TARGET_MS = 100;

/** A first batch, of which nobody knows how long it takes. */
export const FIRST_BATCH_SIZE = SMALLEST;

/** How many rows the next batch takes, after one of `size` rows took `tookMs`: twice as many at most. */
export function nextBatchSize(size: number, tookMs: number): number {
  const fitting = Math.floor((size * TARGET_MS) / Math.max(tookMs, 1));
  return Math.max(SMALLEST, Math.min(fitting, size * 2, LARGEST));
}
