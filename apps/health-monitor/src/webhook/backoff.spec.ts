import { backoffMs } from './backoff';

const HOUR_MS = 3_600_000;

describe('backoffMs', () => {
  it('doubles from five seconds to an hour, and gives up after about a day', () => {
    const delays: number[] = [];
    for (let attempts = 1; ; attempts += 1) {
      const delay = backoffMs(attempts, () => 0.5);
      if (delay === undefined) break;
      delays.push(delay);
    }
    expect(delays.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(Math.max(...delays)).toBe(HOUR_MS);
    const total = delays.reduce((sum, delay) => sum + delay);
    expect(total / HOUR_MS).toBeCloseTo(23.4, 1);
  });

  it('differs by a fifth at most', () => {
    expect(backoffMs(1, () => 0)).toBe(4_000);
    expect(backoffMs(1, () => 1)).toBeCloseTo(6_000);
  });
});
