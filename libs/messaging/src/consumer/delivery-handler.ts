import type { Contract } from '@askflash/contracts';
import type { ConsumeMessage } from 'amqplib';
import type { MessagingLogger } from '../messaging-options';
import { MessageSpan } from '../telemetry/message-span';
import type { MessagingMetrics } from '../telemetry/messaging-metrics';
import type { ConsumeOptions } from './consumers';
import { deadLetter, retryLater, type Decision } from './decision';
import { describe } from './describe';
import { deliveryCountOf, readMessage } from './read-message';
import type { ReceivedMessage } from './received-message';

const FIRST_THROW_BACKOFF_MS = 100;
const LAST_THROW_BACKOFF_MS = 5_000;

export interface DeliveryHandlerDependencies {
  readonly metrics: MessagingMetrics;
  readonly logger: MessagingLogger;
}

/** Decides what becomes of deliveries: reads each, has it handled, counts it and traces it. */
export class DeliveryHandler<C extends Contract> {
  private readonly contracts: ReadonlyMap<string, C>;

  constructor(
    private readonly options: ConsumeOptions<C>,
    private readonly dependencies: DeliveryHandlerDependencies,
  ) {
    this.contracts = new Map(options.contracts.map((contract) => [contract.type, contract]));
  }

  /** Never rejects for what the message is, or for what its handler throws. */
  async decide(delivery: ConsumeMessage, signal: AbortSignal): Promise<Decision> {
    const { queue } = this.options;
    const { metrics } = this.dependencies;
    if (delivery.fields.redelivered) metrics.countRedelivered(queue);
    const decision = await this.readAndHandle(delivery, signal);
    metrics.countConsumed(queue, decision);
    return decision;
  }

  private async readAndHandle(delivery: ConsumeMessage, signal: AbortSignal): Promise<Decision> {
    const { queue } = this.options;
    const reading = readMessage(delivery, this.contracts, signal);
    if ('problem' in reading) return deadLetter(reading.problem);
    const { message } = reading;
    try {
      const span = MessageSpan.process(queue, delivery, message);
      return await (span ? this.handleInside(span, message) : this.options.handle(message));
    } catch (error) {
      this.dependencies.logger.warn(
        `Queue ${queue}: the handler of message ${message.messageId} threw ${describe(error)}`,
      );
      return retryLater(throwBackoff(deliveryCountOf(delivery)));
    }
  }

  private async handleInside(span: MessageSpan, message: ReceivedMessage<C>): Promise<Decision> {
    try {
      const { traceparent } = span;
      const decision = await span.run(() => this.options.handle({ ...message, traceparent }));
      span.end(decision);
      return decision;
    } catch (error) {
      span.fail(error);
      throw error;
    }
  }
}

function throwBackoff(deliveryCount: number): number {
  return Math.min(FIRST_THROW_BACKOFF_MS * 2 ** deliveryCount, LAST_THROW_BACKOFF_MS);
}
