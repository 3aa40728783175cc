import { connect, type ChannelModel } from 'amqplib';
import { BrokerUnreachableError } from '../errors';

/**
 * Opens a plain connection, for work that ends: a command, a check. Whoever opens it closes it.
 *
 * @throws {BrokerUnreachableError} the broker does not answer in time, or refuses
 */
export async function openConnection(
  url: string,
  { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number },
): Promise<ChannelModel> {
  try {
    const model = await connect(url, {
      timeout: timeoutMs,
      clientProperties: { connection_name: name },
    });
    model.on('error', () => {}); // Whatever call is under way rejects.
    return model;
  } catch (error) {
    const { host } = new URL(url);
    throw new BrokerUnreachableError(`RabbitMQ at ${host} cannot be used`, {
      fields: { host },
      cause: error,
    });
  }
}
