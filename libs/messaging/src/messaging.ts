import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { BrokerConnection } from './connection/broker-connection';
import type { Canaries } from './canary/canaries';
import { RabbitCanaries } from './canary/rabbit-canaries';
import type { Consumers } from './consumer/consumers';
import { RabbitConsumers } from './consumer/rabbit-consumers';
import type { DeadLetterQueue } from './dead-letters/dead-letter-queue';
import { RabbitDeadLetterQueue } from './dead-letters/rabbit-dead-letter-queue';
import type { MessagingOptions } from './messaging-options';
import type { Prober } from './prober/prober';
import { RabbitProber } from './prober/rabbit-prober';
import { ConfirmedSender } from './publisher/confirmed-sender';
import type { Publisher } from './publisher/publisher';
import { RabbitPublisher } from './publisher/rabbit-publisher';
import type { QueueCounts } from './queues/queue-counts';
import { RabbitQueueCounts } from './queues/rabbit-queue-counts';
import { RabbitStatus } from './status/rabbit-status';
import type { MessagingStatus } from './status/status';
import { MessagingMetrics } from './telemetry/messaging-metrics';

const DEFAULT_PUBLISH_TIMEOUT_MS = 10_000;
const DEFAULT_GRACE_MS = 10_000;

/** One app's use of the broker: a connection to publish, a connection to consume. */
export interface Messaging {
  readonly publisher: Publisher;
  readonly consumers: Consumers;
  readonly status: MessagingStatus;
  readonly prober: Prober;
  readonly canaries: Canaries;
  readonly deadLetters: DeadLetterQueue;
  readonly queueCounts: QueueCounts;
  /** Stops every consumer, `graceMs` (10 000) at most, and closes both connections. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Starts an app's messaging and returns at once: where the broker is down, it connects when the
 * broker comes, and `status` tells.
 */
export async function connectMessaging(options: MessagingOptions): Promise<Messaging> {
  const { url, appName } = options;
  const logger = options.logger ?? new Logger('Messaging');
  const publishing = new BrokerConnection({ url, name: `${appName}:publish`, logger });
  const consuming = new BrokerConnection({ url, name: `${appName}:consume`, logger });
  const timeoutMs = options.publishTimeoutMs ?? DEFAULT_PUBLISH_TIMEOUT_MS;
  const sender = new ConfirmedSender(publishing, timeoutMs);
  const metrics = new MessagingMetrics(options.registry ?? new Registry());
  const publisher = new RabbitPublisher({ connection: publishing, sender, metrics }, appName);
  const consumers = new RabbitConsumers({ connection: consuming, sender, metrics, logger });
  metrics.observe({
    outstanding: () => publisher.outstanding,
    blocked: () => publisher.blocked,
    connected: () => ({ publish: publishing.connected, consume: consuming.connected }),
    inFlight: () => consumers.all,
  });

  const canaries = new RabbitCanaries(publishing);

  const shutDown = async (graceMs: number): Promise<void> => {
    await Promise.all(consumers.all.map((consumer) => consumer.stop(graceMs)));
    await Promise.all([sender.close(graceMs), canaries.close()]);
    await Promise.all([publishing.close(), consuming.close()]);
  };
  let closing: Promise<void> | undefined;
  return {
    publisher,
    consumers,
    status: new RabbitStatus(publisher, consumers),
    prober: new RabbitProber(publishing),
    canaries,
    queueCounts: new RabbitQueueCounts(consuming),
    deadLetters: new RabbitDeadLetterQueue(consuming, sender),
    close: ({ graceMs = DEFAULT_GRACE_MS } = {}) => (closing ??= shutDown(graceMs)),
  };
}
