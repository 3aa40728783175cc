import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until a condition holds: calls `probe` again until it returns something truthy, and returns
 * that. Instead of a sleep. The longer it takes, the less often it asks, so that those who wait leave
 * the processor to those they wait for: each `intervalMs` at first, and four times that in the end.
 *
 * @throws {Error} past the deadline, with what `probe` last threw as its cause
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = 20_000, intervalMs = 25, what = 'the condition' } = {},
): Promise<NonNullable<T>> {
  const startedAt = Date.now();
  let elapsedMs = 0;
  let cause: unknown;
  do {
    try {
      const value = await probe();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(Math.min(Math.max(intervalMs, elapsedMs / 20), 4 * intervalMs));
    elapsedMs = Date.now() - startedAt;
  } while (elapsedMs < timeoutMs);
  throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`, { cause });
}
