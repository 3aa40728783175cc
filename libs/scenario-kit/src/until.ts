import { setTimeout as delay } from 'node:timers/promises';

const INTERVAL_MS = 5;

/** Waits until a condition holds: whether it did within the time given, in milliseconds. */
export async function until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await delay(INTERVAL_MS);
  }
  return true;
}
