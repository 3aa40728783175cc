import { BackboneError } from '@askflash/contracts';
import { runHealthChecks, type HealthCheck } from './health-check';

class CacheDownError extends BackboneError {
  static override readonly code = 'CACHE_DOWN';
  static override readonly remedy = 'Start the cache.';
}

const up: HealthCheck = { name: 'up', check: async () => ({ version: '7' }) };
const silent: HealthCheck = { name: 'silent', check: async () => undefined };
const down: HealthCheck = {
  name: 'down',
  check: () => Promise.reject(new CacheDownError('redis://:hunter2@h is gone')),
};
const never: HealthCheck = { name: 'never', check: () => new Promise(() => undefined) };

describe('runHealthChecks', () => {
  it('is ok where every check is up, with what each found out', async () => {
    expect(await runHealthChecks([up, silent], 1000)).toEqual({
      status: 'ok',
      checks: {
        up: { status: 'up', latencyMs: expect.any(Number), detail: { version: '7' } },
        silent: { status: 'up', latencyMs: expect.any(Number) },
      },
    });
  });

  it('names what is down, with reason and remedy, and no credentials', async () => {
    const { status, checks } = await runHealthChecks([up, down], 1000);
    expect(status).toBe('error');
    expect(checks['up']?.status).toBe('up');
    expect(checks['down']).toMatchObject({
      status: 'down',
      reason: 'redis://***@h is gone',
      remedy: 'Start the cache.',
    });
  });

  it('gives each check its own time and tells it when that is up', async () => {
    const aborted = jest.fn();
    const hung: HealthCheck = {
      name: 'hung',
      timeoutMs: 30,
      check: (signal) => {
        signal.addEventListener('abort', aborted);
        return new Promise(() => undefined);
      },
    };
    const startedAt = performance.now();
    const { checks } = await runHealthChecks([hung, { ...never, timeoutMs: 60 }, up], 10_000);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(aborted).toHaveBeenCalledTimes(1);
    expect(checks['hung']?.reason).toBe('No answer within 30 ms');
    expect(checks['never']?.reason).toBe('No answer within 60 ms');
    expect(checks['never']?.latencyMs).toBeGreaterThanOrEqual(55);
    expect(checks['up']?.status).toBe('up');
  });

  it('takes a check that throws at once for one that is down', async () => {
    const throws: HealthCheck = {
      name: 'throws',
      check: () => {
        throw new Error('no connection yet');
      },
    };
    expect((await runHealthChecks([throws], 1000)).checks['throws']).toMatchObject({
      status: 'down',
      reason: 'no connection yet',
    });
  });
});
