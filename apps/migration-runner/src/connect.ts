import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseUnavailableError } from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';

const RETRY_INTERVAL_MS = 250;

/**
 * Connects, trying again until `waitMs` have passed; 0 tries once.
 *
 * @throws {DatabaseUnavailableError} with what the last try met
 */
export async function connect(
  dataSource: Pick<DataSource, 'initialize'>,
  waitMs: number,
): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      await dataSource.initialize();
      return;
    } catch (error) {
      const rest = deadline - performance.now();
      if (rest <= 0) throw new DatabaseUnavailableError(error);
      await delay(Math.min(RETRY_INTERVAL_MS, rest));
    }
  }
}
