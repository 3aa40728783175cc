import { setTimeout as delay } from 'node:timers/promises';
import { BrokerUnreachableError } from '../errors';
import { assertTopology } from './assert-topology';

const RETRY_INTERVAL_MS = 1_000;

/**
 * As `assertTopology`, but waits for a broker that is down: for services, which start in any order.
 * Returns without having checked once the signal aborts.
 *
 * @throws {TopologyMissingError} naming everything that is missing
 */
export async function awaitTopology(
  url: string,
  queues: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await assertTopology(url, queues);
      return;
    } catch (error) {
      if (!(error instanceof BrokerUnreachableError)) throw error;
    }
    await delay(RETRY_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}
