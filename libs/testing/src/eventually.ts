import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until a condition holds: calls `probe` again until it returns something truthy, and returns
 * that. Instead of a sleep.
 *
 * @throws {Error} past the deadline, with what `probe` last threw as its cause
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = 20_000, intervalMs = 25, what = 'the condition' } = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const value = await probe();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(intervalMs);
  } while (Date.now() < deadline);
  throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`, { cause });
}
