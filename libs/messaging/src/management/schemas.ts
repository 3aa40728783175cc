import { z } from 'zod';

/** What the management API says of things, as far as it is used here. */

const args = z.record(z.string(), z.unknown());

export const overview = z.object({ rabbitmq_version: z.string(), cluster_name: z.string() });

export const liveExchange = z.object({
  name: z.string(),
  type: z.string(),
  durable: z.boolean(),
  auto_delete: z.boolean(),
  internal: z.boolean(),
  arguments: args,
});
export type LiveExchange = z.output<typeof liveExchange>;

const rate = z.object({ rate: z.number() }).optional();

export const liveQueue = z.object({
  name: z.string(),
  type: z.string().default('classic'),
  durable: z.boolean(),
  auto_delete: z.boolean(),
  exclusive: z.boolean(),
  arguments: args,
  /** The policy that is in force, whoever set it. */
  policy: z.string().nullish(),
  /** Depth and consumers are up to some seconds old; missing right after the queue was declared. */
  messages: z.number().default(0),
  messages_ready: z.number().default(0),
  messages_unacknowledged: z.number().default(0),
  consumers: z.number().default(0),
  /** Messages since the queue was declared, and a second; missing while nothing has moved. */
  message_stats: z
    .object({
      publish: z.number().default(0),
      ack: z.number().default(0),
      publish_details: rate,
      deliver_get_details: rate,
      ack_details: rate,
    })
    .optional(),
});
export type LiveQueue = z.output<typeof liveQueue>;

export const liveConsumer = z.object({
  consumer_tag: z.string(),
  queue: z.object({ name: z.string() }),
  prefetch_count: z.number().default(0),
});
export type LiveConsumer = z.output<typeof liveConsumer>;

export const liveNode = z.object({
  name: z.string(),
  running: z.boolean(),
  /** Whether the node takes no messages, being short of memory, or of disk. */
  mem_alarm: z.boolean().default(false),
  disk_free_alarm: z.boolean().default(false),
});
export type LiveNode = z.output<typeof liveNode>;

export const liveBinding = z.object({
  /** An exchange; empty for the default exchange. */
  source: z.string(),
  destination: z.string(),
  destination_type: z.enum(['queue', 'exchange']),
  routing_key: z.string(),
  arguments: args,
});
export type LiveBinding = z.output<typeof liveBinding>;

export const livePolicy = z.object({
  name: z.string(),
  pattern: z.string(),
  'apply-to': z.string(),
  priority: z.number(),
  definition: args,
});
export type LivePolicy = z.output<typeof livePolicy>;

export const liveVhost = z.object({ name: z.string() });

export const globalParameter = z.object({ name: z.string(), value: z.unknown() });
