import type { ChannelModel } from 'amqplib';
import { openConnection } from '../connection/open-connection';
import { within } from '../connection/within';
import { TopologyMissingError } from '../errors';
import { TOPOLOGY } from './topology';

const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Checks at an app's boot that the backbone's exchanges and the queues it uses are there, by passive
 * declaration: it makes nothing, and needs no management API.
 *
 * @throws {TopologyMissingError} naming everything that is missing
 * @throws {BrokerUnreachableError} where the broker does not answer in time, 5000 ms unless told
 */
export async function assertTopology(
  url: string,
  queues: readonly string[],
  { timeoutMs = 5_000 }: { readonly timeoutMs?: number } = {},
): Promise<void> {
  const model = await openConnection(url, { name: 'assert-topology', timeoutMs });
  try {
    const missing: string[] = [];
    for (const { name } of TOPOLOGY.exchanges) {
      if (!(await exists(model, (channel) => channel.checkExchange(name)))) {
        missing.push(`the exchange ${name}`);
      }
    }
    for (const name of queues) {
      if (!(await exists(model, (channel) => channel.checkQueue(name)))) {
        missing.push(`the queue ${name}`);
      }
    }
    if (missing.length > 0) throw new TopologyMissingError(missing);
  } finally {
    await within(CLOSE_TIMEOUT_MS, model.close());
  }
}

type Check = (channel: Awaited<ReturnType<ChannelModel['createChannel']>>) => Promise<unknown>;

/** A failed passive declaration closes its channel, so each has one of its own. */
async function exists(model: ChannelModel, check: Check): Promise<boolean> {
  const channel = await model.createChannel();
  let code: number | undefined;
  channel.on('error', (error: Error & { code?: number }) => (code = error.code));
  try {
    await check(channel);
    await channel.close();
    return true;
  } catch (error) {
    if (code === 404) return false;
    throw error;
  }
}
