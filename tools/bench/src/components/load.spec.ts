import { repeatAt, repeatFor, timed } from './load';

/** Work that notes how much of it is under way at once. */
function countedWork() {
  const seen = { begun: 0, underWay: 0, atOnce: 0 };
  const work = async (): Promise<void> => {
    seen.begun += 1;
    seen.underWay += 1;
    seen.atOnce = Math.max(seen.atOnce, seen.underWay);
    await new Promise((resolve) => setImmediate(resolve));
    seen.underWay -= 1;
  };
  return { seen, work };
}

describe('repeatFor', () => {
  it('has so much under way at once, and finishes all of it', async () => {
    const { seen, work } = countedWork();
    const { count, seconds } = await repeatFor(20, 3, work);
    expect(seen).toEqual({ begun: count, underWay: 0, atOnce: 3 });
    expect(seconds).toBeGreaterThanOrEqual(0.02);
  });

  it('fails with the work', async () => {
    await expect(repeatFor(20, 2, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

describe('repeatAt', () => {
  it('begins as many as the pace says, and waits for all of them', async () => {
    const { seen, work } = countedWork();
    await repeatAt(1000, 40, work);
    expect(seen).toMatchObject({ begun: 40, underWay: 0 });
  });

  it('begins none before its time', async () => {
    const startedAt = performance.now();
    const begunAt: number[] = [];
    await repeatAt(100, 50, async () => void begunAt.push(performance.now() - startedAt));
    expect(begunAt.map((at, index) => at >= index * 10)).toEqual(Array(5).fill(true));
  });
});

describe('timed', () => {
  it('gives what the work gives, and notes its time', async () => {
    const times: number[] = [];
    expect(await timed(times, async () => 'done')).toBe('done');
    expect(times).toEqual([expect.any(Number)]);
  });
});
