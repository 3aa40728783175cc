import { describeError, within } from '@askflash/service-kit';
import { Logger } from '@nestjs/common';

const logger = new Logger('Observer');

/** What was asked for; undefined where it could not be had, or not in time. Never rejects. */
export async function withinTime<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await within(timeoutMs, ask(), () => {
      throw new Error(`no answer within ${timeoutMs} ms`);
    });
  } catch (error) {
    logger.debug(`Not seen: ${what}: ${describeError(error).message}`);
    return undefined;
  }
}
