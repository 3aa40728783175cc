import type { CheckedOut, DeadLetter } from '@askflash/messaging';
import { describeError } from '@askflash/service-kit';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { REDRIVE_ENDS, type RedriveReport, type RedriveRequest } from './dto';
import { matches } from './page';

/** Of fewer than this, a share tells nothing. */
const LEAST_SAMPLE = 10;

/** Sent and not confirmed yet: a confirm takes tens of milliseconds where disks are slow. */
const MAX_UNDER_WAY = 20;

const redriveEnd = z.enum(REDRIVE_ENDS);
export type RedriveEnd = z.output<typeof redriveEnd>;
type Item = RedriveReport['items'][number];

/**
 * Sends dead letters back, no faster than asked for, and reports on each that matches.
 *
 * @param stop aborted to end it early, with a `RedriveEnd` as its reason
 */
export async function redrive(
  { letters, complete, signal, sendBack }: CheckedOut,
  { filter, dryRun, limit, ratePerSecond, stopOnErrorRate }: RedriveRequest,
  stop: AbortSignal,
): Promise<RedriveReport> {
  const startedAt = new Date();
  const matching = letters.filter((letter) => matches(filter, letter));
  const attempts: Promise<Item>[] = [];
  const underWay = new Set<Promise<Item>>();
  let failed = 0;
  const send = async (letter: DeadLetter): Promise<Item> => {
    try {
      await sendBack(letter);
      return { ...about(letter), outcome: 'redriven' };
    } catch (error) {
      failed += 1;
      const { code, message } = describeError(error);
      return { ...about(letter), outcome: 'failed', error: { code, message } };
    }
  };
  const endedBy = (): RedriveEnd | undefined => {
    if (attempts.length === matching.length) return 'done';
    if (stop.aborted) return redriveEnd.parse(stop.reason);
    if (signal.aborted) return 'broker_lost';
    const ended = attempts.length - underWay.size;
    if (failed > stopOnErrorRate * Math.max(ended, LEAST_SAMPLE)) return 'error_rate';
    return attempts.length >= limit ? 'limit' : undefined;
  };
  const pace = 1_000 / ratePerSecond;
  const ended = AbortSignal.any([stop, signal]);
  let nextAt = performance.now();
  for (const letter of dryRun ? [] : matching) {
    await until(nextAt, ended);
    if (underWay.size >= MAX_UNDER_WAY) await Promise.race(underWay);
    if (endedBy()) break;
    nextAt = Math.max(nextAt, performance.now()) + pace;
    const attempt = send(letter).finally(() => underWay.delete(attempt));
    underWay.add(attempt);
    attempts.push(attempt);
  }
  const end = dryRun ? 'done' : (endedBy() ?? 'done');
  const items = await Promise.all(attempts);
  const rest = matching.slice(items.length);
  return {
    dryRun,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    lookedAt: letters.length,
    complete,
    matching: matching.length,
    redriven: items.length - failed,
    failed,
    left: rest.length,
    endedBy: end,
    items: [...items, ...rest.map((letter) => ({ ...about(letter), outcome: 'left' as const }))],
  };
}

function about({ id, type, subject, queue, reason }: DeadLetter) {
  return { id, type, subject, queue, reason };
}

async function until(time: number, signal: AbortSignal): Promise<void> {
  const ms = time - performance.now();
  if (ms > 0) await delay(ms, undefined, { signal }).catch(() => undefined);
}
