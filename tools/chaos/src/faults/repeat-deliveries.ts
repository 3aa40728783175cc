import { AGENTS } from '@askflash/contracts';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { sample } from '../plan/sample';
import { withRabbitmq } from '../rig/clients';
import type { Fault, Hold, PlannedFault } from './fault';

/** Tells a copy from what it is a copy of, which would be copied without end. */
const COPY_HEADER = 'x-chaos-copy';

/** When each copy of a message is sent: mostly one, mostly soon, some after the task has ended. */
const copies = fc.array(
  fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 300 }) },
      { weight: 1, arbitrary: fc.integer({ min: 300, max: 8_000 }) },
    ),
    { maxLength: 3 },
  ),
  { minLength: 100, maxLength: 100 },
);

/** Requests and results come twice and more, in another order, and late. */
export const REPEAT_DELIVERIES: Fault = {
  kind: 'repeat-deliveries',
  targets: () => ['requests', 'results'],
  forMs: [3_000, 10_000],
  inject: (rig, planned, hold) =>
    rig.servers.persist('deliveries to be repeated', () =>
      withRabbitmq(rig.env.RABBITMQ_URL, (connection) => repeatOn(connection, planned, hold)),
    ),
};

async function repeatOn(
  connection: ChannelModel,
  { target, forMs, seed }: PlannedFault,
  hold: Hold,
): Promise<void> {
  const channel = await connection.createChannel();
  let isOpen = true;
  // The broker may be killed meanwhile, and what it was to be sent is lost then.
  channel.once('close', () => (isOpen = false));
  channel.on('error', () => undefined);
  const { queue } = await channel.assertQueue('', { exclusive: true });
  const exchange = target === 'requests' ? 'mcp.tasks' : 'mcp.events';
  const keys =
    target === 'requests'
      ? AGENTS.map((agent) => agent.queue)
      : ['stage.completed.#', 'stage.failed.#'];
  for (const key of keys) await channel.bindQueue(queue, exchange, key);
  const delays = sample(copies, seed);
  const sent: Promise<void>[] = [];
  let count = 0;
  const repeat = (message: ConsumeMessage | null): void => {
    if (!message || COPY_HEADER in (message.properties.headers ?? {})) return;
    const { content, fields, properties } = message;
    const headers = { ...properties.headers, [COPY_HEADER]: true };
    for (const delayMs of delays[(count += 1) % delays.length] ?? []) {
      sent.push(
        hold(delayMs).then(() => {
          if (isOpen)
            channel.publish(exchange, fields.routingKey, content, { ...properties, headers });
        }),
      );
    }
  };
  await channel.consume(queue, repeat, { noAck: true });
  await hold(forMs);
  if (isOpen) await channel.deleteQueue(queue).catch(() => undefined);
  await Promise.all(sent);
  if (isOpen) await channel.close().catch(() => undefined);
}
