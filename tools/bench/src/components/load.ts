import { setTimeout as delay } from 'node:timers/promises';

/** What a load did. */
export interface Load {
  readonly count: number;
  readonly seconds: number;
}

/**
 * Does work again and again for a time, `width` at once: the next begins where one has ended. What is
 * under way at the end is finished, and its time counts.
 */
export async function repeatFor(
  forMs: number,
  width: number,
  work: () => Promise<unknown>,
): Promise<Load> {
  const startedAt = performance.now();
  let count = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      await work();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return { count, seconds: (performance.now() - startedAt) / 1000 };
}

/**
 * Begins work at a steady pace for a time, however long each takes, and waits for all of it. Late
 * timers are made up for, so that the rate is kept.
 */
export async function repeatAt(
  perSecond: number,
  forMs: number,
  work: () => Promise<unknown>,
): Promise<void> {
  const startedAt = performance.now();
  const total = Math.floor((perSecond * forMs) / 1000);
  const begun: Promise<unknown>[] = [];
  while (begun.length < total) {
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1000) + 1;
    while (begun.length < Math.min(due, total)) begun.push(work());
    await delay(1);
  }
  await Promise.all(begun);
}

/** What `work` gives, and how many milliseconds it took are noted. */
export async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const value = await work();
  times.push(performance.now() - startedAt);
  return value;
}
