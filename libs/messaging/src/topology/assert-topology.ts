import type { ChannelModel } from 'amqplib';
import { openConnection } from '../connection/open-connection';
import { within } from '../connection/within';
import { BrokerUnreachableError, TopologyMissingError } from '../errors';
import { TOPOLOGY } from './topology';

const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Checks at an app's boot that the backbone's exchanges and the queues it uses are there, by passive
 * declaration: it makes nothing, and needs no management API.
 *
 * @throws {TopologyMissingError} naming everything that is missing
 * @throws {BrokerUnreachableError} where the broker does not answer in time, 5000 ms unless told, or
 *   goes away meanwhile
 */
export async function assertTopology(
  url: string,
  queues: readonly string[],
  { timeoutMs = 5_000 }: { readonly timeoutMs?: number } = {},
): Promise<void> {
  const model = await openConnection(url, { name: 'assert-topology', timeoutMs });
  let isLost = false;
  model.once('close', () => (isLost = true));
  let missing: readonly string[];
  try {
    missing = await findMissing(model, queues);
  } catch (cause) {
    if (!isLost) throw cause;
    throw new BrokerUnreachableError('RabbitMQ went away while its queues were looked for', {
      cause,
    });
  } finally {
    if (!isLost) await within(CLOSE_TIMEOUT_MS, model.close());
  }
  if (missing.length > 0) throw new TopologyMissingError(missing);
}

async function findMissing(model: ChannelModel, queues: readonly string[]): Promise<string[]> {
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
  return missing;
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
