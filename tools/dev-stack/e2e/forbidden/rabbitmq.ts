import { connect, type ConfirmChannel } from 'amqplib';
import type { Attempt } from './attempt';

const NOTHING = Buffer.from('{}');

/** Tries something on a channel; a publish is refused by closing it. */
async function onChannel(
  url: string,
  attempt: (channel: ConfirmChannel) => unknown,
): Promise<void> {
  const connection = await connect(url);
  try {
    const channel = await connection.createConfirmChannel();
    const closed = new Promise<never>((_resolve, reject) => channel.once('error', reject));
    const tried = async () => {
      await attempt(channel);
      await channel.waitForConfirms();
    };
    await Promise.race([tried(), closed]);
  } finally {
    await connection.close();
  }
}

const attempt = (
  app: string,
  what: string,
  run: (channel: ConfirmChannel) => unknown,
): Attempt => ({ app, what, run: (url) => onChannel(url, run) });

const consume = (app: string, queue: string) =>
  attempt(app, `consumes ${queue}`, (channel) => channel.consume(queue, () => undefined));
const publish = (app: string, exchange: string, key: string) =>
  attempt(app, `publishes ${key} to ${exchange || 'the default exchange'}`, (channel) =>
    channel.publish(exchange, key, NOTHING),
  );
const change = (app: string, queue: string) => [
  attempt(app, 'declares a queue', (channel) => channel.assertQueue('of.its.own')),
  attempt(app, 'declares an exchange', (channel) => channel.assertExchange('its.own', 'fanout')),
  attempt(app, `deletes ${queue}`, (channel) => channel.deleteQueue(queue)),
  attempt(app, 'deletes mcp.events', (channel) => channel.deleteExchange('mcp.events')),
  attempt(app, `binds ${queue} to all events`, (channel) =>
    channel.bindQueue(queue, 'mcp.events', '#'),
  ),
  attempt(app, `unbinds ${queue}`, (channel) =>
    channel.unbindQueue(queue, 'mcp.tasks', 'intent.task'),
  ),
];

const AGENTS = ['intent', 'embedding', 'executor', 'moderator', 'websearch'] as const;

/** What the broker has to refuse with ACCESS_REFUSED. */
export const RABBITMQ_ATTEMPTS: readonly Attempt[] = [
  ...AGENTS.flatMap((agent, index) => {
    const app = `${agent}-agent`;
    const other = AGENTS[(index + 1) % AGENTS.length];
    return [
      consume(app, `${other}.task`),
      consume(app, 'mcp.results'),
      consume(app, 'mcp.dead_letter'),
      attempt(app, `purges ${other}.task`, (channel) => channel.purgeQueue(`${other}.task`)),
      publish(app, 'mcp.tasks', `${other}.task`),
      publish(app, 'mcp.tasks', `${agent}.task`),
      publish(app, '', 'mcp.results'),
      publish(app, '', `${other}.task`),
      publish(app, 'mcp.events', `agent.heartbeat.${other}`),
      publish(app, 'mcp.events', 'task.complete'),
      publish(app, 'mcp.events', 'stage.completed.response_packaging'),
      ...change(app, `${agent}.task`),
    ];
  }),
  publish('intent-agent', 'mcp.events', 'stage.completed.moderation'),
  publish('websearch-agent', 'mcp.events', 'stage.failed.intent_analysis'),
  publish('websearch-agent', 'mcp.events', 'stage.returned.intent_analysis'),
  consume('coordinator', 'intent.task'),
  consume('coordinator', 'mcp.heartbeats'),
  publish('coordinator', 'mcp.events', 'stage.completed.moderation'),
  publish('coordinator', 'mcp.events', 'agent.heartbeat.intent'),
  ...change('coordinator', 'mcp.results'),
  consume('health-monitor', 'mcp.results'),
  consume('health-monitor', 'mcp.dead_letter'),
  consume('health-monitor', 'intent.task'),
  publish('health-monitor', 'mcp.tasks', 'intent.task'),
  publish('health-monitor', 'mcp.events', 'stage.completed.moderation'),
  ...change('health-monitor', 'mcp.heartbeats'),
  attempt('health-monitor', 'listens to all events', async (channel) => {
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'mcp.events', '#');
  }),
];
