import { BackboneError, parsePayload, type Contract, type PayloadOf } from '@askflash/contracts';
import { bodyLimitProblem } from '../body-limits';
import { toMessage, withTraceparent } from '../cloud-events';
import type { BrokerConnection } from '../connection/broker-connection';
import { MessageTooLargeError, PublishInvalidError } from '../errors';
import { MessageSpan } from '../telemetry/message-span';
import type { MessagingMetrics } from '../telemetry/messaging-metrics';
import type { ConfirmedSender, OutgoingMessage } from './confirmed-sender';
import { Publisher, type PublishItem, type PublishOptions, type PublishOutcome } from './publisher';

/** AMQP's short strings: routing key, message id. */
const MAX_SHORT_STRING_BYTES = 255;

/** What it publishes with. */
export interface RabbitPublisherParts {
  readonly connection: BrokerConnection;
  readonly sender: ConfirmedSender;
  readonly metrics: MessagingMetrics;
}

/** Publishes over a confirm channel. */
export class RabbitPublisher extends Publisher {
  constructor(
    private readonly parts: RabbitPublisherParts,
    private readonly source: string,
  ) {
    super();
  }

  get connected(): boolean {
    return this.parts.sender.connected;
  }

  get blocked(): boolean {
    return this.parts.connection.blocked;
  }

  get outstanding(): number {
    return this.parts.sender.outstanding;
  }

  async publish<C extends Contract>(
    contract: C,
    payload: PayloadOf<C>,
    options: PublishOptions = {},
  ): Promise<void> {
    const { metrics } = this.parts;
    try {
      const checked = parsePayload(contract, payload);
      const content = Buffer.from(JSON.stringify(checked));
      const message = toMessage(contract, checked, content, { source: this.source, options });
      checkLimits(message);
      await this.send(message, MessageSpan.send(message, checked));
    } catch (error) {
      metrics.countPublished(error);
      throw error;
    }
    metrics.countPublished();
  }

  async publishAll(items: readonly PublishItem[]): Promise<PublishOutcome[]> {
    return Promise.all(
      items.map(({ contract, payload, options }) =>
        outcomeOf(this.publish(contract, payload, options)),
      ),
    );
  }

  private async send(message: OutgoingMessage, span: MessageSpan | undefined): Promise<void> {
    const { sender } = this.parts;
    if (!span) return sender.send(message);
    try {
      await sender.send(withTraceparent(message, span.traceparent));
    } catch (error) {
      span.fail(error);
      throw error;
    }
    span.end();
  }
}

/** What the broker would close the channel for, harming every message under way on it. */
function checkLimits({ content, routingKey, messageId, properties }: OutgoingMessage): void {
  const problem = bodyLimitProblem(content);
  if (problem) throw new MessageTooLargeError(`The message is too large: ${problem}`);
  if ([routingKey, messageId].some((text) => Buffer.byteLength(text) > MAX_SHORT_STRING_BYTES)) {
    throw new PublishInvalidError(
      `The routing key or the message id is over ${MAX_SHORT_STRING_BYTES} bytes`,
    );
  }
  const { expiration = '0', priority = 0 } = properties;
  if (!/^\d{1,10}$/.test(String(expiration))) {
    throw new PublishInvalidError('The expiration is not a whole number of milliseconds');
  }
  if (!Number.isInteger(priority) || priority < 0 || priority > 255) {
    throw new PublishInvalidError('The priority is not a whole number from 0 to 255');
  }
}

async function outcomeOf(publish: Promise<void>): Promise<PublishOutcome> {
  try {
    await publish;
    return { confirmed: true };
  } catch (error) {
    if (error instanceof BackboneError) return { confirmed: false, error };
    throw error;
  }
}
