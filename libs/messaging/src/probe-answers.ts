import type { Channel, ConsumeMessage } from 'amqplib';
import { v7 as uuidv7 } from 'uuid';
import { EVENTS_EXCHANGE } from './topology/topology';

/**
 * What routing keys of answers to probes begin with. They go through `mcp.events`, not to RabbitMQ's
 * direct reply-to: who may answer that may write to every queue, as both are the default exchange.
 */
export const PROBE_ANSWER_PREFIX = 'probe.answered.';

/**
 * Listens for answers to probes, on a queue that goes away with the channel.
 *
 * @param receive is given null where the broker took the queue away
 * @returns the `replyTo` of the probes
 */
export async function listenForAnswers(
  channel: Channel,
  receive: (answer: ConsumeMessage | null) => void,
): Promise<string> {
  const replyTo = `${PROBE_ANSWER_PREFIX}${uuidv7()}`;
  const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true });
  await channel.bindQueue(queue, EVENTS_EXCHANGE, replyTo);
  await channel.consume(queue, receive, { noAck: true });
  return replyTo;
}
