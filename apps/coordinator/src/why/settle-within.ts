import { setTimeout as delay } from 'node:timers/promises';

/** What a promise came to. */
export type Settled<T> = { readonly value: T } | { readonly problem: string };

/** Waits for a promise, a time at most. Never rejects: what it gave, or why it gave nothing. */
export async function settleWithin<T>(ms: number, promise: Promise<T>): Promise<Settled<T>> {
  const timer = new AbortController();
  const late = delay(ms, { problem: `no answer within ${ms} ms` }, { signal: timer.signal });
  late.catch(() => undefined);
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    timer.abort();
  }
}
