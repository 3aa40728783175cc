import * as fc from 'fast-check';
import { MicroBatcher, type Settled } from './micro-batcher';

const fulfil = <T>(value: T): Settled<T> => ({ status: 'fulfilled', value });

describe('MicroBatcher', () => {
  it('settles every item once, in order, in batches within the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        async (items, maxCount) => {
          const sizes: number[] = [];
          const seen: number[] = [];
          const batcher = new MicroBatcher<number, number>(async (batch) => {
            sizes.push(batch.length);
            seen.push(...batch);
            return batch.map((item) => fulfil(item * 2));
          }, maxCount);
          const results = await Promise.all(items.map((item) => batcher.add(item)));
          expect(results).toEqual(items.map((item) => item * 2));
          expect(seen).toEqual(items);
          expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxCount);
        },
      ),
    );
  });

  it('lets a batch grow while another one runs', async () => {
    const sizes: number[] = [];
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const batcher = new MicroBatcher<number, number>(async (batch) => {
      sizes.push(batch.length);
      if (sizes.length === 1) await gate;
      return batch.map(fulfil);
    }, 100);
    const first = batcher.add(0);
    await new Promise(setImmediate);
    const others = [1, 2, 3].map((item) => batcher.add(item));
    release();
    await Promise.all([first, ...others]);
    expect(sizes).toEqual([1, 3]);
  });

  it('fails only the item that failed, and the whole batch where processing throws', async () => {
    const batcher = new MicroBatcher<string, string>(async (batch) => {
      if (batch.includes('throw')) throw new Error('batch');
      return batch.map((item) =>
        item === 'bad' ? { status: 'rejected', reason: new Error('item') } : fulfil(item),
      );
    }, 10);
    const settled = await Promise.allSettled(['good', 'bad'].map((item) => batcher.add(item)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(batcher.add('throw')).rejects.toThrow('batch');
    await expect(batcher.add('after')).resolves.toBe('after');
  });
});
