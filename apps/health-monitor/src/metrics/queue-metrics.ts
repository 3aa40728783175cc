import type { LiveQueue } from '@askflash/messaging';
import { describeError } from '@askflash/service-kit';
import { Injectable, Logger } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { BrokerView } from '../broker-view';

/** How long one answer of the management API serves; its figures are no younger than this. */
const ANSWER_SERVES_MS = 2_000;

/**
 * Depth and consumers of the backbone's queues, asked for at each scrape. Where the management API
 * does not answer the gauges are left out, rather than told as they last were.
 */
@Injectable()
export class QueueMetrics {
  private readonly logger = new Logger(QueueMetrics.name);
  private answer:
    { readonly queues: Promise<readonly LiveQueue[]>; readonly at: number } | undefined;

  constructor(
    private readonly broker: BrokerView,
    private readonly registry: Registry,
  ) {
    this.gauge(
      'mcp_queue_messages_ready',
      'Messages that wait for a consumer',
      (queue) => queue.messages_ready,
    );
    this.gauge(
      'mcp_queue_messages_unacknowledged',
      'Messages that a consumer has',
      (queue) => queue.messages_unacknowledged,
    );
    this.gauge('mcp_queue_consumers', 'Consumers of the queue', (queue) => queue.consumers);
  }

  private gauge(name: string, help: string, valueOf: (queue: LiveQueue) => number): void {
    const queues = () => this.queues();
    new Gauge({
      name,
      help,
      labelNames: ['queue'],
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const queue of await queues()) this.set({ queue: queue.name }, valueOf(queue));
      },
    });
  }

  private queues(): Promise<readonly LiveQueue[]> {
    if (!this.answer || performance.now() - this.answer.at > ANSWER_SERVES_MS) {
      this.answer = { queues: this.ask(), at: performance.now() };
    }
    return this.answer.queues;
  }

  private async ask(): Promise<readonly LiveQueue[]> {
    try {
      return await this.broker.queues();
    } catch (error) {
      this.logger.debug(`No figures of queues: ${describeError(error).message}`);
      return [];
    }
  }
}
