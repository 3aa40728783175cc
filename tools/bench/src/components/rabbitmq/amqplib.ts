import { connect, type ConfirmChannel } from 'amqplib';
import type { Benchmark } from '../../benchmark';
import { BROKER_FIGURES, measureBroker, type BrokerClient } from './measure-broker';
import { QUEUES, createBroker } from './queues';

const PREFETCH = 100;

/** The floor: the driver alone, with the same messages on the same queues. */
export const amqplib: Benchmark = {
  name: 'amqplib',
  title: 'amqplib alone in one process, the same messages and queues',
  durability: 'quorum queues, persistent, mandatory, confirmed; acknowledged',
  figures: BROKER_FIGURES,
  setUp: async (bench) => {
    const { env } = await bench.servers();
    const vhost = await createBroker(env.RABBITMQ_MANAGEMENT_URL);
    const [publishing, consuming] = [await connect(vhost.url), await connect(vhost.url)];
    const channel = await publishing.createConfirmChannel();
    const client: BrokerClient = {
      publish: async (queue) => {
        const { contract, payload } = queue.message();
        await send(channel, queue.name, contract.type, payload);
        return payload.taskId;
      },
      onHandled: () => undefined,
    };
    for (const { name } of QUEUES) {
      const consumer = await consuming.createChannel();
      await consumer.prefetch(PREFETCH);
      await consumer.consume(name, (message) => {
        if (!message) return;
        client.onHandled(String(message.properties.messageId));
        consumer.ack(message);
      });
    }
    return {
      warmUp: async () => void (await measureBroker(client, 'warmUp')),
      measure: () => measureBroker(client, bench.isQuick ? 'quick' : 'full'),
      close: async () => {
        await Promise.all([publishing.close(), consuming.close()]);
        await vhost.delete();
      },
    };
  },
};

function send(
  channel: ConfirmChannel,
  queue: string,
  type: string,
  payload: { readonly taskId: string },
): Promise<void> {
  const body = Buffer.from(JSON.stringify(payload));
  const options = {
    persistent: true,
    mandatory: true,
    contentType: 'application/json',
    messageId: payload.taskId,
    type,
  };
  return new Promise((resolve, reject) => {
    channel.publish('mcp.tasks', queue, body, options, (error: unknown) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
