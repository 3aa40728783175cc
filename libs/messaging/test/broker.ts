import { createTestVhost, type TestVhost } from '@askflash/testing';
import { connect, type ConsumeMessage, type GetMessage } from 'amqplib';
import { RabbitmqManagement, TOPOLOGY, toDefinitions, type Topology } from '../src';

/** A virtual host with the backbone's topology in it, and a raw connection beside the library. */
export interface TestBroker extends TestVhost {
  readonly management: RabbitmqManagement;
  /** Ready messages in a queue, read off the queue itself. */
  depth(queue: string): Promise<number>;
  /** Takes one message out of a queue. */
  take(queue: string): Promise<GetMessage | undefined>;
  /** Publishes bytes as they are, to the default exchange. */
  publishRaw(
    queue: string,
    body: string | Buffer,
    headers?: Record<string, unknown>,
  ): Promise<void>;
  deleteQueue(queue: string): Promise<void>;
}

export async function createTestBroker(topology: Topology = TOPOLOGY): Promise<TestBroker> {
  const vhost = await createTestVhost();
  const management = new RabbitmqManagement(vhost.managementUrl);
  await management.importDefinitions(vhost.name, toDefinitions(topology, vhost.name));
  const connection = await connect(vhost.url);
  const channel = await connection.createConfirmChannel();
  return {
    ...vhost,
    management,
    depth: async (queue) => (await channel.checkQueue(queue)).messageCount,
    take: async (queue) => (await channel.get(queue, { noAck: true })) || undefined,
    publishRaw: async (queue, body, headers = {}) => {
      channel.sendToQueue(queue, Buffer.from(body), { headers, persistent: true });
      await channel.waitForConfirms();
    },
    deleteQueue: async (queue) => {
      await channel.deleteQueue(queue);
    },
    delete: async () => {
      await connection.close();
      await vhost.delete();
    },
  };
}

/** A message's header. */
export function header(message: GetMessage | ConsumeMessage | undefined, name: string): unknown {
  return message?.properties.headers?.[name];
}
