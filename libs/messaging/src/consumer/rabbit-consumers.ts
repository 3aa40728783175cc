import type { Contract } from '@askflash/contracts';
import { ConsumerDuplicateError } from '../errors';
import { Consumers, type ConsumeOptions, type Consumer } from './consumers';
import { QueueConsumer, type QueueConsumerDependencies } from './queue-consumer';

/** Consumes queues, each on a channel of its own. */
export class RabbitConsumers extends Consumers {
  private readonly byQueue = new Map<string, Consumer>();

  constructor(private readonly dependencies: Omit<QueueConsumerDependencies, 'onStopped'>) {
    super();
  }

  get all(): readonly Consumer[] {
    return [...this.byQueue.values()];
  }

  async consume<C extends Contract>(options: ConsumeOptions<C>): Promise<Consumer> {
    const { queue } = options;
    if (this.byQueue.has(queue)) {
      throw new ConsumerDuplicateError(`Queue ${queue} is consumed already`, { fields: { queue } });
    }
    const onStopped = () => this.byQueue.delete(queue);
    const consumer = new QueueConsumer(options, { ...this.dependencies, onStopped });
    this.byQueue.set(queue, consumer);
    consumer.start();
    return consumer;
  }
}
