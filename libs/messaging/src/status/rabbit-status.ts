import type { Consumers } from '../consumer/consumers';
import type { Publisher } from '../publisher/publisher';
import { MessagingStatus, type MessagingSnapshot } from './status';

/** Reads the state off the publisher and the consumers. */
export class RabbitStatus extends MessagingStatus {
  constructor(
    private readonly publisher: Publisher,
    private readonly consumers: Consumers,
  ) {
    super();
  }

  snapshot(): MessagingSnapshot {
    const { connected, blocked, outstanding } = this.publisher;
    const consumers = this.consumers.all.map(({ queue, state, inFlight }) => ({
      queue,
      state,
      inFlight,
    }));
    const reasons = [
      ...(connected ? [] : ['No connection to RabbitMQ to publish on']),
      ...(blocked ? ['RabbitMQ takes no messages, being short of memory or disk'] : []),
      ...consumers
        .filter(({ state }) => state !== 'consuming')
        .map(({ queue, state }) => `Queue ${queue} is not consumed: ${state}`),
    ];
    return {
      publisher: { connected, blocked, outstanding },
      consumers,
      ready: reasons.length === 0,
      reasons,
    };
  }
}
