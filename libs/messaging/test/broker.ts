import { z } from 'zod';
import { createTestVhost, type TestVhost } from '@askflash/testing';
import { connect, type ConsumeMessage, type GetMessage } from 'amqplib';
import {
  QUEUE_ARGUMENTS,
  RabbitmqManagement,
  TOPOLOGY,
  toDefinitions,
  type Topology,
} from '../src';

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
  /** Names of the connections to the virtual host. */
  connectionNames(): Promise<string[]>;
  deleteQueue(queue: string): Promise<void>;
  deleteExchange(exchange: string): Promise<void>;
  declareQueue(queue: string): Promise<void>;
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
    connectionNames: () => connectionNames(vhost),
    deleteQueue: async (queue) => {
      await channel.deleteQueue(queue);
    },
    deleteExchange: async (exchange) => {
      await channel.deleteExchange(exchange);
    },
    declareQueue: async (queue) => {
      await channel.assertQueue(queue, { durable: true, arguments: QUEUE_ARGUMENTS });
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

const connections = z.array(
  z.object({ client_properties: z.object({ connection_name: z.string().optional() }) }),
);

async function connectionNames({ name, managementUrl }: TestVhost): Promise<string[]> {
  const { origin, username, password } = new URL(managementUrl);
  const response = await fetch(`${origin}/api/vhosts/${name}/connections`, {
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
    },
  });
  return connections
    .parse(await response.json())
    .flatMap(({ client_properties }) => client_properties.connection_name ?? []);
}
