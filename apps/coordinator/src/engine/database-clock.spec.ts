import * as fc from 'fast-check';
import { DatabaseClock } from './database-clock';

/** A server's clock, and this process's, which started at another time. */
class Clocks {
  private sinceStartMs = 0;
  private serverMs = Date.UTC(2026, 0, 1);
  readonly clock = new DatabaseClock(() => this.sinceStartMs);

  get server(): Date {
    return new Date(this.serverMs);
  }

  pass(ms: number): void {
    this.sinceStartMs += ms;
    this.serverMs += ms;
  }

  /** Somebody sets the server's clock, or this machine slept: the two are further apart. */
  setServer(byMs: number): void {
    this.serverMs += byMs;
  }

  /** The server tells its time, and a while later it arrives. */
  answer(latencyMs: number): void {
    const time = this.server;
    this.pass(latencyMs);
    this.clock.observe(time);
  }

  /** By how much the clock is ahead of the server's. */
  get aheadMs(): number | undefined {
    return this.clock.now && this.clock.now.getTime() - this.serverMs;
  }
}

describe('DatabaseClock', () => {
  it('knows nothing before the server has told it', () => {
    expect(new Clocks().clock.now).toBeUndefined();
  });

  it('is never ahead of the server, and no further behind than its quickest answer of the minute', () => {
    const answers = fc.array(
      fc.record({ pauseMs: fc.nat({ max: 5_000 }), latencyMs: fc.nat({ max: 2_000 }) }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(answers, (all) => {
        const clocks = new Clocks();
        let quickestMs = Infinity;
        for (const { pauseMs, latencyMs } of all) {
          clocks.pass(pauseMs);
          clocks.answer(latencyMs);
          quickestMs = Math.min(quickestMs, latencyMs);
          expect(clocks.aheadMs).toBe(0 - quickestMs);
        }
      }),
    );
  });

  it('is never ahead of the server, however long it runs', () => {
    const answers = fc.array(
      fc.record({ pauseMs: fc.nat({ max: 100_000 }), latencyMs: fc.nat({ max: 90_000 }) }),
    );
    fc.assert(
      fc.property(answers, (all) => {
        const clocks = new Clocks();
        for (const { pauseMs, latencyMs } of all) {
          clocks.pass(pauseMs);
          clocks.answer(latencyMs);
          expect(clocks.aheadMs).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('follows a server whose clock is set forward at once', () => {
    const clocks = new Clocks();
    clocks.answer(1);
    clocks.setServer(3_600_000);
    clocks.answer(2);
    expect(clocks.aheadMs).toBe(-2);
  });

  it('follows a server whose clock is set back within a minute', () => {
    const clocks = new Clocks();
    clocks.answer(1);
    clocks.setServer(-3_600_000);
    for (let second = 0; second < 61; second += 1) {
      clocks.answer(1);
      clocks.pass(999);
    }
    clocks.answer(1);
    expect(clocks.aheadMs).toBe(-1);
  });

  it.each([3_600_000, -3_600_000])(
    'has to be told anew after a minute without an answer, in which the server’s was set by %i ms',
    (byMs) => {
      const clocks = new Clocks();
      clocks.answer(1);
      clocks.setServer(byMs);
      clocks.pass(60_001);
      expect(clocks.clock.now).toBeUndefined();
      clocks.answer(1);
      expect(clocks.aheadMs).toBe(-1);
    },
  );
});
