import { within } from '@askflash/service-kit';

/** What a promise came to. */
export type Settled<T> = { readonly value: T } | { readonly problem: string };

/** Waits for a promise, a time at most. Never rejects: what it gave, or why it gave nothing. */
export function settleWithin<T>(ms: number, promise: Promise<T>): Promise<Settled<T>> {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
  );
  return within(ms, settled, () => ({ problem: `no answer within ${ms} ms` }));
}
