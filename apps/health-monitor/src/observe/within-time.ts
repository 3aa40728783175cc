import { describeError } from '@askflash/service-kit';
import { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';

const logger = new Logger('Observer');

/** What was asked for; undefined where it could not be had, or not in time. Never rejects. */
export async function withinTime<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  const timer = new AbortController();
  const timeout = delay(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer within ${timeoutMs} ms`);
  });
  timeout.catch(() => undefined);
  try {
    return await Promise.race([ask(), timeout]);
  } catch (error) {
    logger.debug(`Not seen: ${what}: ${describeError(error).message}`);
    return undefined;
  } finally {
    timer.abort();
  }
}
