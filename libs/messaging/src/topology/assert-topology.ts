import { connect, type ChannelModel } from 'amqplib';
import { within } from '../connection/within';
import { BrokerUnreachableError, TopologyMissingError } from '../errors';
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
  const model = await open(url, timeoutMs);
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

async function open(url: string, timeoutMs: number): Promise<ChannelModel> {
  try {
    const model = await connect(url, { timeout: timeoutMs });
    model.on('error', () => {}); // Whatever call is under way rejects.
    return model;
  } catch (error) {
    const { host } = new URL(url);
    const reason = error instanceof Error ? error.message : String(error);
    throw new BrokerUnreachableError(`RabbitMQ at ${host} cannot be used: ${reason}`, {
      fields: { host },
      cause: error,
    });
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
