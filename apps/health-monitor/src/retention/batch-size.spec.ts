import fc from 'fast-check';
import { FIRST_BATCH_SIZE, nextBatchSize } from './batch-size';

/** The size after many batches, where a row takes as long as given. */
function settledSize(msPerRow: number): number {
  let size = FIRST_BATCH_SIZE;
  for (let batch = 0; batch < 20; batch += 1) size = nextBatchSize(size, size * msPerRow);
  return size;
}

describe('nextBatchSize', () => {
  it('finds the size that takes 100 ms', () => {
    expect(settledSize(0.5)).toBe(200);
    expect(settledSize(0.1)).toBe(1_000);
  });

  it('stays within its bounds, and grows step by step', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 50, max: 1_000 }),
        fc.double({ min: 0, noNaN: true }),
        (size, tookMs) => {
          const next = nextBatchSize(size, tookMs);
          expect(next).toBeGreaterThanOrEqual(50);
          expect(next).toBeLessThanOrEqual(Math.min(size * 2, 1_000));
        },
      ),
    );
  });

  it('shrinks at once where a batch takes too long', () => {
    expect(nextBatchSize(1_000, 1_000)).toBe(100);
  });
});
